//! Queries of the public pages.

use std::collections::HashMap;

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::models::{Choice, Question};
use crate::db::{self, Connection};
use crate::polls::ballot::BallotKind;
use crate::polls::schema::{polls_ballot, polls_choice, polls_question};

/// A question, public or not.
pub fn question(conn: &mut Connection, id: i64) -> QueryResult<Question> {
    let question = polls_question::table.find(id).select(Question::as_select()).get_result(conn);
    db::of_row("polls_question", id, question)
}

/// A public question.
// Not with Diesel's `first`, which binds a value to LIMIT: SQLite plans such a query anew each time.
pub fn published(conn: &mut Connection, now: NaiveDateTime, id: i64) -> QueryResult<Question> {
    let question = polls_question::table
        .filter(polls_question::id.eq(id))
        .filter(polls_question::pub_date.le(now))
        .filter(polls_question::is_draft.eq(false))
        .select(Question::as_select())
        .get_result(conn);
    db::of_row("polls_question", id, question)
}

/// Whether a question has ballots.
pub fn has_ballots(conn: &mut Connection, question: i64) -> QueryResult<bool> {
    // LIMIT 1 through the index of voters: `count` would read every ballot.
    let ballot: Option<i64> = polls_ballot::table
        .filter(polls_ballot::question_id.eq(question))
        .select(polls_ballot::id)
        .limit(1)
        .get_result(conn)
        .optional()?;
    Ok(ballot.is_some())
}

/// A question that becomes public later.
pub fn upcoming(conn: &mut Connection, now: NaiveDateTime, id: i64) -> QueryResult<Question> {
    let question = polls_question::table
        .filter(polls_question::id.eq(id))
        .filter(polls_question::pub_date.gt(now))
        .filter(polls_question::is_draft.eq(false))
        .select(Question::as_select())
        .get_result(conn);
    db::of_row("polls_question", id, question)
}

/// The choices of a question, in the order of their positions. A choice whose text cannot be read is listed as U+FFFD,
/// because without its votes the shares of the others would be wrong.
pub fn choices(conn: &mut Connection, question: i64) -> QueryResult<Vec<Choice>> {
    let of_question = || {
        polls_choice::table
            .filter(polls_choice::question_id.eq(question))
            .order((polls_choice::position, polls_choice::id))
    };
    let choices = db::readable(
        conn,
        "polls_choice",
        |conn| of_question().select(Choice::as_select()).load(conn),
        |conn| of_question().select(polls_choice::id).load(conn),
        |conn, id: i64| {
            let choice = polls_choice::table.find(id);
            let whole = choice.select(Choice::as_select()).get_result(conn);
            if let Some(whole) = db::unless_unreadable("polls_choice", id, whole)? {
                return Ok(whole);
            }
            let votes = choice.select(polls_choice::votes).get_result(conn)?;
            Ok(Choice {
                id,
                question_id: question,
                choice_text: char::REPLACEMENT_CHARACTER.to_string(),
                votes,
                ..Choice::default()
            })
        },
    )?;
    Ok(choices.into_iter().flatten().collect())
}

/// The choices that everybody sees: without the answers of voters that are not accepted.
pub fn shown_choices(conn: &mut Connection, question: i64) -> QueryResult<Vec<Choice>> {
    let mut choices = choices(conn, question)?;
    choices.retain(Choice::is_shown);
    Ok(choices)
}

/// The sum of the votes of each question, by the question's id.
pub fn totals(conn: &mut Connection, questions: impl Iterator<Item = i64>) -> QueryResult<HashMap<i64, i64>> {
    let sums: Vec<(i64, Option<i64>)> = polls_choice::table
        .filter(polls_choice::question_id.eq_any(questions))
        .group_by(polls_choice::question_id)
        .select((polls_choice::question_id, diesel::dsl::sum(polls_choice::votes)))
        .load(conn)?;
    Ok(sums.into_iter().map(|(question, votes)| (question, votes.unwrap_or(0))).collect())
}

/// How many ballots were cast in each question, by the question's id. Where a ballot adds one vote at most, that is the
/// sum of the votes; other ballots have to be counted.
pub fn turnout(conn: &mut Connection, questions: &[&Question]) -> QueryResult<HashMap<i64, i64>> {
    let is_sum = |question: &&Question| matches!(question.ballot_kind(), BallotKind::Single | BallotKind::Ranked);
    let (sums, counted): (Vec<&Question>, Vec<&Question>) = questions.iter().copied().partition(is_sum);
    let mut ballots = totals(conn, sums.iter().map(|question| question.id))?;
    if !counted.is_empty() {
        let counts: Vec<(i64, i64)> = polls_ballot::table
            .filter(polls_ballot::question_id.eq_any(counted.iter().map(|question| question.id)))
            .filter(polls_ballot::mark.eq(0))
            .group_by(polls_ballot::question_id)
            .select((polls_ballot::question_id, diesel::dsl::count_star()))
            .load(conn)?;
        ballots.extend(counts);
    }
    Ok(ballots)
}
