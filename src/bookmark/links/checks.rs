//! The table of what was found when the pages of bookmarks were asked for.

#![expect(clippy::missing_errors_doc, reason = "all of these fail as the database does")]

use std::collections::HashMap;

use chrono::TimeDelta;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use super::state::FoundLink;
use crate::bookmark::address::LONGEST_ADDRESS;
use crate::bookmark::errands::CHECK;
use crate::bookmark::models::{LinkCheck, TaggedBookmark};
use crate::bookmark::schema::{bookmark_bookmark, bookmark_check};
use crate::clock;
use crate::db::{self, Backend, Connection};
use crate::outbound::queue::cut;
use crate::outbound::schema::outbound_task;

pub fn of_bookmark(conn: &mut Connection, bookmark: i64) -> QueryResult<Option<LinkCheck>> {
    let check = bookmark_check::table.filter(bookmark_check::bookmark_id.eq(bookmark));
    check.select(LinkCheck::as_select()).first(conn).optional()
}

/// The bookmarks with what was found of their links.
pub fn with_checks(conn: &mut Connection, mut rows: Vec<TaggedBookmark>) -> QueryResult<Vec<TaggedBookmark>> {
    let ids: Vec<i64> = rows.iter().map(|row| row.bookmark.id).collect();
    let checks = bookmark_check::table.filter(bookmark_check::bookmark_id.eq_any(ids));
    let checks: Vec<LinkCheck> = checks.select(LinkCheck::as_select()).load(conn)?;
    let mut checks: HashMap<i64, LinkCheck> = checks.into_iter().map(|check| (check.bookmark_id, check)).collect();
    for row in &mut rows {
        row.check = checks.remove(&row.bookmark.id);
    }
    Ok(rows)
}

/// Notes what was found at `url`. False if the bookmark has another address now, or is gone. To be called in a
/// transaction.
pub fn note(conn: &mut Connection, bookmark: i64, url: &str, found: &FoundLink) -> QueryResult<bool> {
    let same = bookmark_bookmark::table.find(bookmark).filter(bookmark_bookmark::url.eq(url));
    if same.count().get_result::<i64>(conn)? == 0 {
        return Ok(false);
    }
    let now = clock::now();
    let was = of_bookmark(conn, bookmark)?;
    let failing_since = was.as_ref().and_then(|was| was.first_failed_at).unwrap_or(now);
    let check = LinkCheck {
        bookmark_id: bookmark,
        checked_at: now,
        state: found.state.name().to_owned(),
        status: found.status.map(i32::from),
        new_address: found.new_address.clone().unwrap_or_default(),
        first_failed_at: found.state.is_dead().then_some(failing_since),
        reason: cut(&found.reason),
    };
    if was.is_some() {
        let old = bookmark_check::table.filter(bookmark_check::bookmark_id.eq(bookmark));
        diesel::update(old).set(check).execute(conn)?;
    } else {
        diesel::insert_into(bookmark_check::table).values(check).execute(conn)?;
    }
    Ok(true)
}

/// Forgets what was found, because the bookmark has another address now.
pub fn forget(conn: &mut Connection, bookmark: i64) -> QueryResult<()> {
    let old = bookmark_check::table.filter(bookmark_check::bookmark_id.eq(bookmark));
    diesel::delete(old).execute(conn).map(|_| ())
}

/// The address that the page of a bookmark has moved to, if the bookmark can have it.
pub fn new_address(conn: &mut Connection, bookmark: i64) -> QueryResult<Option<String>> {
    let Some(check) = of_bookmark(conn, bookmark)? else { return Ok(None) };
    let new = check.new_address;
    if new.is_empty() || new.chars().count() > LONGEST_ADDRESS {
        return Ok(None);
    }
    let others = bookmark_bookmark::table.filter(bookmark_bookmark::url.eq(&new)).count();
    Ok((others.get_result::<i64>(conn)? == 0).then_some(new))
}

type Due = bookmark_bookmark::BoxedQuery<'static, Backend, (BigInt, Text)>;

/// Bookmarks of web addresses that were not checked for so many days, with their addresses.
pub fn due(conn: &mut Connection, days: u32) -> QueryResult<Vec<(i64, String)>> {
    older_than(days).order(bookmark_bookmark::id).load(conn)
}

/// The same, without those whose check is in the queue.
pub fn unqueued(conn: &mut Connection, days: u32, limit: i64) -> QueryResult<Vec<(i64, String)>> {
    let queued = outbound_task::table
        .filter(outbound_task::kind.eq(CHECK.kind))
        .filter(outbound_task::model.eq(CHECK.model))
        .filter(outbound_task::app_label.eq(CHECK.app))
        .select(outbound_task::object_id);
    older_than(days).filter(bookmark_bookmark::id.ne_all(queued)).order(bookmark_bookmark::id).limit(limit).load(conn)
}

fn older_than(days: u32) -> Due {
    let since = clock::storable(clock::now() - TimeDelta::days(days.into()));
    let checked = bookmark_check::table.filter(bookmark_check::checked_at.gt(since));
    let web = db::contains(bookmark_bookmark::url, "://");
    bookmark_bookmark::table
        .filter(web)
        .filter(bookmark_bookmark::id.ne_all(checked.select(bookmark_check::bookmark_id)))
        .select((bookmark_bookmark::id, bookmark_bookmark::url))
        .into_boxed()
}
