//! A list as it is asked of a model's table.

use chrono::NaiveDateTime;

use super::dates::DateBound;
use super::search;
use crate::clock::TimeZone;

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
    pub span: Vec<(&'static str, DateBound)>,
    /// Other bounds of date fields.
    pub bounds: Vec<(&'static str, DateBound)>,
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
    pub fn dates(&self) -> impl Iterator<Item = (&'static str, DateBound)> {
        self.span.iter().chain(&self.bounds).copied()
    }
}
