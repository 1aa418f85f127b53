//! Reads from the database what the judge needs to know about a batch.

use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::ballot::Ballot;
use super::judge::Facts;
use crate::db::Connection;
use crate::polls::schema::{polls_ballot, polls_choice, polls_deleted_ballot, polls_question};

/// A question's id, its end, and one of its choices with the choice's total.
type QuestionAndChoice = (i64, Option<NaiveDateTime>, Option<(i64, i32)>);

/// Uses one statement for questions and choices, and up to two more for voters who may have voted before. With `again`,
/// an earlier try may have been committed although no answer came, so all voters of the batch may have voted before.
pub(super) fn facts(conn: &mut Connection, ballots: &[Ballot], again: bool, now: NaiveDateTime) -> QueryResult<Facts> {
    let maybe_counted: Vec<_> = ballots.iter().filter(|ballot| again || ballot.voter.may_be_known()).collect();
    let counted = if maybe_counted.is_empty() { HashMap::new() } else { counted(conn, &maybe_counted)? };
    // A batch names few different questions and choices. A BTreeSet finds them faster here than a HashSet, which would
    // hash every ballot's.
    let questions: BTreeSet<_> = ballots.iter().map(|ballot| ballot.question).collect();
    let choices: BTreeSet<_> = ballots.iter().map(|ballot| ballot.choice).collect();
    let of_question = polls_choice::question_id.eq(polls_question::id).and(polls_choice::id.eq_any(choices));
    let rows: Vec<QuestionAndChoice> = polls_question::table
        .left_join(polls_choice::table.on(of_question))
        .filter(polls_question::id.eq_any(questions))
        .filter(polls_question::pub_date.le(now))
        .select((polls_question::id, polls_question::close_date, (polls_choice::id, polls_choice::votes).nullable()))
        .load(conn)?;
    let mut facts = Facts { counted, ..Facts::default() };
    for (question, close, choice) in rows {
        facts.public.insert(question, close.is_some_and(|close| close <= now));
        facts.choices.extend(choice.map(|(choice, votes)| (choice, (question, votes))));
    }
    Ok(facts)
}

/// The choices of the voters whose ballots are in `polls_ballot`, or in `polls_deleted_ballot` with a choice that was
/// deleted and may be restored. The tables are read in this order because a deletion moves ballots from the first to
/// the second: a ballot that is moved between the two statements is found by the second.
fn counted(conn: &mut Connection, ballots: &[&Ballot]) -> QueryResult<HashMap<i64, HashMap<String, i64>>> {
    let questions: BTreeSet<_> = ballots.iter().map(|ballot| ballot.question).collect();
    let voters: Vec<_> = ballots.iter().map(|ballot| ballot.voter.id()).collect();
    let mut rows: Vec<(i64, String, i64)> = polls_ballot::table
        .filter(polls_ballot::question_id.eq_any(&questions))
        .filter(polls_ballot::voter.eq_any(&voters))
        .select((polls_ballot::question_id, polls_ballot::voter, polls_ballot::choice_id))
        .load(conn)?;
    let put_aside = polls_deleted_ballot::table
        .filter(polls_deleted_ballot::question_id.eq_any(&questions))
        .filter(polls_deleted_ballot::voter.eq_any(&voters))
        .select((polls_deleted_ballot::question_id, polls_deleted_ballot::voter, polls_deleted_ballot::choice_id));
    rows.extend(put_aside.load::<(i64, String, i64)>(conn)?);
    let mut counted: HashMap<i64, HashMap<String, i64>> = HashMap::new();
    for (question, voter, choice) in rows {
        counted.entry(question).or_default().insert(voter, choice);
    }
    Ok(counted)
}
