//! Bookmarks as files, in and out.

mod export;
mod import;
mod markup;
mod netscape;
mod netscape_writer;

pub use export::{ExchangeFormat, export};
pub use import::{ImportNote, ImportRules, ImportSummary, import};

use chrono::NaiveDateTime;

/// A bookmark of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ForeignBookmark {
    /// The line of the file in which it begins.
    pub line: u64,
    pub url: String,
    pub title: String,
    pub description: String,
    pub tags: Vec<String>,
    pub added_at: Option<NaiveDateTime>,
    pub changed_at: Option<NaiveDateTime>,
    pub is_private: bool,
    pub unread: bool,
    /// What was left out of it.
    pub losses: Vec<&'static str>,
}
