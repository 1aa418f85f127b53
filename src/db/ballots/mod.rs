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
use super::schema::polls_ballot;

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

/// Inserts all of them or, if one cannot be, fails; at most a thousand.
///
/// # Errors
/// If one of them names what is not there, or a voter that is, or the database does not answer.
pub fn insert_ballots(conn: &mut Connection, ballots: &[NewBallot]) -> QueryResult<()> {
    if ballots.is_empty() {
        return Ok(());
    }
    match conn {
        Connection::Sqlite(conn) => sqlite::insert(conn, ballots),
        #[cfg(feature = "postgres")]
        Connection::Postgres(conn) => postgres::insert(conn, ballots),
        #[cfg(feature = "mysql")]
        Connection::Mysql(conn) => mysql::insert(conn, ballots),
    }
}

/// Adds votes to the totals of choices. A total that was there before the first ballot becomes the choice's
/// opening balance. Where a database can do that, the commit lets go of the totals before it is on disk, so that the
/// next process need not wait for the disk to add to them: nobody is to be told of it before [`wait_for_disk`].
///
/// # Errors
/// `NotFound` if one of the choices is not there or has come to belong to another question, or the database does
/// not answer.
pub fn add_to_totals(conn: &mut Connection, additions: &Additions) -> QueryResult<()> {
    if additions.is_empty() {
        return Ok(());
    }
    let updated = match conn {
        Connection::Sqlite(conn) => sqlite::add(conn, additions),
        #[cfg(feature = "postgres")]
        Connection::Postgres(conn) => postgres::add(conn, additions),
        #[cfg(feature = "mysql")]
        Connection::Mysql(conn) => mysql::add(conn, additions),
    }?;
    if updated == additions.len() { Ok(()) } else { Err(Error::NotFound) }
}

/// Whether a ballot that is inserted locks its choice against those who add to its total: InnoDB's check of
/// a foreign key does. Two that insert and then add would wait for each other.
pub fn ballots_lock_totals(conn: &Connection) -> bool {
    match conn {
        #[cfg(feature = "mysql")]
        Connection::Mysql(_) => true,
        _ => false,
    }
}
