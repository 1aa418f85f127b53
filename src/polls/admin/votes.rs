//! Sums of votes, and votes over time.

use std::collections::HashMap;

use chrono::{NaiveDate, NaiveDateTime, TimeDelta};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer};

use crate::admin::list::query::{DatePart, midnight};
use crate::admin::registry::panels::{Chart, Panel, Point};
use crate::clock::TimeZone;
use crate::db::{self, Connection};
use crate::polls::schema::polls_ballot;

/// The chart of a question has one bar a day for at most this many days, and one bar a month for a longer time.
const DAYS: i64 = 92;

/// The format in which every database reads a time.
const MOMENT: &str = "%Y-%m-%d %H:%M:%S";

/// The votes of a question from its first ballot to its last, by days or months in the time zone.
pub(super) fn over_time(conn: &mut Connection, question: i64, zone: &TimeZone) -> QueryResult<Panel> {
    let cast = polls_ballot::table.filter(polls_ballot::question_id.eq(question));
    let ends = cast.select((diesel::dsl::min(polls_ballot::cast_at), diesel::dsl::max(polls_ballot::cast_at)));
    let ends: QueryResult<(Option<NaiveDateTime>, Option<NaiveDateTime>)> = ends.first(conn);
    let ends = db::unless_unreadable("polls_ballot of polls_question", question, ends)?;
    let points = match ends.and_then(|(first, last)| first.zip(last)) {
        Some((first, last)) => {
            let day = |utc: NaiveDateTime| zone.local(utc).date();
            count(conn, &format!("question_id = {question}"), zone, parts(day(first), day(last)))?
        }
        None => Vec::new(),
    };
    Ok(Panel {
        title: "polls-panel-votes",
        empty: "polls-panel-no-votes",
        about: Vec::new(),
        chart: Chart::new(points),
    })
}

/// The days from `first` to `last`, or the months if there are more than [`DAYS`] days.
fn parts(first: NaiveDate, last: NaiveDate) -> Vec<DatePart> {
    let days = first.iter_days().take_while(|day| *day <= last).map(DatePart::of);
    if (last - first).num_days() < DAYS {
        return days.collect();
    }
    let mut months: Vec<_> = days.map(|day| DatePart { day: None, ..day }).collect();
    months.dedup();
    months
}

#[derive(diesel::QueryableByName)]
struct Counted {
    #[diesel(sql_type = Integer)]
    part: i32,
    #[diesel(sql_type = BigInt)]
    votes: i64,
}

/// The votes for all questions, for each day from `first` to `last`.
pub(super) fn of_days(
    conn: &mut Connection,
    zone: &TimeZone,
    first: NaiveDate,
    last: NaiveDate,
) -> QueryResult<Vec<Point>> {
    let since = midnight(zone, first);
    let ballot = first_ballot_since(conn, since)?;
    let which = format!("id >= {ballot} AND cast_at >= '{}'", since.format(MOMENT));
    let days = first.iter_days().take_while(|day| *day <= last).map(DatePart::of);
    count(conn, &which, zone, days.collect())
}

/// An id below which all ballots are older than `moment`. Ids ascend in the order of casting, so it is found by binary
/// search; the table needs no index on the date, which every vote would have to update.
pub(super) fn first_ballot_since(conn: &mut Connection, moment: NaiveDateTime) -> QueryResult<i64> {
    // Earlier by an hour, because the clocks of processes may differ and may be set back, so that ids do not ascend
    // exactly in the order of `cast_at`, and by a day, because secret ballots have the time at which their day began.
    let moment = moment - TimeDelta::hours(25);
    // Two queries, because SQLite uses the index only for a query with a single MIN or MAX.
    let first: Option<i64> = polls_ballot::table.select(diesel::dsl::min(polls_ballot::id)).first(conn)?;
    let last: Option<i64> = polls_ballot::table.select(diesel::dsl::max(polls_ballot::id)).first(conn)?;
    let mut low = first.unwrap_or(0);
    let mut high = last.map_or(0, |last| last + 1);
    while low < high {
        let middle = low + (high - low) / 2;
        let next: QueryResult<Option<(i64, NaiveDateTime)>> = polls_ballot::table
            .filter(polls_ballot::id.ge(middle))
            .order(polls_ballot::id)
            .select((polls_ballot::id, polls_ballot::cast_at))
            .first(conn)
            .optional();
        match db::unless_unreadable("polls_ballot from", middle, next)?.flatten() {
            Some((id, cast_at)) if cast_at < moment => low = id + 1,
            _ => high = middle,
        }
    }
    Ok(low)
}

/// How many ballots with the condition `which` were cast in each part of time. The parts must follow each other without
/// a gap; a part without ballots has the count 0.
fn count(conn: &mut Connection, which: &str, zone: &TimeZone, parts: Vec<DatePart>) -> QueryResult<Vec<Point>> {
    // One pass over the ballots. The parts are computed here and compared in SQL, because the databases differ in their
    // functions for time zones. The text of the query contains no input.
    let ends = parts.iter().enumerate().filter_map(|(index, part)| Some((index, part.span(zone)?.1)));
    let cases = ends.fold(String::new(), |cases, (index, end)| {
        format!("{cases} WHEN cast_at < '{}' THEN {index}", end.format(MOMENT))
    });
    let counted: Vec<Counted> = diesel::sql_query(format!(
        "SELECT part, COUNT(*) AS votes FROM (SELECT CASE{cases} ELSE -1 END AS part FROM polls_ballot \
         WHERE {which} AND mark = 0) AS parts GROUP BY part"
    ))
    .load(conn)?;
    let votes: HashMap<i32, i64> = counted.into_iter().map(|counted| (counted.part, counted.votes)).collect();
    let point = |(index, part)| Point { part, count: votes.get(&index).copied().unwrap_or(0) };
    Ok((0..).zip(parts).map(point).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_time_is_told_by_months_and_none_is_left_out() {
        let date = |text: &str| text.parse::<NaiveDate>().unwrap();
        let labels = |first, last| {
            let parts = parts(date(first), date(last)).into_iter();
            parts.map(|part| (part.year, part.month.unwrap(), part.day)).collect::<Vec<_>>()
        };
        let days = labels("2026-02-27", "2026-03-01");
        assert_eq!(days, [(2026, 2, Some(27)), (2026, 2, Some(28)), (2026, 3, Some(1))]);
        let months = labels("2025-11-30", "2026-03-02");
        assert_eq!(months, [(2025, 11, None), (2025, 12, None), (2026, 1, None), (2026, 2, None), (2026, 3, None)]);
    }
}
