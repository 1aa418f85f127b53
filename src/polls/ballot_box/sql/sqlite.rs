//! SQLite runs in this process: a prepared statement costs about 1 µs, a text that has to be parsed about 20 µs.

use chrono::NaiveDateTime;
use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::result::Error;
use diesel::sql_types::{BigInt, Integer, Nullable, SmallInt, Text, Timestamp};
use diesel::sqlite::Sqlite;

use super::{Additions, NewMark};
use crate::db;
use crate::polls::schema::polls_choice;

diesel::define_sql_function! {
    /// The SQL function COALESCE: the first of the two that is not NULL.
    fn coalesce(first: Nullable<Integer>, second: Integer) -> Integer;
}

/// Keeps the data for undoing a failed statement in memory. For a thousand ballots SQLite would otherwise write it to a
/// file.
pub(super) fn prepare(conn: &mut SqliteConnection) -> QueryResult<()> {
    conn.batch_execute("PRAGMA temp_store = MEMORY")
}

/// Returns how many of the choices exist.
pub(super) fn add(conn: &mut SqliteConnection, marks: &mut [NewMark], additions: &Additions) -> QueryResult<usize> {
    db::stamp_sqlite_file(conn)?;
    insert(conn, marks)?;
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

/// One statement for marks that are equal except for their voters, with the voters as one JSON array, because binding a
/// mark's values one by one costs more than inserting it.
fn insert(conn: &mut SqliteConnection, marks: &mut [NewMark]) -> QueryResult<()> {
    let kind = |row: &NewMark| (row.question_id, row.choice_id, row.cast_at, row.mark, row.value);
    marks.sort_unstable_by_key(|row| (kind(row), row.voter));
    for alike in marks.chunk_by(|one, next| kind(one) == kind(next)) {
        let (question, choice, cast_at, mark, value) = kind(&alike[0]);
        let voters: Vec<_> = alike.iter().map(|row| row.voter).collect();
        let voters = serde_json::to_string(&voters).map_err(|error| Error::SerializationError(error.into()))?;
        InsertVoters { question, choice, cast_at, mark, value, voters }.execute(conn)?;
    }
    Ok(())
}

/// Inserts marks that are equal except for their voters.
#[derive(QueryId)]
struct InsertVoters {
    question: i64,
    choice: i64,
    cast_at: NaiveDateTime,
    mark: i16,
    value: i16,
    /// A JSON array.
    voters: String,
}

/// Written as a `QueryFragment`, because Diesel's query builder has no `INSERT … SELECT FROM json_each`, and
/// `sql_query` statements are parsed anew each time.
impl QueryFragment<Sqlite> for InsertVoters {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        out.push_sql("INSERT INTO polls_ballot (question_id, choice_id, cast_at, mark, value, voter) SELECT ");
        out.push_bind_param::<BigInt, _>(&self.question)?;
        out.push_sql(", ");
        out.push_bind_param::<BigInt, _>(&self.choice)?;
        out.push_sql(", ");
        out.push_bind_param::<Timestamp, _>(&self.cast_at)?;
        out.push_sql(", ");
        out.push_bind_param::<SmallInt, _>(&self.mark)?;
        out.push_sql(", ");
        out.push_bind_param::<SmallInt, _>(&self.value)?;
        out.push_sql(", voters.value FROM json_each(");
        out.push_bind_param::<Text, _>(&self.voters)?;
        out.push_sql(") AS voters");
        Ok(())
    }
}

impl RunQueryDsl<SqliteConnection> for InsertVoters {}
