//! PostgreSQL: one statement for a batch. It takes arrays, so it is the same text for one ballot and for a thousand,
//! and is prepared once.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use chrono::NaiveDateTime;
use diesel::connection::SimpleConnection as _;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::result::{DatabaseErrorKind, Error};
use diesel::sql_types::{Array, BigInt, Bool, Integer, SmallInt, Text, Timestamp};

use super::{Additions, NewMark, NewParticipation};

diesel::define_sql_function!(fn pg_logical_emit_message(transactional: Bool, prefix: Text, content: Text) -> PgLsn);

/// Writes a batch. Each `{name}` is a parameter. The numbers in the statement refer to these reasons:
///
/// 1. It is one statement, and so a transaction by itself: the totals are locked only while the server runs it, even
///    if this process is slow or hangs.
/// 2. The ballots are inserted first, in the order of their voters. The triggers of the foreign keys run at the end of
///    the statement, when this transaction has locked the choices already (3). If they ran before, several
///    transactions would hold a shared lock on a choice that each is about to change, and every such group takes a
///    `MultiXactId`, a number that the server has to clean up later.
/// 3. The choices are locked in the order of their keys, because an `UPDATE` reads its rows in any order; `count(*)
///    FROM inserted` makes this wait for the ballots (2).
/// 4. The total before the first ballot becomes the opening balance.
/// 5. With `synchronous_commit = off` the commit releases the choices at once and not when it is on disk, so that the
///    next process need not wait for the disk. [`wait_for_disk`] waits for it before any voter is answered.
///    `set_config` as a condition of this statement saves a `SET LOCAL`, which would be another round trip.
/// 6. If a choice does not exist, a ballot without a voter is inserted. `NOT NULL` refuses it, and that undoes the
///    whole statement.
const ADD_BALLOTS: &str = "\
WITH inserted AS (
    INSERT INTO polls_ballot (question_id, choice_id, voter, cast_at, mark, value)       -- 1, 2
    SELECT * FROM unnest({questions}, {choices}, {voters}, {cast_at}, {marks}, {values})
    RETURNING 1
), locked AS (
    SELECT id FROM polls_choice                                                          -- 3
    WHERE id = ANY({added_choices}) AND (SELECT count(*) FROM inserted) IS NOT NULL
    ORDER BY id FOR NO KEY UPDATE
), updated AS (
    UPDATE polls_choice
    SET opening_votes = coalesce(opening_votes, polls_choice.votes),                     -- 4
        votes = polls_choice.votes + added.votes
    FROM unnest({added_choices}, {added_questions}, {added_votes}) AS added (id, question_id, votes)
    JOIN locked ON locked.id = added.id
    WHERE polls_choice.id = added.id AND polls_choice.question_id = added.question_id
    AND set_config('synchronous_commit', 'off', true) = 'off'                            -- 5
    RETURNING 1
)
INSERT INTO polls_ballot (voter)                                                         -- 6
SELECT NULL WHERE (SELECT count(*) FROM updated) <> cardinality({added_choices})";

/// Sets how [`ADD_BALLOTS`] is planned. It is planned once and not for every batch, because planning takes longer than
/// running it. It uses the index, because a small table of choices fills with dead rows during voting, and a sequential
/// scan takes longer each time.
pub(super) fn prepare(conn: &mut PgConnection) -> QueryResult<()> {
    conn.batch_execute("SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off")
}

/// Returns `NotFound` if one of the choices does not exist (6).
pub(super) fn add(conn: &mut PgConnection, rows: &mut [NewMark], additions: &Additions) -> QueryResult<()> {
    rows.sort_unstable_by_key(|row| (row.question_id, row.voter, row.mark));
    let (added_choices, added_questions) = additions.keys().copied().unzip();
    let statement = AddBallots {
        questions: rows.iter().map(|row| row.question_id).collect(),
        choices: rows.iter().map(|row| row.choice_id).collect(),
        voters: rows.iter().map(|row| row.voter.to_owned()).collect(),
        cast_at: rows.iter().map(|row| row.cast_at).collect(),
        marks: rows.iter().map(|row| row.mark).collect(),
        values: rows.iter().map(|row| row.value).collect(),
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

/// How many other rows of a poll are written again with each batch of secret ballots.
const REWRITTEN: usize = 32;

/// Rewrites the rows whose ids follow random texts (`starts`), one row for each text. A range of neighbouring rows would
/// not do: the new row, which lies elsewhere, could be told from them. Rows that another process has locked are skipped,
/// so that no process waits for them.
const REWRITE_PARTICIPATIONS: &str = "\
UPDATE polls_participation SET question_id = question_id WHERE ctid = ANY(ARRAY(
    SELECT picked.ctid FROM unnest($2) AS starts (start) CROSS JOIN LATERAL (
        SELECT ctid FROM polls_participation WHERE question_id = $1 AND voter >= start
        ORDER BY voter LIMIT 1 FOR UPDATE SKIP LOCKED
    ) AS picked
))";

