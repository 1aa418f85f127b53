//! Queries of the public pages.

use chrono::NaiveDateTime;
use diesel::dsl::sql;
use diesel::expression::SqlLiteral;
use diesel::prelude::*;
use diesel::sql_types::Bool;

use super::models::{Choice, Question};
use crate::db::{self, Backend, Connection};
use crate::polls::schema::{polls_choice, polls_question};
use crate::web::pages::pagination::{Start, Window};

/// The public questions of a window, newest first.
pub fn latest(conn: &mut Connection, now: NaiveDateTime, window: Window) -> QueryResult<Vec<Option<Question>>> {
    let mut questions = db::readable(
        conn,
        "polls_question",
        |conn| page(now, window).select(Question::as_select()).load(conn),
        |conn| page(now, window).select(polls_question::id).load(conn),
        |conn, id: i64| polls_question::table.find(id).select(Question::as_select()).get_result(conn),
    )?;
    if matches!(window.start, Start::Before(_)) {
        questions.reverse();
    }
    Ok(questions)
}

/// The questions of a window: newest first; or oldest first, if the window is defined by the question after its end.
fn page(now: NaiveDateTime, window: Window) -> polls_question::BoxedQuery<'static, Backend> {
    use polls_question::{id, pub_date, table};
    let questions = table.filter(pub_date.le(now)).limit(window.limit);
    let newest_first = (pub_date.desc(), id.desc());
    match window.start {
        Start::Offset(offset) => questions.order(newest_first).offset(offset).into_boxed(),
        Start::After(last) => questions.filter(beside(last, "<")).order(newest_first).into_boxed(),
        Start::Before(first) => questions.filter(beside(first, ">")).order((pub_date.asc(), id.asc())).into_boxed(),
    }
}

/// The questions before (`>`) or after (`<`) a question in the order of date and id. The date is compared inside the
/// SQL, because SQLite compares texts, and other programs write the same time as a different text. The first condition
/// follows from the second; it is there so that the index is used.
fn beside(question: i64, operator: &str) -> SqlLiteral<Bool> {
    let date = format!("(SELECT pub_date FROM polls_question AS anchor WHERE anchor.id = {question})");
    sql(&format!(
        "polls_question.pub_date {operator}= {date} AND (polls_question.pub_date {operator} {date} \
         OR polls_question.id {operator} {question})"
    ))
}

/// A public question.
// Not with Diesel's `first`, which binds a value to LIMIT: SQLite plans such a query anew each time.
pub fn published(conn: &mut Connection, now: NaiveDateTime, id: i64) -> QueryResult<Question> {
    let question = polls_question::table
        .filter(polls_question::id.eq(id))
        .filter(polls_question::pub_date.le(now))
        .select(Question::as_select())
        .get_result(conn);
    db::of_row("polls_question", id, question)
}

/// When a question that is not public yet becomes public.
pub fn opens(conn: &mut Connection, now: NaiveDateTime, id: i64) -> QueryResult<NaiveDateTime> {
    let opens = polls_question::table
        .filter(polls_question::id.eq(id))
        .filter(polls_question::pub_date.gt(now))
        .select(polls_question::pub_date)
        .get_result(conn);
    db::of_row("polls_question", id, opens)
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
