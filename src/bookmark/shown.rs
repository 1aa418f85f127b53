//! Which bookmarks a list shows, as conditions for the database. Every list and count of bookmarks for visitors goes
//! through here, so that none of them forgets what is private or put away.

use chrono::NaiveDateTime;
use diesel::dsl::not;
use diesel::prelude::*;

use super::address;
use super::search::SearchExpression;
use crate::admin::registry::table::Condition;
use crate::bookmark::schema::{bookmark_bookmark, bookmark_tag, bookmark_tagging};
use crate::db::moment::compare;
use crate::db::{self, Backend};
use crate::text::fold;

pub type Bookmarks = bookmark_bookmark::BoxedQuery<'static, Backend>;

/// The order of a list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Sort {
    /// By when they came to this site.
    #[default]
    Newest,
    Oldest,
    Title,
}

/// Whether a list shows what was put away.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Archived {
    #[default]
    Hidden,
    Only,
    Too,
}

/// Which bookmarks a list shows.
#[derive(Debug, Clone, Default)]
pub struct ShownBookmarks {
    pub search: Option<SearchExpression>,
    pub sort: Sort,
    /// Whether private bookmarks are among them; a search then looks into notes too.
    pub with_private: bool,
    pub archived: Archived,
    /// Only those that came to this site after this time in UTC.
    pub added_since: Option<NaiveDateTime>,
    /// Only those that came or were changed after this time in UTC.
    pub modified_since: Option<NaiveDateTime>,
}

impl ShownBookmarks {
    /// Every bookmark there is.
    pub fn all() -> Self {
        Self { with_private: true, archived: Archived::Too, ..Self::default() }
    }

    /// The values of `is_private` that it shows.
    pub fn privacies(&self) -> Vec<bool> {
        if self.with_private { vec![false, true] } else { vec![false] }
    }

    /// The values of `is_archived` that it shows.
    pub fn shelves(&self) -> Vec<bool> {
        match self.archived {
            Archived::Hidden => vec![false],
            Archived::Only => vec![true],
            Archived::Too => vec![false, true],
        }
    }

    /// Those of the bookmarks that the list shows.
    pub fn among(&self, bookmarks: Bookmarks) -> Bookmarks {
        use bookmark_bookmark::{added_at, changed_at, is_archived, is_private};
        let mut bookmarks = match &self.search {
            Some(search) => bookmarks.filter(db::in_time()).filter(condition(search, self.with_private)),
            None => bookmarks,
        };
        if !self.with_private {
            bookmarks = bookmarks.filter(is_private.eq(false));
        }
        if self.archived != Archived::Too {
            bookmarks = bookmarks.filter(is_archived.eq(self.archived == Archived::Only));
        }
        if let Some(since) = self.added_since {
            bookmarks = bookmarks.filter(compare::<added_at>(">", since));
        }
        if let Some(since) = self.modified_since {
            bookmarks = bookmarks.filter(compare::<changed_at>(">", since).or(compare::<added_at>(">", since)));
        }
        bookmarks
    }
}

/// Never NULL, so that its negation finds the other bookmarks.
fn condition(search: &SearchExpression, in_notes: bool) -> Condition<bookmark_bookmark::table> {
    match search {
        SearchExpression::Word(word) => has_word(word, in_notes),
        SearchExpression::Tag(name) => {
            let tagged = bookmark_tagging::table
                .inner_join(bookmark_tag::table)
                .filter(bookmark_tag::folded.eq(fold(name)))
                .select(bookmark_tagging::bookmark_id);
            Box::new(bookmark_bookmark::id.eq_any(tagged))
        }
        SearchExpression::Not(inner) => Box::new(not(condition(inner, in_notes))),
        SearchExpression::All(parts) => joined(parts, in_notes, |one, other| Box::new(one.and(other))),
        SearchExpression::Any(parts) => joined(parts, in_notes, |one, other| Box::new(one.or(other))),
    }
}

type Joining =
    fn(Condition<bookmark_bookmark::table>, Condition<bookmark_bookmark::table>) -> Condition<bookmark_bookmark::table>;

fn joined(parts: &[SearchExpression], in_notes: bool, join: Joining) -> Condition<bookmark_bookmark::table> {
    let conditions = parts.iter().map(|part| condition(part, in_notes));
    conditions.reduce(join).unwrap_or_else(|| Box::new(bookmark_bookmark::id.is_not_null()))
}

fn has_word(word: &str, in_notes: bool) -> Condition<bookmark_bookmark::table> {
    use bookmark_bookmark::{description, notes, title, url};
    let in_texts = title.is_not_null().and(db::contains(title, word)).or(db::contains(description, word));
    let mut found: Condition<bookmark_bookmark::table> =
        Box::new(in_texts.or(db::contains(url, word)).or(has_tag_with(word)));
    if in_notes {
        found = Box::new(found.or(db::contains(notes, word)));
    }
    if !word.is_ascii() {
        found = Box::new(found.or(db::contains(url, &address::encoded(word))));
    }
    found
}

/// Finds bookmarks with a tag that has this word in its name.
pub fn has_tag_with(word: &str) -> Condition<bookmark_bookmark::table> {
    let tagged = bookmark_tagging::table
        .inner_join(bookmark_tag::table)
        .filter(db::in_time())
        .filter(db::contains(bookmark_tag::name, word))
        .select(bookmark_tagging::bookmark_id);
    Box::new(bookmark_bookmark::id.eq_any(tagged))
}
