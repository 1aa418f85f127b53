//! What is asked of the tables of polls.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::models::{Choice, Question};
use crate::db::Connection;
use crate::db::schema::{polls_choice, polls_question};
use crate::web::pagination::Window;

/// Questions that are public, newest first.
pub fn latest(conn: &mut Connection, now: NaiveDateTime, window: Window) -> QueryResult<Vec<Question>> {
    polls_question::table
        .filter(polls_question::pub_date.le(now))
        .order((polls_question::pub_date.desc(), polls_question::id.desc()))
        .offset(window.offset)
        .limit(window.limit)
        .select(Question::as_select())
        .load(conn)
}

/// A question that is public.
// Without `first`: SQLite plans a query anew whenever a value is bound to its LIMIT.
pub fn published(conn: &mut Connection, now: NaiveDateTime, id: i64) -> QueryResult<Question> {
    polls_question::table
        .filter(polls_question::id.eq(id))
        .filter(polls_question::pub_date.le(now))
        .select(Question::as_select())
        .get_result(conn)
}

/// When a question that is not public yet will be.
pub fn opens(conn: &mut Connection, now: NaiveDateTime, id: i64) -> QueryResult<NaiveDateTime> {
    polls_question::table
        .filter(polls_question::id.eq(id))
        .filter(polls_question::pub_date.gt(now))
        .select(polls_question::pub_date)
        .get_result(conn)
}

/// The choices of a question, in the order they were written.
pub fn choices(conn: &mut Connection, question: i64) -> QueryResult<Vec<Choice>> {
    polls_choice::table
        .filter(polls_choice::question_id.eq(question))
        .order(polls_choice::id)
        .select(Choice::as_select())
        .load(conn)
}