/// Writes some other voters of the voters' polls again. PostgreSQL keeps with each row the transaction
/// that wrote it (`xmin`), and a vote writes its ballot in the same one: without this, whoever reads the database could
/// join the two. With it a ballot's transaction is that of many voters, and its own voter's row soon has another one.
pub(super) fn rewrite_participations(conn: &mut PgConnection, voters: &[NewParticipation]) -> QueryResult<()> {
    for of_question in voters.chunk_by(|one, next| one.question_id == next.question_id) {
        let NewParticipation { question_id, voter } = of_question[0];
        let starts = (0..REWRITTEN).map(|number| random_start(voter, number)).collect::<QueryResult<Vec<_>>>()?;
        diesel::sql_query(REWRITE_PARTICIPATIONS)
            .bind::<BigInt, _>(question_id)
            .bind::<Array<Text>, _>(starts)
            .execute(conn)?;
    }
    Ok(())
}

/// A text among the ids of a poll's voters. Ids of browsers that came within the same hour begin with the same five
/// characters ([`crate::polls::eligibility::browser`]); for them every other text is among those of this voter's hour.
fn random_start(voter: &str, number: usize) -> QueryResult<String> {
    let mut random = [0; 16];
    getrandom::fill(&mut random).map_err(|error| Error::QueryBuilderError(error.to_string().into()))?;
    let kept = if voter.starts_with('b') && number.is_multiple_of(2) { 5 } else { 1 };
    Ok(format!("{voter:.kept$}{}", BASE64_URL_SAFE_NO_PAD.encode(random)))
}

/// Commits an empty message, with the session's value of `synchronous_commit`. The write-ahead log is written in order,
/// so everything before the message is on disk then, and on the standbys that a commit waits for. Processes that wait
/// at the same time share one write.
pub(super) fn wait_for_disk(conn: &mut PgConnection) -> QueryResult<()> {
    diesel::select(pg_logical_emit_message(true, "polls", "")).execute(conn).map(|_| ())
}

/// [`ADD_BALLOTS`] with its parameters: the marks as one array for each column, and the votes to add to each choice.
#[derive(QueryId)]
struct AddBallots {
    questions: Vec<i64>,
    choices: Vec<i64>,
    voters: Vec<String>,
    cast_at: Vec<NaiveDateTime>,
    marks: Vec<i16>,
    values: Vec<i16>,
    added_choices: Vec<i64>,
    added_questions: Vec<i64>,
    added_votes: Vec<i32>,
}

impl QueryFragment<Pg> for AddBallots {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        let mut rest = ADD_BALLOTS;
        while let Some((sql, (parameter, after))) =
            rest.split_once('{').and_then(|(sql, after)| Some((sql, after.split_once('}')?)))
        {
            out.push_sql(sql);
            match parameter {
                "questions" => out.push_bind_param::<Array<BigInt>, _>(&self.questions)?,
                "choices" => out.push_bind_param::<Array<BigInt>, _>(&self.choices)?,
                "voters" => out.push_bind_param::<Array<Text>, _>(&self.voters)?,
                "cast_at" => out.push_bind_param::<Array<Timestamp>, _>(&self.cast_at)?,
                "marks" => out.push_bind_param::<Array<SmallInt>, _>(&self.marks)?,
                "values" => out.push_bind_param::<Array<SmallInt>, _>(&self.values)?,
                "added_choices" => out.push_bind_param::<Array<BigInt>, _>(&self.added_choices)?,
                "added_questions" => out.push_bind_param::<Array<BigInt>, _>(&self.added_questions)?,
                "added_votes" => out.push_bind_param::<Array<Integer>, _>(&self.added_votes)?,
                unknown => return Err(Error::QueryBuilderError(format!("no parameter {unknown}").into())),
            }
            rest = after;
        }
        out.push_sql(rest);
        Ok(())
    }
}

impl RunQueryDsl<PgConnection> for AddBallots {}
