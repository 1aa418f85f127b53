//! Sums of votes, and votes over time.

use std::collections::HashMap;
use std::iter::successors;

use chrono::{NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Timelike as _};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer};

use crate::admin::list::query::{DatePart, midnight};
use crate::admin::registry::panels::{Chart, Panel, Point};
use crate::clock::TimeZone;
use crate::db::{self, Connection};
use crate::polls::schema::{polls_ballot, polls_question};

/// The chart of a question has one bar an hour for at most this many hours, one bar a day for at most this many days, and
/// one bar a month for a longer time.
const HOURS: i64 = 48;
const DAYS: i64 = 92;

/// The format in which every database reads a time.
const MOMENT: &str = "%Y-%m-%d %H:%M:%S";

/// The votes of a question from its first ballot to its last, by hours, days or months in the time zone.
pub(in crate::polls) fn over_time(conn: &mut Connection, question: i64, zone: &TimeZone) -> QueryResult<Panel> {
    // Secret ballots have the time at which their day began.
    let is_secret: bool = polls_question::table.find(question).select(polls_question::is_secret).get_result(conn)?;
    let cast = polls_ballot::table.filter(polls_ballot::question_id.eq(question));
    let ends = cast.select((diesel::dsl::min(polls_ballot::cast_at), diesel::dsl::max(polls_ballot::cast_at)));
    let ends: QueryResult<(Option<NaiveDateTime>, Option<NaiveDateTime>)> = ends.first(conn);
    let ends = db::unless_unreadable("polls_ballot of polls_question", question, ends)?;
    let points = match ends.and_then(|(first, last)| first.zip(last)) {
        Some((first, last)) => {
            let parts = parts(zone.local(first), zone.local(last), !is_secret);
            count(conn, &format!("question_id = {question}"), zone, parts)?
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

/// The hours from `first` to `last`; the days if there are more than [`HOURS`], or the months if there are more than
/// [`DAYS`] days.
fn parts(first: NaiveDateTime, last: NaiveDateTime, with_hours: bool) -> Vec<DatePart> {
    if with_hours && last - first < TimeDelta::hours(HOURS) {
        let begins = first.date().and_time(NaiveTime::MIN) + TimeDelta::hours(first.hour().into());
        let hours = successors(Some(begins), |hour| Some(*hour + TimeDelta::hours(1)));
        return hours.take_while(|hour| *hour <= last).map(DatePart::of_hour).collect();
    }
    let days = first.date().iter_days().take_while(|day| *day <= last.date()).map(DatePart::of);
    if (last.date() - first.date()).num_days() < DAYS {
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

    fn labels(first: &str, last: &str, with_hours: bool) -> Vec<(u32, Option<u32>, Option<u32>)> {
        let parts = parts(first.parse().unwrap(), last.parse().unwrap(), with_hours).into_iter();
        parts.map(|part| (part.month.unwrap(), part.day, part.hour)).collect()
    }

    #[test]
    fn a_short_time_is_told_by_hours() {
        let hours = labels("2026-02-28T22:59:59", "2026-03-01T00:00:00", true);
        assert_eq!(hours, [(2, Some(28), Some(22)), (2, Some(28), Some(23)), (3, Some(1), Some(0))]);
        assert_eq!(labels("2026-03-01T10:20:00", "2026-03-01T10:20:00", true), [(3, Some(1), Some(10))]);
        assert_eq!(labels("2026-03-01T00:00:00", "2026-03-02T23:59:59", true).len(), 48);
        assert_eq!(labels("2026-03-01T00:00:00", "2026-03-03T00:00:00", true).len(), 3);
        assert_eq!(labels("2026-03-01T10:20:00", "2026-03-01T12:20:00", false), [(3, Some(1), None)]);
    }

    #[test]
    fn a_long_time_is_told_by_months_and_none_is_left_out() {
        let days = labels("2026-02-27T12:00:00", "2026-03-01T12:00:00", false);
        assert_eq!(days, [(2, Some(27), None), (2, Some(28), None), (3, Some(1), None)]);
        let months = labels("2025-11-30T00:00:00", "2026-03-02T00:00:00", true);
        assert_eq!(months, [11, 12, 1, 2, 3].map(|month| (month, None, None)));
    }
}
