//! Makes a [`ListQuery`] from the query string of a list.

use chrono::NaiveDateTime;
use diesel::QueryResult;

use super::dates::DatePart;
use super::list_query::ListQuery;
use super::lookups::Lookups;
use super::params::Params;
use super::search;
use crate::admin::registry::registered::{Record, RegisteredModel};
use crate::clock::TimeZone;
use crate::db::Connection;

/// How many objects one query reads, where all objects are wanted.
const READ_AT_ONCE: i64 = 1000;

/// Every object that a query finds, on all pages. They are read in parts, because databases limit the number of ids in
/// a query.
///
/// # Errors
/// If the database does not answer.
pub fn all_records(conn: &mut Connection, model: &dyn RegisteredModel, query: &ListQuery) -> QueryResult<Vec<Record>> {
    let mut records = Vec::new();
    let mut offset = 0;
    let matching = model.count(conn, query)?;
    while offset < matching {
        // A part may have fewer objects than its limit, because objects that cannot be read are left out.
        records.extend(model.records(conn, &ListQuery { offset, limit: Some(READ_AT_ONCE), ..query.clone() })?);
        offset += READ_AT_ONCE;
    }
    Ok(records)
}

impl Params {
    /// The list that the query string asks for; None if a key is not one of the model's or a value is not valid.
    pub fn list_query(&self, model: &dyn RegisteredModel, now: NaiveDateTime, zone: &TimeZone) -> Option<ListQuery> {
        let Lookups { filters, bounds, ids } = Lookups::read(self, model, zone)?;
        let order = match self.get("o") {
            None | Some("") => model.ordering().to_vec(),
            Some(order) => parse_order(order, model)?,
        };
        let words = if model.has_search() { search::words(self.get("q").unwrap_or_default()) } else { Vec::new() };
        let span = match self.date_part(model) {
            DateChoice::All => Vec::new(),
            DateChoice::Part(field, part) => part.bounds(field, zone)?.to_vec(),
            DateChoice::Invalid => return None,
        };
        Some(ListQuery { words, order, filters, span, bounds, ids, offset: 0, limit: None, now, zone: zone.clone() })
    }
}

/// Reads `o=2.-1`: column numbers from 1, with a minus for descending. None if the list cannot be sorted by one of
/// them.
fn parse_order(order: &str, model: &dyn RegisteredModel) -> Option<Vec<(&'static str, bool)>> {
    let fields = model.fields();
    let sortable: Vec<_> = fields.iter().filter(|field| field.sortable).map(|field| field.name).collect();
    let mut unique: Vec<(&'static str, bool)> = Vec::new();
    for part in order.split('.') {
        let (number, descending) = part.strip_prefix('-').map_or((part, false), |number| (number, true));
        let column = number.parse::<usize>().ok()?.checked_sub(1)?;
        let name = *model.list_display().get(column).filter(|name| sortable.contains(name))?;
        if !unique.iter().any(|(known, _)| *known == name) {
            unique.push((name, descending));
        }
    }
    Some(unique)
}

/// What the query string says about the date hierarchy.
pub enum DateChoice {
    All,
    Part(&'static str, DatePart),
    /// Not a date.
    Invalid,
}

impl Params {
    /// The field of the date hierarchy and the chosen year, month or day.
    pub fn date_part(&self, model: &dyn RegisteredModel) -> DateChoice {
        let Some(field) = model.date_hierarchy() else {
            return DateChoice::All;
        };
        let number = |part: &str| match self.get(&format!("{field}__{part}")) {
            None => Ok(None),
            Some(text) => text.parse::<u32>().map(Some),
        };
        let (Ok(year), Ok(month), Ok(day)) = (number("year"), number("month"), number("day")) else {
            return DateChoice::Invalid;
        };
        match year.map(i32::try_from) {
            None => DateChoice::All,
            Some(Ok(year)) => DateChoice::Part(field, DatePart { year, month, day, hour: None }),
            Some(Err(_)) => DateChoice::Invalid,
        }
    }
}
