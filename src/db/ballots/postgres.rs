//! PostgreSQL takes arrays: a statement is as short for a thousand rows as for one, and is prepared once.

use chrono::NaiveDateTime;
use diesel::connection::SimpleConnection as _;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{Array, BigInt, Integer, Text, Timestamp};

use super::{Additions, NewBallot};

/// Statements are planned once and not for every batch, which would take longer than to run them; and for keys: a
/// small table of choices is full of old totals while it is voted on, and to read it whole takes longer each time.
/// A process that hangs between two statements does not hold the totals for ever.
pub fn expect(conn: &mut PgConnection) -> QueryResult<()> {
    conn.batch_execute(
        "SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off; \
         SET idle_in_transaction_session_timeout = '30s'",
    )
}

/// An empty message in the log, committed as the server commits by itself: the log is written in order, so what
/// stands before it is on disk (and with those standbys that a commit waits for) as well. Processes that wait at
/// the same time share one write. The two statements are one transaction, as they are sent as one.
pub fn wait_for_disk(conn: &mut PgConnection) -> QueryResult<()> {
    conn.batch_execute("SET LOCAL synchronous_commit TO DEFAULT; SELECT pg_logical_emit_message(true, 'polls', '')")
}

pub fn insert(conn: &mut PgConnection, ballots: &[NewBallot]) -> QueryResult<()> {
    let rows = InsertBallots {
        questions: ballots.iter().map(|ballot| ballot.question_id).collect(),
        choices: ballots.iter().map(|ballot| ballot.choice_id).collect(),
        voters: ballots.iter().map(|ballot| ballot.voter.to_owned()).collect(),
        cast_at: ballots.iter().map(|ballot| ballot.cast_at).collect(),
    };
    rows.execute(conn).map(|_| ())
}

/// `polls_ballot` by columns.
#[derive(QueryId)]
struct InsertBallots {
    questions: Vec<i64>,
    choices: Vec<i64>,
    voters: Vec<String>,
    cast_at: Vec<NaiveDateTime>,
}

impl QueryFragment<Pg> for InsertBallots {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("INSERT INTO polls_ballot (question_id, choice_id, voter, cast_at) SELECT * FROM unnest(");
        out.push_bind_param::<Array<BigInt>, _>(&self.questions)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<BigInt>, _>(&self.choices)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Text>, _>(&self.voters)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Timestamp>, _>(&self.cast_at)?;
        out.push_sql(")");
        Ok(())
    }
}

impl RunQueryDsl<PgConnection> for InsertBallots {}

/// How many of the choices were there.
pub fn add(conn: &mut PgConnection, additions: &Additions) -> QueryResult<usize> {
    let (choices, questions) = additions.keys().copied().unzip();
    AddToTotals { choices, questions, votes: additions.values().copied().collect() }.execute(conn)
}

/// What is added to each choice.
#[derive(QueryId)]
struct AddToTotals {
    choices: Vec<i64>,
    questions: Vec<i64>,
    votes: Vec<i32>,
}

impl QueryFragment<Pg> for AddToTotals {
    /// An `UPDATE` comes to its rows in any order, so they are locked in that of their keys first. And they are
    /// released at this transaction's commit, not when the log has reached the disk: `set_config` here spares a
    /// `SET LOCAL` of its own.
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("WITH locked AS (SELECT id FROM polls_choice WHERE id = ANY(");
        out.push_bind_param::<Array<BigInt>, _>(&self.choices)?;
        out.push_sql(
            ") ORDER BY id FOR NO KEY UPDATE) \
             UPDATE polls_choice SET opening_votes = coalesce(opening_votes, polls_choice.votes), \
             votes = polls_choice.votes + added.votes FROM unnest(",
        );
        out.push_bind_param::<Array<BigInt>, _>(&self.choices)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<BigInt>, _>(&self.questions)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Integer>, _>(&self.votes)?;
        out.push_sql(
            ") AS added (id, question_id, votes) JOIN locked ON locked.id = added.id \
             WHERE polls_choice.id = added.id AND polls_choice.question_id = added.question_id \
             AND set_config('synchronous_commit', 'off', true) = 'off'",
        );
        Ok(())
    }
}

impl RunQueryDsl<PgConnection> for AddToTotals {}
