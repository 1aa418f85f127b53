//! SQLite is next door: a prepared statement costs a microsecond, a text to be parsed twenty.

use std::collections::BTreeMap;

use chrono::NaiveDateTime;
use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::result::Error;
use diesel::sql_types::{BigInt, Integer, Nullable, Text, Timestamp};
use diesel::sqlite::Sqlite;

use super::{Additions, NewBallot};
use crate::db::dialect::sqlite;
use crate::polls::schema::polls_choice;

diesel::define_sql_function! {
    /// The first of the two that is not NULL.
    fn coalesce(first: Nullable<Integer>, second: Integer) -> Integer;
}

/// What would undo a statement that fails stays in memory; for a thousand ballots it would become a file.
pub fn expect(conn: &mut SqliteConnection) -> QueryResult<()> {
    conn.batch_execute("PRAGMA temp_store = MEMORY")
}

/// How many of the choices were there.
pub fn add(conn: &mut SqliteConnection, ballots: &[NewBallot], additions: &Additions) -> QueryResult<usize> {
    sqlite::stamp(conn)?;
    insert(conn, ballots)?;
    let mut updated = 0;
    for ((choice, question), votes) in additions {
        updated += diesel::update(polls_choice::table.find(choice).filter(polls_choice::question_id.eq(question)))
            .set((
                polls_choice::opening_votes.eq(coalesce(polls_choice::opening_votes, polls_choice::votes).nullable()),
                polls_choice::votes.eq(polls_choice::votes + *votes),
            ))
            .execute(conn)?;
    }
    Ok(updated)
}

/// A statement for each choice, its voters as one JSON array: to bind ballot by ballot costs more than to insert.
fn insert(conn: &mut SqliteConnection, ballots: &[NewBallot]) -> QueryResult<()> {
    let mut alike: BTreeMap<_, Vec<&str>> = BTreeMap::new();
    for ballot in ballots {
        alike.entry((ballot.question_id, ballot.choice_id, ballot.cast_at)).or_default().push(ballot.voter);
    }
    for ((question, choice, cast_at), voters) in alike {
        let voters = serde_json::to_string(&voters).map_err(|error| Error::SerializationError(error.into()))?;
        InsertVoters { question, choice, cast_at, voters }.execute(conn)?;
    }
    Ok(())
}

/// Ballots that differ in their voters only.
#[derive(QueryId)]
struct InsertVoters {
    question: i64,
    choice: i64,
    cast_at: NaiveDateTime,
    /// A JSON array.
    voters: String,
}

impl QueryFragment<Sqlite> for InsertVoters {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        out.push_sql("INSERT INTO polls_ballot (question_id, choice_id, cast_at, voter) SELECT ");
        out.push_bind_param::<BigInt, _>(&self.question)?;
        out.push_sql(", ");
        out.push_bind_param::<BigInt, _>(&self.choice)?;
        out.push_sql(", ");
        out.push_bind_param::<Timestamp, _>(&self.cast_at)?;
        out.push_sql(", value FROM json_each(");
        out.push_bind_param::<Text, _>(&self.voters)?;
        out.push_sql(")");
        Ok(())
    }
}

impl RunQueryDsl<SqliteConnection> for InsertVoters {}
