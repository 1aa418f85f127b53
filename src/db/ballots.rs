//! Many ballots at once, each database in its own way.

use chrono::NaiveDateTime;
use diesel::prelude::*;

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

/// Inserts all of them or, if one cannot be, fails; at most a thousand.
///
/// # Errors
/// If one of them names what is not there, or a voter that is, or the database does not answer.
pub fn insert_ballots(conn: &mut Connection, ballots: &[NewBallot]) -> QueryResult<()> {
    match conn {
        // A prepared statement costs a few microseconds, and there is nothing to travel.
        Connection::Sqlite(conn) => ballots
            .iter()
            .try_for_each(|ballot| diesel::insert_into(polls_ballot::table).values(ballot).execute(conn).map(|_| ())),
        #[cfg(feature = "postgres")]
        Connection::Postgres(conn) => postgres(conn, ballots),
        #[cfg(feature = "mysql")]
        Connection::Mysql(_) if ballots.is_empty() => Ok(()),
        #[cfg(feature = "mysql")]
        Connection::Mysql(conn) => diesel::insert_into(polls_ballot::table).values(ballots).execute(conn).map(|_| ()),
    }
}

/// As arrays: the statement is as short for a thousand rows as for one.
#[cfg(feature = "postgres")]
fn postgres(conn: &mut PgConnection, ballots: &[NewBallot]) -> QueryResult<()> {
    use diesel::sql_types::{Array, BigInt, Text, Timestamp};

    diesel::sql_query(
        "INSERT INTO polls_ballot (question_id, choice_id, voter, cast_at) SELECT * FROM unnest($1, $2, $3, $4)",
    )
    .bind::<Array<BigInt>, _>(ballots.iter().map(|ballot| ballot.question_id).collect::<Vec<_>>())
    .bind::<Array<BigInt>, _>(ballots.iter().map(|ballot| ballot.choice_id).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(ballots.iter().map(|ballot| ballot.voter).collect::<Vec<_>>())
    .bind::<Array<Timestamp>, _>(ballots.iter().map(|ballot| ballot.cast_at).collect::<Vec<_>>())
    .execute(conn)
    .map(|_| ())
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
