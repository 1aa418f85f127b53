//! The date hierarchy of a list: links to years, months and days.

use chrono::{Datelike as _, NaiveDate};
use diesel::QueryResult;

use crate::admin::list::query::{DateBound, DateChoice, DatePart, ListQuery, Params, midnight};
use crate::admin::registry::field::Value;
use crate::admin::registry::registered::RegisteredModel;
use crate::admin::registry::sentence::Sentence;
use crate::db::Connection;

/// How many years are linked at most: the latest that have objects.
const MOST_YEARS: usize = 200;

/// The date hierarchy as the template shows it.
pub struct DateView {
    /// The link back to the longer period: its name (None stands for all dates) and its query.
    pub back: Option<(Option<Sentence>, String)>,
    pub links: Vec<(Sentence, String)>,
    pub here: Option<Sentence>,
}

/// The links: years that have objects, or the months of the chosen year, or the days of the chosen month.
pub(super) fn date_view(
    conn: &mut Connection,
    model: &dyn RegisteredModel,
    params: &Params,
    query: &ListQuery,
) -> QueryResult<Option<DateView>> {
    let Some(name) = model.date_hierarchy() else {
        return Ok(None);
    };
    let part = match params.date_part(model) {
        DateChoice::Part(_, part) => Some(part),
        DateChoice::All | DateChoice::Invalid => None,
    };
    let key = |unit: &str| format!("{name}__{unit}");
    let year = key("year");
    let month = key("month");
    let day = key("day");
    let link = |part: Option<DatePart>| {
        let text = |number: Option<u32>| number.map(|number| number.to_string());
        let in_year = part.map(|part| part.year.to_string());
        let in_month = text(part.and_then(|part| part.month));
        let on_day = text(part.and_then(|part| part.day));
        params.with(&[(&year, in_year.as_deref()), (&month, in_month.as_deref()), (&day, on_day.as_deref())])
    };
    let whole = ListQuery { span: Vec::new(), offset: 0, limit: None, ..query.clone() };
    let candidates: Vec<DatePart> = match part {
        None => years(conn, model, name, &whole)?,
        Some(DatePart { year, month: None, .. }) => {
            (1..=12).map(|month| DatePart { year, month: Some(month), day: None, hour: None }).collect()
        }
        Some(DatePart { year, month, day: None, .. }) => {
            (1..=31).map(|day| DatePart { year, month, day: Some(day), hour: None }).collect()
        }
        Some(_) => Vec::new(),
    };
    let mut links = Vec::new();
    for candidate in candidates {
        let Some(span) = candidate.bounds(name, &query.zone) else { continue };
        if part.is_none() || model.count(conn, &ListQuery { span: span.to_vec(), ..whole.clone() })? > 0 {
            links.push((candidate.within_month(), link(Some(candidate))));
        }
    }
    let back = part.map(|part| match part {
        DatePart { month: None, .. } => (None, link(None)),
        DatePart { day: None, year, .. } => {
            let wider = DatePart { year, month: None, day: None, hour: None };
            (Some(wider.label()), link(Some(wider)))
        }
        DatePart { year, month, .. } => {
            let wider = DatePart { year, month, day: None, hour: None };
            (Some(wider.label()), link(Some(wider)))
        }
    });
    Ok(Some(DateView { back, links, here: part.map(DatePart::within_month) }))
}

/// The years that have objects, in order. From each year a query finds the last object before it, so that years without
/// objects take no query.
fn years(
    conn: &mut Connection,
    model: &dyn RegisteredModel,
    name: &'static str,
    query: &ListQuery,
) -> QueryResult<Vec<DatePart>> {
    let index = model.fields().iter().position(|field| field.name == name).unwrap_or(0);
    let mut last = ListQuery { order: vec![(name, true)], limit: Some(1), ..query.clone() };
    let mut years = Vec::new();
    while years.len() < MOST_YEARS {
        let Some(record) = model.records(conn, &last)?.pop() else { break };
        let Value::DateTime(utc) = record.values[index] else { break };
        let year = query.zone.local(utc).year();
        let Some(first_day) = NaiveDate::from_ymd_opt(year, 1, 1) else { break };
        years.push(DatePart { year, month: None, day: None, hour: None });
        last.span = vec![(name, DateBound::Before(midnight(&query.zone, first_day)))];
    }
    years.reverse();
    Ok(years)
}
