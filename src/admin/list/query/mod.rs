//! What a list is asked for: search, filters, dates, order, page. Keys are checked against the model, so
//! that a feature only ever sees keys of its own.

mod dates;
mod lookups;
mod params;
mod search;

pub use dates::{Bound, DatePart, midnight};
pub use params::Params;

use chrono::NaiveDateTime;
use diesel::QueryResult;

use crate::admin::list::query::lookups::Lookups;
use crate::admin::registry::erased::{AdminModel, Record};
use crate::clock::TimeZone;
use crate::db::Connection;

/// Rows of a page, Django's `list_per_page`.
pub const PER_PAGE: i64 = 100;
/// How many objects are read at once, where all are wanted.
const PART: i64 = 1000;
/// The longest list that "Show all" shows.
pub const MAX_SHOW_ALL: i64 = 200;

/// A list as a feature answers it.
#[derive(Debug, Clone, Default)]
pub struct ListQuery {
    /// Every word must be found.
    pub words: Vec<String>,
    /// Field and whether descending.
    pub order: Vec<(&'static str, bool)>,
    /// Filter and value.
    pub filters: Vec<(&'static str, String)>,
    /// The date hierarchy's part of time: its field, from when and before when.
    pub span: Vec<(&'static str, Bound)>,
    /// Other bounds of date fields.
    pub bounds: Vec<(&'static str, Bound)>,
    /// These objects only.
    pub ids: Option<Vec<i64>>,
    pub offset: i64,
    pub limit: Option<i64>,
    /// When it is asked, in UTC, and the site's zone, for filters such as "today".
    pub now: NaiveDateTime,
    pub zone: TimeZone,
}

impl ListQuery {
    /// What has all the words of a search.
    pub fn of_words(text: &str) -> Self {
        Self { words: search::words(text), ..Self::default() }
    }

    /// The most rows that are wanted. Always a number: SQLite and MySQL know no offset without a limit.
    pub fn most(&self) -> i64 {
        self.limit.unwrap_or(i64::MAX)
    }

    /// All that is asked of date fields, by their names.
    pub fn dates(&self) -> impl Iterator<Item = (&'static str, Bound)> {
        self.span.iter().chain(&self.bounds).copied()
    }
}

/// Every object that a query finds, whatever its page. Read in parts: databases bound how many ids a query may name.
///
/// # Errors
/// If the database does not answer.
pub fn all_records(conn: &mut Connection, model: &dyn AdminModel, query: &ListQuery) -> QueryResult<Vec<Record>> {
    let (mut records, mut offset) = (Vec::new(), 0);
    let matching = model.count(conn, query)?;
    while offset < matching {
        // Fewer than were asked for may come, as those that cannot be read are left out.
        records.extend(model.records(conn, &ListQuery { offset, limit: Some(PART), ..query.clone() })?);
        offset += PART;
    }
    Ok(records)
}

impl Params {
    /// The list that is asked for; None if a key or value is none of the model's.
    pub fn list_query(&self, model: &dyn AdminModel, now: NaiveDateTime, zone: &TimeZone) -> Option<ListQuery> {
        let Lookups { filters, bounds, ids } = Lookups::read(self, model, zone)?;
        let order = match self.get("o") {
            None | Some("") => model.ordering().to_vec(),
            Some(order) => parse_order(order, model)?,
        };
        let words = if model.has_search() { search::words(self.get("q").unwrap_or_default()) } else { Vec::new() };
        let span = match self.date_part(model)? {
            Some((field, part)) => part.bounds(field, zone)?.to_vec(),
            None => Vec::new(),
        };
        Some(ListQuery { words, order, filters, span, bounds, ids, offset: 0, limit: None, now, zone: zone.clone() })
    }
}

/// `o=2.-1`: columns by their numbers, descending with a minus. None if one of them cannot be sorted by.
fn parse_order(order: &str, model: &dyn AdminModel) -> Option<Vec<(&'static str, bool)>> {
    let mut unique: Vec<(&'static str, bool)> = Vec::new();
    for part in order.split('.') {
        let (number, descending) = part.strip_prefix('-').map_or((part, false), |number| (number, true));
        let column = number.parse::<usize>().ok()?.checked_sub(1)?;
        let name = *model.list_display().get(column).filter(|name| model.sortable().contains(name))?;
        if !unique.iter().any(|(known, _)| *known == name) {
            unique.push((name, descending));
        }
    }
    Some(unique)
}
