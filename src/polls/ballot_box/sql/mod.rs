//! The statements that write ballots and totals, separate for each database. Each additional statement is another round
//! trip, or another text to parse, while the voters of the next batch wait.
//!
//! **Rules for all databases.** The total before the first ballot becomes the choice's opening balance, so that
//! `votes = opening_votes + ballots`. All writers take locks in the same order, ballots by voter and totals by choice,
//! so that they wait for each other but never deadlock. (A deletion locks choices first. If it deadlocks with a writer,
//! the database ends one of the two transactions, and the writer writes its batch again.) Totals come last where the
//! database permits it, because all processes wait for these rows. On PostgreSQL the commit releases them before it is
//! on disk, so that the next process need not wait for the disk; therefore no voter is answered before
//! [`wait_for_disk`].

#[cfg(feature = "mysql")]
mod mysql;
#[cfg(feature = "postgres")]
mod postgres;
mod secret;
mod sqlite;

use chrono::NaiveDateTime;
use diesel::Connection as _;
use diesel::prelude::*;
use diesel::result::Error;

use super::judge::{Additions, Judgement, Replaced};
use crate::db::{self, Connection};
use crate::polls::schema::{polls_ballot, polls_choice, polls_participation};

/// A row to be inserted into `polls_ballot`: a mark of a ballot.
#[derive(Debug, Clone, Copy, Insertable)]
#[diesel(table_name = polls_ballot)]
pub(super) struct NewMark<'a> {
    /// The ballot's position in its batch.
    #[diesel(skip_insertion)]
    pub position: usize,
    pub question_id: i64,
    pub choice_id: i64,
    pub voter: &'a str,
    pub cast_at: NaiveDateTime,
    pub mark: i16,
    pub value: i16,
}

/// A row to be inserted into `polls_participation`: a voter who has voted in a secret poll.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Insertable)]
#[diesel(table_name = polls_participation)]
pub(super) struct NewParticipation<'a> {
    pub question_id: i64,
    pub voter: &'a str,
}

/// Configures a connection that writes ballots only.
pub(super) fn prepare(conn: &mut Connection) -> QueryResult<()> {
    match conn {
        Connection::Sqlite(conn) => sqlite::prepare(conn),
        #[cfg(feature = "postgres")]
        Connection::Postgres(conn) => postgres::prepare(conn),
        #[cfg(feature = "mysql")]
        Connection::Mysql(_) => Ok(()),
    }
}

/// Runs `change`, which reads and then, as its last step, calls [`write()`], in one transaction. On PostgreSQL no
/// transaction is begun, because the last step is a single statement and so a transaction by itself: `BEGIN` and
/// `COMMIT` would be two more round trips during which totals are locked.
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

/// Deletes the ballots that are replaced, inserts the marks of those that are accepted and the voters of secret ones, and
/// changes the totals. Afterwards `marks` is in the order in which the marks were inserted.
///
/// # Errors
/// `NotFound` if a choice does not exist or belongs to another question by now, or if a ballot that is replaced is not
/// there as it was read. The database's error if a mark names a question or choice that does not exist, or a voter who
/// has a ballot already, or if the database does not answer. In all cases nothing is changed once [`transaction`] has
/// ended.
pub(super) fn write(conn: &mut Connection, marks: &mut [NewMark], judgement: &Judgement) -> QueryResult<()> {
    let Judgement { additions, replaced, .. } = judgement;
    let voters = secret::participations(judgement);
    match conn {
        _ if replaced.is_empty() && voters.is_empty() => add(conn, marks, additions),
        #[cfg(feature = "postgres")]
        Connection::Postgres(_) => conn.transaction(|conn| {
            secret::participate(conn, &voters)?;
            secret::shuffle(conn, marks, &voters)?;
            if !replaced.is_empty() {
                let choices: Vec<i64> = additions.keys().map(|(choice, _)| *choice).collect();
                lock_choices(conn, &choices)?;
                delete(conn, replaced)?;
            }
            add(conn, marks, additions)
        }),
        _ => {
            secret::participate(conn, &voters)?;
            secret::shuffle(conn, marks, &voters)?;
            delete(conn, replaced)?;
            add(conn, marks, additions)
        }
    }
}

/// Deletes ballots of which each has as many marks as were read. Another writer may have replaced one meanwhile.
fn delete(conn: &mut Connection, replaced: &[Replaced]) -> QueryResult<()> {
    for Replaced { question, voter, marks } in replaced {
        let of_voter = polls_ballot::question_id.eq(question).and(polls_ballot::voter.eq(voter.id()));
        if diesel::delete(polls_ballot::table.filter(of_voter)).execute(conn)? != *marks {
            return Err(Error::NotFound);
        }
    }
    Ok(())
}

fn add(conn: &mut Connection, marks: &mut [NewMark], additions: &Additions) -> QueryResult<()> {
    if marks.is_empty() && additions.is_empty() {
        return Ok(());
    }
    let updated = match conn {
        Connection::Sqlite(conn) => sqlite::add(conn, marks, additions)?,
        #[cfg(feature = "postgres")]
        Connection::Postgres(conn) => return postgres::add(conn, marks, additions),
        #[cfg(feature = "mysql")]
        Connection::Mysql(conn) => mysql::add(conn, marks, additions)?,
    };
    if updated == additions.len() { Ok(()) } else { Err(Error::NotFound) }
}

/// Waits until every earlier commit is on disk, those of other processes included. SQLite, MySQL and MariaDB answer a
/// commit only then, so on these it returns at once.
///
/// # Errors
/// If the database does not answer. The commits may or may not be on disk then.
pub(super) fn wait_for_disk(conn: &mut Connection) -> QueryResult<()> {
    match conn {
        #[cfg(feature = "postgres")]
        Connection::Postgres(conn) => postgres::wait_for_disk(conn),
        _ => Ok(()),
    }
}

/// Locks choices until the transaction ends, in ascending order of their ids. Writers of ballots lock in the same
/// order, so that the two cannot deadlock. On PostgreSQL it is the strong lock that a deletion takes: if a transaction
/// first took a weaker lock, for a change, and then that one, a ballot could be inserted in between.
///
/// # Errors
/// If the database does not answer, or if the locks are not free in time.
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
