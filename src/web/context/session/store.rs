//! Reads and writes the table of sessions.

use std::time::Duration;

use chrono::NaiveDateTime;
use diesel::prelude::*;
use serde_json::{Map, Value};

use super::{Session, StoredSession, Write, digest};
use crate::db::{self, Connection};
use crate::web::schema::django_session as table;

/// A row of a session that has not expired.
#[derive(Queryable, Selectable)]
#[diesel(table_name = table)]
pub(in crate::web) struct SessionRow {
    session_key: String,
    session_data: String,
    expire_date: NaiveDateTime,
    user_id: Option<i32>,
    created_at: Option<NaiveDateTime>,
}

impl SessionRow {
    pub fn fill(self, session: &Session) {
        let Some(created_at) = self.created_at else {
            return;
        };
        let data = serde_json::from_str(&self.session_data).unwrap_or_default();
        let stored = StoredSession { digest: self.session_key, created_at, expire_date: self.expire_date };
        session.fill(stored, self.user_id, data);
    }
}

pub(in crate::web) fn find(conn: &mut Connection, digest: &str, now: NaiveDateTime) -> QueryResult<Option<SessionRow>> {
    let row = table::table
        .filter(table::session_key.eq(digest))
        .filter(table::expire_date.gt(now))
        .select(SessionRow::as_select())
        .get_result(conn)
        .optional();
    Ok(db::unless_unreadable("django_session", digest, row)?.flatten())
}

/// Writes a change. Returns whether the session exists afterwards: one that was meanwhile deleted is not created again.
pub(in crate::web) fn write(conn: &mut Connection, change: &Write) -> QueryResult<bool> {
    match change {
        Write::Create { key, replaces, user_id, data, created_at, expire_date } => {
            if let Some(replaced) = replaces {
                diesel::delete(table::table.find(replaced)).execute(conn)?;
            }
            diesel::insert_into(table::table)
                .values((
                    table::session_key.eq(digest(key)),
                    table::session_data.eq(text(data)),
                    table::expire_date.eq(expire_date),
                    table::user_id.eq(user_id),
                    table::created_at.eq(created_at),
                ))
                .execute(conn)
                .map(|_| true)
        }
        Write::Update { digest, user_id, read, data, expire_date } => {
            let row = diesel::update(table::table.find(digest));
            row.set((table::user_id.eq(user_id), table::expire_date.eq(expire_date))).execute(conn)?;
            update(conn, digest, |stored| merge(stored, read, data)).map(|stored| stored.is_some())
        }
        Write::Extend { digest, expire_date } => diesel::update(table::table.find(digest))
            .set(table::expire_date.eq(expire_date))
            .execute(conn)
            .map(|rows| rows > 0),
        Write::Delete(digest) => diesel::delete(table::table.find(digest)).execute(conn).map(|_| false),
    }
}

/// Changes the data of a session and returns it; None if the session does not exist. Call it in a transaction.
///
/// # Errors
/// If the database does not answer.
pub fn update(
    conn: &mut Connection,
    digest: &str,
    change: impl FnOnce(&mut Map<String, Value>),
) -> QueryResult<Option<Map<String, Value>>> {
    let row = table::table.find(digest);
    // Locks the row first, so that what is read is what another request has left.
    diesel::update(row).set(table::session_key.eq(table::session_key)).execute(conn)?;
    let Some(data) = row.select(table::session_data).first::<String>(conn).optional()? else {
        return Ok(None);
    };
    let mut data = serde_json::from_str(&data).unwrap_or_default();
    change(&mut data);
    diesel::update(row).set(table::session_data.eq(text(&data))).execute(conn)?;
    Ok(Some(data))
}

fn text(data: &Map<String, Value>) -> String {
    serde_json::to_string(data).unwrap_or_default()
}

/// Makes the changes of a request, from `read` to `data`, in what is `stored` now: another request of the same visitor
/// may have written meanwhile. Of lists, such as the messages, each item is a value of its own.
fn merge(stored: &mut Map<String, Value>, read: &Map<String, Value>, data: &Map<String, Value>) {
    for key in read.keys().chain(data.keys()).filter(|key| read.get(*key) != data.get(*key)) {
        let list = |map: &Map<String, Value>| map.get(key).and_then(Value::as_array).cloned().unwrap_or_default();
        let new = if data.get(key).or(read.get(key)).is_some_and(Value::is_array) {
            let (before, mut items, mut after) = (list(read), list(stored), list(data));
            items.retain(|item| after.contains(item) || !before.contains(item));
            after.retain(|item| !before.contains(item) && !items.contains(item));
            items.append(&mut after);
            (!items.is_empty()).then_some(Value::Array(items))
        } else {
            data.get(key).cloned()
        };
        match new {
            Some(value) => stored.insert(key.clone(), value),
            None => stored.remove(key),
        };
    }
}

