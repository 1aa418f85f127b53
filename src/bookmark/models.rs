//! The model of a bookmark.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::address;
use super::links::LinkState;
use crate::bookmark::schema::{bookmark_bookmark, bookmark_check};
use crate::text::is_blank;

#[derive(Debug, Clone, Default, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = bookmark_bookmark, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct Bookmark {
    #[diesel(skip_insertion)]
    pub id: i64,
    pub title: Option<String>,
    pub url: String,
    /// The time in UTC at which it was added; None if that is unknown, as for bookmarks that Django made.
    #[diesel(skip_update)]
    pub added_at: Option<NaiveDateTime>,
    pub description: String,
    /// Whether only those see it who have the permission to view bookmarks.
    pub is_private: bool,
    /// Whether it is to be read later.
    pub unread: bool,
    /// The time in UTC of its last change; None if it was never changed.
    pub changed_at: Option<NaiveDateTime>,
    /// Remarks for those who have the permission to view bookmarks; on no public page.
    pub notes: String,
    /// Whether it is put away: kept, and in no public list, feed or count of tags.
    pub is_archived: bool,
    /// The path of its folder ([`crate::bookmark::folder`]); empty for none.
    pub folder: String,
}

/// A bookmark with the names of its tags, and with what was found of its link where that is asked for.
#[derive(Debug, Clone, Default)]
pub struct TaggedBookmark {
    pub bookmark: Bookmark,
    pub tags: Vec<String>,
    /// None if it was never checked, or the page does not show it.
    pub check: Option<LinkCheck>,
}

/// What was found last.
#[derive(Debug, Clone, Default, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = bookmark_check, treat_none_as_null = true)]
pub struct LinkCheck {
    pub bookmark_id: i64,
    pub checked_at: NaiveDateTime,
    pub state: String,
    pub status: Option<i32>,
    pub new_address: String,
    /// Since when readers have found no page there; None if they find one.
    pub first_failed_at: Option<NaiveDateTime>,
    pub reason: String,
}

impl LinkCheck {
    /// None for a state of a later version of this program.
    pub fn state(&self) -> Option<LinkState> {
        LinkState::named(&self.state)
    }

    pub fn is_dead(&self) -> bool {
        self.state().is_some_and(LinkState::is_dead)
    }

    /// The status, and why there is none.
    pub fn answer(&self) -> String {
        match self.status {
            Some(status) if self.reason.is_empty() => status.to_string(),
            Some(status) => format!("{status}: {}", self.reason),
            None => self.reason.clone(),
        }
    }
}

impl Bookmark {
    /// The title, or the address if there is no visible title.
    pub fn label(&self) -> &str {
        self.title.as_deref().map(str::trim).filter(|title| !is_blank(title)).unwrap_or(&self.url)
    }

    /// The address, if it may be a link: `javascript:` and the like would run as scripts of this site.
    pub fn link(&self) -> Option<&str> {
        let (scheme, rest) = self.url.split_once("://")?;
        let known = scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https");
        (known && !rest.is_empty()).then_some(&self.url)
    }

    /// The time of its last change; 1970 if it is unknown.
    pub fn last_change(&self) -> NaiveDateTime {
        self.changed_at.max(self.added_at).unwrap_or_default()
    }

    pub fn host(&self) -> &str {
        address::host(&self.url)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bookmark(title: Option<&str>, url: &str) -> Bookmark {
        Bookmark { id: 1, title: title.map(str::to_owned), url: url.to_owned(), ..Bookmark::default() }
    }

    #[test]
    fn a_bookmark_without_a_title_is_called_by_its_address() {
        assert_eq!(bookmark(Some("Rust"), "https://r").label(), "Rust");
        assert_eq!(bookmark(Some(" "), "https://r").label(), "https://r");
        assert_eq!(bookmark(Some("\u{200b}"), "https://r").label(), "https://r");
        assert_eq!(bookmark(None, "https://r").label(), "https://r");
    }

    #[test]
    fn only_web_addresses_are_linked() {
        assert!(bookmark(None, "https://example.com").link().is_some());
        assert!(bookmark(None, "HTTP://example.com").link().is_some());
        for url in [
            "javascript:alert(1)",
            "javascript://%0aalert(1)",
            "data:text/html,x",
            "ftp://example.com",
            "//example.com",
            " https://example.com",
            "",
        ] {
            assert!(bookmark(None, url).link().is_none(), "{url}");
        }
    }
}
