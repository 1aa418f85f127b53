//! The statements that write ballots and totals, for each database its own. Every statement more is one more round
//! trip, or one more text to parse, while the voters of the next batch wait.
//!
//! **What every database's statements keep to.** A total that was there before the first ballot becomes the choice's
//! opening balance, so that `votes = opening_votes + ballots`. Everybody locks in one order, ballots by voter and totals
//! by choice, so that writers wait for each other but never in a circle. (A circle with a deletion, which locks choices
//! first, is broken by the database, and the batch is written again.) Totals come last where the database permits it:
//! they are the rows that all processes wait for. On PostgreSQL the commit releases them before it is on disk, so that
//! the next process need not wait for the disk; so nobody is told of it before [`wait_for_disk`].

#[cfg(feature = "mysql")]
mod mysql;
#[cfg(feature = "postgres")]
mod postgres;
mod sqlite;

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel::result::Error;

use super::judge::Additions;
use crate::db::{self, Connection};
use crate::polls::schema::{polls_ballot, polls_choice};

/// A row to be inserted into `polls_ballot`.
#[derive(Debug, Clone, Copy, Insertable)]
#[diesel(table_name = polls_ballot)]
pub(super) struct NewBallot<'a> {
    /// Which ballot of its batch it is.
    #[diesel(skip_insertion)]
    pub position: usize,
    pub question_id: i64,
    pub choice_id: i64,
    pub voter: &'a str,
    pub cast_at: NaiveDateTime,
}

/// Sets what a connection needs that writes ballots and nothing else.
pub(super) fn prepare(conn: &mut Connection) -> QueryResult<()> {
    match conn {
        Connection::Sqlite(conn) => sqlite::prepare(conn),
        #[cfg(feature = "postgres")]
        Connection::Postgres(conn) => postgres::prepare(conn),
        #[cfg(feature = "mysql")]
        Connection::Mysql(_) => Ok(()),
    }
}

/// Runs `change`, which reads and then, as its last step, calls [`add_ballots`], in one transaction. On PostgreSQL that
/// last step is a transaction by itself, so none is begun around it: `BEGIN` and `COMMIT` would be two more round trips
/// during which totals are locked.
pub(super) fn transaction<T>(
    conn: &mut Connection,
    change: impl FnOnce(&mut Connection) -> QueryResult<T>,
) -> QueryResult<T> {
    match conn {
        #[cfg(feature = "postgres")]
        Connection::Postgres(_) => change(conn),
        _ => db::write(conn, change),
    }
}

/// Inserts ballots, at most [`MAX_BATCH`](super::ballot::MAX_BATCH), and adds to the totals what they come to.
/// Afterwards the ballots are in the order in which they were inserted.
///
/// # Errors
/// `NotFound` if a choice is not there or belongs to another question by now; what the database says if a ballot names
/// a question or choice that is not there, or a voter that is there already, or if it does not answer. Nothing is added
/// then, once [`transaction`] has ended.
pub(super) fn add_ballots(conn: &mut Connection, ballots: &mut [NewBallot], additions: &Additions) -> QueryResult<()> {
    if ballots.is_empty() && additions.is_empty() {
        return Ok(());
    }
    let updated = match conn {
        Connection::Sqlite(conn) => sqlite::add(conn, ballots, additions)?,
        #[cfg(feature = "postgres")]
        Connection::Postgres(conn) => return postgres::add(conn, ballots, additions),
        #[cfg(feature = "mysql")]
        Connection::Mysql(conn) => mysql::add(conn, ballots, additions)?,
    };
    if updated == additions.len() { Ok(()) } else { Err(Error::NotFound) }
}

/// Waits until everything that was committed before is on disk, also what other processes have committed. SQLite,
/// MySQL and MariaDB answer a commit only then, so there is nothing left to wait for.
///
/// # Errors
/// If the database does not answer; then it may be on disk or not.
pub(super) fn wait_for_disk(conn: &mut Connection) -> QueryResult<()> {
    match conn {
        #[cfg(feature = "postgres")]
        Connection::Postgres(conn) => postgres::wait_for_disk(conn),
        _ => Ok(()),
    }
}

/// Locks choices until the transaction ends, in the order of their keys, as ballots do: who locks in one order never
/// waits in a circle. On PostgreSQL the lock is the one that a deletion takes: who first takes a weaker lock, for a
/// change, and then that one may find a ballot in between.
///
/// # Errors
/// If the database does not answer, or not in time.
pub fn lock_choices(conn: &mut Connection, choices: &[i64]) -> QueryResult<()> {
    let rows = polls_choice::table.filter(polls_choice::id.eq_any(choices));
    match conn {
        #[cfg(feature = "postgres")]
        Connection::Postgres(conn) => {
            rows.select(polls_choice::id).order(polls_choice::id).for_update().load::<i64>(conn).map(|_| ())
        }
        _ => diesel::update(rows).set(polls_choice::votes.eq(polls_choice::votes)).execute(conn).map(|_| ()),
    }
}
