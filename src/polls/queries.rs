//! What is asked of the tables of polls.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::models::{Choice, Question};
use crate::db::schema::{polls_choice, polls_question};
use crate::db::{self, Connection};
use crate::web::pagination::Window;

/// Questions that are public, newest first.
pub fn latest(conn: &mut Connection, now: NaiveDateTime, window: Window) -> QueryResult<Vec<Option<Question>>> {
    let public = || {
        polls_question::table
            .filter(polls_question::pub_date.le(now))
            .order((polls_question::pub_date.desc(), polls_question::id.desc()))
            .offset(window.offset)
            .limit(window.limit)
    };
    db::readable(
        conn,
        "polls_question",
        |conn| public().select(Question::as_select()).load(conn),
        |conn| public().select(polls_question::id).load(conn),
        |conn, id: i64| polls_question::table.find(id).select(Question::as_select()).get_result(conn),
    )
}

/// A question that is public.
// Without `first`: SQLite plans a query anew whenever a value is bound to its LIMIT.
pub fn published(conn: &mut Connection, now: NaiveDateTime, id: i64) -> QueryResult<Question> {
    let question = polls_question::table
        .filter(polls_question::id.eq(id))
        .filter(polls_question::pub_date.le(now))
        .select(Question::as_select())
        .get_result(conn);
    db::of_row("polls_question", id, question)
}

/// When a question that is not public yet will be.
pub fn opens(conn: &mut Connection, now: NaiveDateTime, id: i64) -> QueryResult<NaiveDateTime> {
    let opens = polls_question::table
        .filter(polls_question::id.eq(id))
        .filter(polls_question::pub_date.gt(now))
        .select(polls_question::pub_date)
        .get_result(conn);
    db::of_row("polls_question", id, opens)
}

/// The choices of a question, in the order they were written. One whose text cannot be read keeps its votes, and its
/// place with the sign for that: without it, the others' shares would be wrong.
pub fn choices(conn: &mut Connection, question: i64) -> QueryResult<Vec<Choice>> {
    let of_question = || polls_choice::table.filter(polls_choice::question_id.eq(question)).order(polls_choice::id);
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
            Ok(Choice { id, choice_text: char::REPLACEMENT_CHARACTER.to_string(), votes })
        },
    )?;
    Ok(choices.into_iter().flatten().collect())
}
