//! A bookmark as a file has it.

use std::borrow::Cow;

use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeDelta};

use crate::bookmark::{address, tags};
use crate::clock;

/// The longest description that is kept, and the longest notes, in characters.
pub const LONGEST_DESCRIPTION: usize = 10_000;

/// What linkding, and so our export, writes into a file that has no place for notes and the archive: notes between two
/// marks at the end of the description, and a tag.
pub const NOTES: [&str; 2] = ["[linkding-notes]", "[/linkding-notes]"];
pub const ARCHIVED_TAG: &str = "linkding:bookmarks.archived";

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
    pub is_archived: bool,
    pub notes: String,
    /// The path of its folder.
    pub folder: String,
    /// What was left out of it.
    pub losses: Vec<&'static str>,
}

/// What a reader of a file finds.
pub enum FileItem {
    Bookmark(ForeignBookmark),
    /// Something that cannot be read, in which line, and why.
    Broken(u64, Cow<'static, str>),
}

impl ForeignBookmark {
    pub fn set_title(&mut self, text: &str) {
        let title = text.split_whitespace().collect::<Vec<_>>().join(" ");
        self.title = self.cut(&title, address::LONGEST_TITLE, "the end of the title");
    }

    pub fn set_description(&mut self, text: &str) {
        let description = text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n");
        self.description = self.cut(description.trim(), LONGEST_DESCRIPTION, "the end of the description");
    }

    pub fn set_notes(&mut self, text: &str) {
        self.notes = self.cut(text.trim(), LONGEST_DESCRIPTION, "the end of the notes");
    }

    /// Takes these names as tags, each once, as far as a bookmark can have them.
    pub fn set_tags(&mut self, names: impl Iterator<Item = String>) {
        let (mut named, too_long): (Vec<_>, Vec<_>) =
            tags::unique(names).into_iter().partition(|tag| !tags::is_too_long(tag));
        if !too_long.is_empty() || named.len() > tags::MOST {
            self.losses.push("tags that are too long or too many");
        }
        named.truncate(tags::MOST);
        self.tags = named;
    }

    fn cut(&mut self, text: &str, longest: usize, loss: &'static str) -> String {
        if text.chars().count() <= longest {
            return text.to_owned();
        }
        self.losses.push(loss);
        text.chars().take(longest - 1).chain(['…']).collect()
    }
}

/// A time in seconds, milliseconds or microseconds since 1970, or in microseconds since 1601 (Windows), or by ISO 8601.
/// None if it is none that a bookmark can have.
pub fn time(text: &str) -> Option<NaiveDateTime> {
    const SINCE_1601: i64 = 11_644_473_600_000_000;
    let time = match text.trim().parse::<i64>() {
        Ok(number) => DateTime::from_timestamp_micros(if number < 100_000_000_000 {
            number.checked_mul(1_000_000)?
        } else if number < 100_000_000_000_000 {
            number.checked_mul(1000)?
        } else if number < 10_000_000_000_000_000 {
            number
        } else {
            number.checked_sub(SINCE_1601)?
        })?
        .naive_utc(),
        Err(_) => DateTime::parse_from_rfc3339(text.trim()).ok()?.naive_utc(),
    };
    let first = NaiveDate::from_ymd_opt(1990, 1, 1)?.and_time(chrono::NaiveTime::MIN);
    (first..clock::now() + TimeDelta::days(2)).contains(&time).then(|| clock::storable(time))
}
