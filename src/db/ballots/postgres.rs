//! PostgreSQL takes arrays: a statement is as short for a thousand rows as for one, and is prepared once.

use chrono::NaiveDateTime;
use diesel::connection::SimpleConnection as _;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::result::{DatabaseErrorKind, Error};
use diesel::sql_types::{Array, BigInt, Bool, Integer, Text, Timestamp};

use super::{Additions, NewBallot};

diesel::define_sql_function!(fn pg_logical_emit_message(transactional: Bool, prefix: Text, content: Text) -> PgLsn);

/// Statements are planned once and not for every batch, which would take longer than to run them; and for keys: a
/// small table of choices is full of old totals while it is voted on, and to read it whole takes longer each time.
pub fn expect(conn: &mut PgConnection) -> QueryResult<()> {
    conn.batch_execute("SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off")
}

/// An empty message in the log, committed as the server commits by itself: the log is written in order, so what
/// stands before it is on disk (and with those standbys that a commit waits for) as well. Processes that wait at
/// the same time share one write.
pub fn wait_for_disk(conn: &mut PgConnection) -> QueryResult<()> {
    diesel::select(pg_logical_emit_message(true, "polls", "")).execute(conn).map(|_| ())
}

/// `NotFound` if one of the choices was not there.
pub fn add(conn: &mut PgConnection, ballots: &[NewBallot], additions: &Additions) -> QueryResult<()> {
    let (added_choices, added_questions) = additions.keys().copied().unzip();
    let statement = AddBallots {
        questions: ballots.iter().map(|ballot| ballot.question_id).collect(),
        choices: ballots.iter().map(|ballot| ballot.choice_id).collect(),
        voters: ballots.iter().map(|ballot| ballot.voter.to_owned()).collect(),
        cast_at: ballots.iter().map(|ballot| ballot.cast_at).collect(),
        added_choices,
        added_questions,
        added_votes: additions.values().copied().collect(),
    };
    match statement.execute(conn) {
        Ok(_) => Ok(()),
        Err(Error::DatabaseError(DatabaseErrorKind::NotNullViolation, _)) => Err(Error::NotFound),
        Err(error) => Err(error),
    }
}

/// `polls_ballot` by columns, and what is added to which choices.
#[derive(QueryId)]
struct AddBallots {
    questions: Vec<i64>,
    choices: Vec<i64>,
    voters: Vec<String>,
    cast_at: Vec<NaiveDateTime>,
    added_choices: Vec<i64>,
    added_questions: Vec<i64>,
    added_votes: Vec<i32>,
}

impl QueryFragment<Pg> for AddBallots {
    /// One statement, and so a transaction by itself: nobody who is slow, or hangs, holds the totals between two.
    ///
    /// Its triggers come last. They lock the choices of the ballots, which by then are this transaction's own; before,
    /// several would share a lock on a total that each is about to change, and each such group takes one of the
    /// numbers that the server has to clean up after (`MultiXactId`).
    ///
    /// An `UPDATE` comes to its rows in any order, so they are locked in that of their keys first, when the ballots
    /// are in. They are released at the commit, not when the log has reached the disk: `set_config` here spares a
    /// `SET LOCAL` of its own. A choice that is not there is said by a ballot that cannot be, of nobody, which undoes
    /// the others.
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql(
            "WITH inserted AS (INSERT INTO polls_ballot (question_id, choice_id, voter, cast_at) SELECT * FROM unnest(",
        );
        out.push_bind_param::<Array<BigInt>, _>(&self.questions)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<BigInt>, _>(&self.choices)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Text>, _>(&self.voters)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Timestamp>, _>(&self.cast_at)?;
        out.push_sql(") RETURNING 1), locked AS (SELECT id FROM polls_choice WHERE id = ANY(");
        out.push_bind_param::<Array<BigInt>, _>(&self.added_choices)?;
        out.push_sql(
            ") AND (SELECT count(*) FROM inserted) IS NOT NULL ORDER BY id FOR NO KEY UPDATE), \
             updated AS (UPDATE polls_choice SET opening_votes = coalesce(opening_votes, polls_choice.votes), \
             votes = polls_choice.votes + added.votes FROM unnest(",
        );
        out.push_bind_param::<Array<BigInt>, _>(&self.added_choices)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<BigInt>, _>(&self.added_questions)?;
        out.push_sql(", ");
        out.push_bind_param::<Array<Integer>, _>(&self.added_votes)?;
        out.push_sql(
            ") AS added (id, question_id, votes) JOIN locked ON locked.id = added.id \
             WHERE polls_choice.id = added.id AND polls_choice.question_id = added.question_id \
             AND set_config('synchronous_commit', 'off', true) = 'off' RETURNING 1) \
             INSERT INTO polls_ballot (voter) SELECT NULL WHERE (SELECT count(*) FROM updated) <> cardinality(",
        );
        out.push_bind_param::<Array<BigInt>, _>(&self.added_choices)?;
        out.push_sql(")");
        Ok(())
    }
}

impl RunQueryDsl<PgConnection> for AddBallots {}
