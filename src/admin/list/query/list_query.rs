//! The query of a list, as a model's table answers it.

use chrono::NaiveDateTime;

use super::dates::DateBound;
use super::search;
use crate::clock::TimeZone;

/// The query of a list, checked against the model.
#[derive(Debug, Clone, Default)]
pub struct ListQuery {
    /// The words of the search; an object must have all of them.
    pub words: Vec<String>,
    /// The sort order: fields, each with whether it is descending.
    pub order: Vec<(&'static str, bool)>,
    /// The used filters and their values.
    pub filters: Vec<(&'static str, String)>,
    /// The two conditions of the date hierarchy, each with its field: from when, and before when.
    pub span: Vec<(&'static str, DateBound)>,
    /// The other conditions on date fields.
    pub bounds: Vec<(&'static str, DateBound)>,
    /// If set, only objects with these ids.
    pub ids: Option<Vec<i64>>,
    pub offset: i64,
    pub limit: Option<i64>,
    /// The time of the request in UTC, and the site's time zone, for filters such as "today".
    pub now: NaiveDateTime,
    pub zone: TimeZone,
}

impl ListQuery {
    /// A query for the objects that have all words of a search text.
    pub fn of_words(text: &str) -> Self {
        Self { words: search::words(text), ..Self::default() }
    }

    /// The largest number of rows that is wanted. It is always a number, because SQLite and MySQL have no OFFSET
    /// without LIMIT.
    pub fn most(&self) -> i64 {
        self.limit.unwrap_or(i64::MAX)
    }

    /// All conditions on date fields, each with the field's name.
    pub fn dates(&self) -> impl Iterator<Item = (&'static str, DateBound)> {
        self.span.iter().chain(&self.bounds).copied()
    }
}