/// Deletes every session of a user and returns their number. The current session survives if it is then renewed
/// ([`Session::renew`]).
///
/// # Errors
/// If the database does not answer.
pub fn end_all(conn: &mut Connection, user_id: i32) -> QueryResult<usize> {
    diesel::delete(table::table.filter(table::user_id.eq(user_id))).execute(conn)
}

/// A session as its user sees it.
pub struct SessionSummary {
    pub digest: String,
    pub created_at: NaiveDateTime,
    pub expire_date: NaiveDateTime,
    pub data: Map<String, Value>,
}

/// A user's sessions that have not expired.
///
/// # Errors
/// If the database does not answer.
pub fn list(conn: &mut Connection, user_id: i32, now: NaiveDateTime) -> QueryResult<Vec<SessionSummary>> {
    let own = table::table.filter(table::user_id.eq(user_id)).filter(table::expire_date.gt(now));
    let rows: Vec<SessionRow> = own.select(SessionRow::as_select()).load(conn)?;
    let summary = |row: SessionRow| {
        Some(SessionSummary {
            created_at: row.created_at?,
            data: serde_json::from_str(&row.session_data).unwrap_or_default(),
            digest: row.session_key,
            expire_date: row.expire_date,
        })
    };
    Ok(rows.into_iter().filter_map(summary).collect())
}

/// Deletes a session. Returns whether it was there.
///
/// # Errors
/// If the database does not answer.
pub fn end(conn: &mut Connection, digest: &str) -> QueryResult<bool> {
    diesel::delete(table::table.find(digest)).execute(conn).map(|rows| rows > 0)
}

/// The most expired sessions that one statement deletes.
const SOME: i64 = 250;

/// Deletes up to `SOME` expired sessions, so few that no request waits long for it, and returns their number.
///
/// # Errors
/// If the database does not answer.
pub fn clear_some_expired(conn: &mut Connection, now: NaiveDateTime) -> QueryResult<usize> {
    let ended = table::table.filter(table::expire_date.le(now)).order(table::expire_date);
    let keys: Vec<String> = ended.limit(SOME).select(table::session_key).load(conn)?;
    if keys.is_empty() {
        return Ok(0);
    }
    diesel::delete(table::table.filter(table::session_key.eq_any(keys))).execute(conn)
}

/// The pause between two deletions, in which votes can be written.
const PAUSE: Duration = Duration::from_millis(30);

/// Deletes all expired sessions, `SOME` at a time with pauses, so that votes can be written meanwhile. Returns their
/// number.
///
/// # Errors
/// If the database does not answer.
pub fn clear_expired(conn: &mut Connection, now: NaiveDateTime) -> QueryResult<usize> {
    let mut cleared = 0;
    loop {
        match clear_some_expired(conn, now)? {
            0 => return Ok(cleared),
            some => cleared += some,
        }
        std::thread::sleep(PAUSE);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_another_request_has_written_meanwhile_stays() {
        let map = |value: Value| value.as_object().cloned().unwrap();
        let merged = |stored: Value, read: Value, data: Value| {
            let mut stored = map(stored);
            merge(&mut stored, &map(read), &map(data));
            Value::Object(stored)
        };
        let (none, one, two) = (json!({}), json!({"a": [1]}), json!({"a": [1, 2]}));
        assert_eq!(merged(one.clone(), one.clone(), none.clone()), none);
        assert_eq!(merged(two.clone(), one.clone(), none.clone()), json!({"a": [2]}));
        assert_eq!(merged(none.clone(), one.clone(), none.clone()), none);
        assert_eq!(merged(one.clone(), none.clone(), json!({"a": [2]})), two);
        assert_eq!(merged(none.clone(), one, two), json!({"a": [2]}));
        assert_eq!(merged(json!({"b": 1}), none.clone(), json!({"c": 2})), json!({"b": 1, "c": 2}));
        assert_eq!(merged(json!({"b": 1}), json!({"b": 1}), json!({"b": 2})), json!({"b": 2}));
        assert_eq!(merged(json!({"b": 1}), json!({"b": 1}), none.clone()), none);
    }
}
