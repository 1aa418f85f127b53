//! Rows that cannot be read because another program has written them: a date without a time, a text that is not UTF-8,
//! MariaDB's `0000-00-00`, PostgreSQL's `infinity`. Lists leave them out, and the program's log names them.

use std::collections::HashMap;
use std::fmt::Display;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use diesel::QueryResult;
use diesel::result::Error;

use super::Connection;

/// For how long a row is not named in the log again, however often it is read.
const LOG_INTERVAL: Duration = Duration::from_secs(60);
/// How many named rows are remembered. When there are more, all are forgotten and may be named again.
const MAX_REMEMBERED: usize = 1000;

static NAMED: Mutex<Option<HashMap<String, Instant>>> = Mutex::new(None);

/// All rows of a list, read by `all`. If a row cannot be read, they are read one by one, by the `ids` in the list's
/// order; a row that cannot be read is None.
///
/// # Errors
/// If the database does not answer.
pub fn readable<T, I: Copy + Display>(
    conn: &mut Connection,
    table: &str,
    all: impl FnOnce(&mut Connection) -> QueryResult<Vec<T>>,
    ids: impl FnOnce(&mut Connection) -> QueryResult<Vec<I>>,
    one: impl Fn(&mut Connection, I) -> QueryResult<T>,
) -> QueryResult<Vec<Option<T>>> {
    match all(conn) {
        Err(Error::DeserializationError(_)) => {}
        rows => return Ok(rows?.into_iter().map(Some).collect()),
    }
    let mut rows = Vec::new();
    for id in ids(conn)? {
        match one(conn, id) {
            // Deleted since the ids were read.
            Err(Error::NotFound) => {}
            row => rows.push(unless_unreadable(table, id, row)?),
        }
    }
    Ok(rows)
}

/// None for a row that cannot be read; it is named in the log.
///
/// # Errors
/// Any other error of the query.
pub fn unless_unreadable<T>(table: &str, id: impl Display, row: QueryResult<T>) -> QueryResult<Option<T>> {
    match row {
        Err(Error::DeserializationError(error)) => {
            name(&format!("{table} {id}"), &chain(&*error));
            Ok(None)
        }
        row => row.map(Some),
    }
}

/// Adds the table and the id to the error of a row that cannot be read.
///
/// # Errors
/// The error of the query.
pub fn of_row<T>(table: &str, id: impl Display, row: QueryResult<T>) -> QueryResult<T> {
    row.map_err(|error| match error {
        Error::DeserializationError(error) => {
            Error::DeserializationError(format!("{table} {id} cannot be read: {}", chain(&*error)).into())
        }
        error => error,
    })
}

/// Names a row in the program's log.
fn name(row: &str, error: &str) {
    let mut named = NAMED.lock().unwrap_or_else(PoisonError::into_inner);
    let named = named.get_or_insert_default();
    if named.get(row).is_some_and(|last| last.elapsed() < LOG_INTERVAL) {
        return;
    }
    if named.len() >= MAX_REMEMBERED {
        named.clear();
    }
    named.insert(row.to_owned(), Instant::now());
    tracing::error!(target: "polls.db", row, error, "A row that another program has written cannot be read; lists leave it out.");
}

fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let causes = std::iter::successors(error.source(), |cause| cause.source());
    causes.fold(error.to_string(), |text, cause| {
        let cause = cause.to_string();
        if text.contains(&cause) { text } else { format!("{text}: {cause}") }
    })
}
