//! Sums of votes, and votes over time.

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date};

use crate::admin::panels::{Chart, Panel, Point};
use crate::db::Connection;
use crate::db::schema::polls_choice;

/// The sum of votes of each question.
pub(super) fn totals(conn: &mut Connection, questions: impl Iterator<Item = i64>) -> QueryResult<HashMap<i64, i64>> {
    let sums: Vec<(i64, Option<i64>)> = polls_choice::table
        .filter(polls_choice::question_id.eq_any(questions))
        .group_by(polls_choice::question_id)
        .select((polls_choice::question_id, diesel::dsl::sum(polls_choice::votes)))
        .load(conn)?;
    Ok(sums.into_iter().map(|(question, votes)| (question, votes.unwrap_or(0))).collect())
}

#[derive(diesel::QueryableByName)]
struct Day {
    #[diesel(sql_type = Date)]
    day: NaiveDate,
    #[diesel(sql_type = BigInt)]
    votes: i64,
}

/// A question's votes, day by day in UTC.
pub(super) fn over_time(conn: &mut Connection, question: i64) -> QueryResult<Panel> {
    // `date` is a function of all three; the id is a number of ours.
    let days: Vec<Day> = diesel::sql_query(format!(
        "SELECT date(cast_at) AS day, COUNT(*) AS votes FROM polls_ballot WHERE question_id = {question} \
         GROUP BY date(cast_at) ORDER BY date(cast_at)"
    ))
    .load(conn)?;
    let points = days.into_iter().map(|day| Point { date: day.day, count: day.votes }).collect();
    Ok(Panel { title: "polls-panel-votes", empty: "polls-panel-no-votes", chart: Chart::new(points) })
}
