//! The dashboard of polls on the admin's first page.

use chrono::{NaiveDate, TimeDelta};
use diesel::prelude::*;

use super::{QuestionAdmin, votes};
use crate::admin::list::query::midnight;
use crate::admin::paths;
use crate::admin::registry::model_admin::ModelAdmin as _;
use crate::admin::registry::panels::{Chart, Figure, Panel};
use crate::clock::{self, TimeZone};
use crate::db::{self, Connection};
use crate::polls::schema::{polls_ballot, polls_question};
use crate::web::pages::i18n;

/// How many days the chart shows.
const DAYS: i64 = 14;

struct Busiest {
    id: i64,
    question_text: String,
}

/// The votes of today, the number of open polls, the poll with the most votes in the last week, and a chart of the
/// votes of the last `DAYS` days.
///
/// # Errors
/// If the database does not answer.
pub fn dashboard(conn: &mut Connection, zone: &TimeZone) -> QueryResult<(Vec<Figure>, Option<Panel>)> {
    let now = clock::now();
    let today = zone.local(now).date();
    let points = votes::of_days(conn, zone, today - TimeDelta::days(DAYS - 1), today)?;
    let open: i64 = polls_question::table
        .filter(polls_question::pub_date.le(now))
        .filter(polls_question::close_date.is_null().or(polls_question::close_date.gt(now)))
        .count()
        .get_result(conn)?;
    let figure = |title, value, path| Figure { title, value, path };
    let meta = QuestionAdmin::META;
    let mut figures = vec![
        figure("polls-figure-today", i18n::number(points.last().map_or(0, |point| point.count)), None),
        figure("polls-figure-open", i18n::number(open), Some(format!("{}?state=open", meta.list_path()))),
    ];
    if let Some(busiest) = busiest(conn, zone, today)? {
        let path = Some(paths::object(meta.app, meta.model, &busiest.id.to_string(), "change"));
        figures.push(figure("polls-figure-busiest", busiest.question_text, path));
    }
    let panel = Panel {
        title: "polls-panel-votes",
        empty: "polls-panel-no-votes",
        about: Vec::new(),
        chart: Chart::new(points),
    };
    Ok((figures, Some(panel)))
}

fn busiest(conn: &mut Connection, zone: &TimeZone, today: NaiveDate) -> QueryResult<Option<Busiest>> {
    let since = midnight(zone, today - TimeDelta::days(6));
    let first = votes::first_ballot_since(conn, since)?;
    let most: Option<(i64, i64)> = polls_ballot::table
        .filter(polls_ballot::id.ge(first))
        .filter(polls_ballot::cast_at.ge(since))
        .group_by(polls_ballot::question_id)
        .order(diesel::dsl::count_star().desc())
        .select((polls_ballot::question_id, diesel::dsl::count_star()))
        .first(conn)
        .optional()?;
    let Some((id, _)) = most else {
        return Ok(None);
    };
    let question_text = polls_question::table.find(id).select(polls_question::question_text).first(conn).optional();
    let question_text = db::unless_unreadable("polls_question", id, question_text)?.flatten();
    Ok(question_text.map(|question_text| Busiest { id, question_text }))
}
