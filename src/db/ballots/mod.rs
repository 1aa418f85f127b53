//! Many ballots at once and what they add to the totals, each database in its own way: every statement more is
//! a way there and back, or a text to be parsed, while the voters of the next batch wait.

#[cfg(feature = "mysql")]
mod mysql;
#[cfg(feature = "postgres")]
mod postgres;
mod sqlite;

use std::collections::BTreeMap;

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel::result::Error;

use super::Connection;
use crate::polls::schema::polls_ballot;

/// A row of `polls_ballot`.
#[derive(Debug, Clone, Copy, Insertable)]
#[diesel(table_name = polls_ballot)]
pub struct NewBallot<'a> {
    pub question_id: i64,
    pub choice_id: i64,
    pub voter: &'a str,
    pub cast_at: NaiveDateTime,
}

/// Votes for choices, each with its question, in the order of their keys.
pub type Additions = BTreeMap<(i64, i64), i32>;

/// Prepares a connection that is kept for ballots.
///
/// # Errors
/// If the database does not answer.
pub fn expect_ballots(conn: &mut Connection) -> QueryResult<()> {
    match conn {
        Connection::Sqlite(conn) => sqlite::expect(conn),
        #[cfg(feature = "postgres")]
        Connection::Postgres(conn) => postgres::expect(conn),
        #[cfg(feature = "mysql")]
        Connection::Mysql(_) => Ok(()),
    }
}

/// Waits until everything that was committed before is on disk, also what others have committed.
///
/// # Errors
/// If the database does not answer; then it may be on disk or not.
pub fn wait_for_disk(conn: &mut Connection) -> QueryResult<()> {
    match conn {
        #[cfg(feature = "postgres")]
        Connection::Postgres(conn) => postgres::wait_for_disk(conn),
        _ => Ok(()),
    }
}

/// Runs what reads and then, as its last step, adds ballots: in one transaction, unless adding is one by itself.
///
/// # Errors
/// What `change` or the database says; then nothing is changed.
pub fn adding_ballots<T>(
    conn: &mut Connection,
    change: impl FnOnce(&mut Connection) -> QueryResult<T>,
) -> QueryResult<T> {
    match conn {
        #[cfg(feature = "postgres")]
        Connection::Postgres(_) => change(conn),
        _ => super::write(conn, change),
    }
}

/// Puts ballots in and adds to the totals what they, at most a thousand, come to. A total that was there before the
/// first ballot becomes the choice's opening balance.
///
/// All who do this lock in one order, ballots by voter and totals by choice, so that they wait for each other and
/// never in a circle; a circle with a deletion, which locks choices, is broken by the database. The totals come last
/// where that can be, as they are what the voters of one poll wait for in every process. Where a database can do
/// that, the commit lets go of the totals before it is on disk, so that the next process need not wait for the disk
/// to add to them: nobody is to be told of it before [`wait_for_disk`].
///
/// # Errors
/// `NotFound` if one of the choices is not there or has come to belong to another question; what the database says
/// if a ballot names what is not there, or a voter that is, or it does not answer. Then nothing is added once
/// [`adding_ballots`] has ended.
pub fn add_ballots(conn: &mut Connection, ballots: &mut [NewBallot], additions: &Additions) -> QueryResult<()> {
    ballots.sort_unstable_by_key(|ballot| (ballot.question_id, ballot.voter));
    let updated = match conn {
        _ if ballots.is_empty() && additions.is_empty() => return Ok(()),
        Connection::Sqlite(conn) => sqlite::add(conn, ballots, additions)?,
        #[cfg(feature = "postgres")]
        Connection::Postgres(conn) => return postgres::add(conn, ballots, additions),
        #[cfg(feature = "mysql")]
        Connection::Mysql(conn) => mysql::add(conn, ballots, additions)?,
    };
    if updated == additions.len() { Ok(()) } else { Err(Error::NotFound) }
}
