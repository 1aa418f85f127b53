//! What is asked of the tables of polls.

use chrono::NaiveDateTime;
use diesel::dsl::sql;
use diesel::expression::SqlLiteral;
use diesel::prelude::*;
use diesel::sql_types::Bool;

use super::models::{Choice, Question};
use crate::db::Connection;
use crate::db::schema::{polls_choice, polls_question};
use crate::web::pagination::{Start, Window};

/// Questions that are public, newest first.
pub fn latest(conn: &mut Connection, now: NaiveDateTime, window: Window) -> QueryResult<Vec<Question>> {
    use polls_question::{id, pub_date, table};
    let questions = table.filter(pub_date.le(now)).limit(window.limit).select(Question::as_select());
    let newest_first = (pub_date.desc(), id.desc());
    match window.start {
        Start::Offset(offset) => questions.order(newest_first).offset(offset).load(conn),
        Start::After(last) => questions.filter(beside(last, "<")).order(newest_first).load(conn),
        Start::Before(first) => {
            let mut questions = questions.filter(beside(first, ">")).order((pub_date.asc(), id.asc())).load(conn)?;
            questions.reverse();
            Ok(questions)
        }
    }
}

/// What comes after a question in the order of date and id, or before it. The date is compared where it is: SQLite
/// compares the texts, and other programs write the same moment otherwise. The first condition is for the index.
fn beside(question: i64, operator: &str) -> SqlLiteral<Bool> {
    let date = format!("(SELECT pub_date FROM polls_question AS anchor WHERE anchor.id = {question})");
    sql(&format!(
        "polls_question.pub_date {operator}= {date} AND (polls_question.pub_date {operator} {date} \
         OR polls_question.id {operator} {question})"
    ))
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
