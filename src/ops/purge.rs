//! Deletes what is of no use any longer: what has expired, and old entries of the admin's history.

use std::time::Duration;

use chrono::NaiveDateTime;
use diesel::QueryResult;

use crate::admin::changes::log;
use crate::admin::registry::feature::ExpiredRows;
use crate::db::{self, Connection};
use crate::web::context::session;
use crate::web::pages::submission;

/// The pause between two deletions, in which votes can be written.
const PAUSE: Duration = Duration::from_millis(30);

/// What the site itself deletes, besides its features.
const OF_THE_SITE: [ExpiredRows; 2] = [
    ExpiredRows { what: "expired sessions", delete_some: session::clear_some_expired },
    ExpiredRows { what: "keys of forms that were sent", delete_some: submission::forget_old },
];

/// Deletes everything that has expired, and the entries of the history from before `history_before`, in parts. `tell`
/// gets what was deleted and how many rows.
///
/// # Errors
/// If the database does not answer; what was told before stays deleted.
pub fn purge(
    conn: &mut Connection,
    of_features: &[ExpiredRows],
    now: NaiveDateTime,
    history_before: Option<NaiveDateTime>,
    mut tell: impl FnMut(&str, usize),
) -> QueryResult<()> {
    for ExpiredRows { what, delete_some } in OF_THE_SITE.iter().chain(of_features) {
        tell(what, all(conn, |conn| delete_some(conn, now))?);
    }
    if let Some(before) = history_before {
        tell("entries of the history", all(conn, |conn| log::forget_some(conn, before))?);
    }
    Ok(())
}

/// Deletes parts until none is left.
fn all(conn: &mut Connection, delete_some: impl Fn(&mut Connection) -> QueryResult<usize>) -> QueryResult<usize> {
    let mut deleted = 0;
    loop {
        match db::write(conn, &delete_some)? {
            0 => return Ok(deleted),
            some => deleted += some,
        }
        std::thread::sleep(PAUSE);
    }
}
