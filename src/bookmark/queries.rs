//! Queries on the tables of bookmarks.

#![expect(clippy::missing_errors_doc, reason = "all of these fail as the database does")]

use diesel::dsl::not;
use diesel::prelude::*;

use super::models::{Bookmark, TaggedBookmark};
use super::search::SearchExpression;
use super::{address, links, tagging};
use crate::admin::registry::table::Condition;
use crate::bookmark::schema::{bookmark_bookmark, bookmark_tag, bookmark_tagging};
use crate::db::{self, Backend, Connection, moment};
use crate::text::fold;
use crate::web::pages::pagination::{Start, Window};

type Bookmarks = bookmark_bookmark::BoxedQuery<'static, Backend>;

/// The order of a list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Sort {
    /// By when they came to this site.
    #[default]
    Newest,
    Oldest,
    Title,
}

/// Which bookmarks a list shows.
#[derive(Debug, Clone, Default)]
pub struct ShownBookmarks {
    pub search: Option<SearchExpression>,
    pub sort: Sort,
    /// Whether private bookmarks are among them.
    pub with_private: bool,
}

/// The bookmarks of a window; None in place of a row that cannot be read.
pub fn list(conn: &mut Connection, shown: &ShownBookmarks, window: Window) -> QueryResult<Vec<Option<TaggedBookmark>>> {
    let mut bookmarks = db::readable(
        conn,
        "bookmark_bookmark",
        |conn| page(shown, window).select(Bookmark::as_select()).load(conn),
        |conn| page(shown, window).select(bookmark_bookmark::id).load(conn),
        find,
    )?;
    if matches!(window.start, Start::Before(_)) {
        bookmarks.reverse();
    }
    let readable = bookmarks.iter().flatten().cloned().collect();
    let mut tagged = tagging::with_tags(conn, readable)?.into_iter();
    Ok(bookmarks.into_iter().map(|bookmark| bookmark.and_then(|_| tagged.next())).collect())
}

/// The query for a window: in the list's order, or in the reverse one if the window ends before a bookmark.
fn page(shown: &ShownBookmarks, window: Window) -> Bookmarks {
    use bookmark_bookmark::{id, table, title, url};
    let bookmarks = found(table.into_boxed(), shown).limit(window.limit);
    let bookmarks = match window.start {
        Start::Offset(offset) => bookmarks.offset(offset),
        Start::After(last) => bookmarks.filter(id.lt(last)),
        Start::Before(first) => return bookmarks.filter(id.gt(first)).order(id.asc()),
    };
    match shown.sort {
        Sort::Newest => bookmarks.order(id.desc()),
        Sort::Oldest => bookmarks.order(id.asc()),
        Sort::Title => bookmarks.order((moment::is_null::<title>(true).asc(), title.asc(), url.asc(), id.asc())),
    }
}

fn found(bookmarks: Bookmarks, shown: &ShownBookmarks) -> Bookmarks {
    let bookmarks = match &shown.search {
        Some(search) => bookmarks.filter(db::in_time()).filter(condition(search)),
        None => bookmarks,
    };
    if shown.with_private { bookmarks } else { bookmarks.filter(bookmark_bookmark::is_private.eq(false)) }
}

/// Never NULL, so that its negation finds the other bookmarks.
fn condition(search: &SearchExpression) -> Condition<bookmark_bookmark::table> {
    match search {
        SearchExpression::Word(word) => has_word(word),
        SearchExpression::Tag(name) => {
            let tagged = bookmark_tagging::table
                .inner_join(bookmark_tag::table)
                .filter(bookmark_tag::folded.eq(fold(name)))
                .select(bookmark_tagging::bookmark_id);
            Box::new(bookmark_bookmark::id.eq_any(tagged))
        }
        SearchExpression::Not(inner) => Box::new(not(condition(inner))),
        SearchExpression::All(parts) => joined(parts, |one, other| Box::new(one.and(other))),
        SearchExpression::Any(parts) => joined(parts, |one, other| Box::new(one.or(other))),
    }
}

type Joining =
    fn(Condition<bookmark_bookmark::table>, Condition<bookmark_bookmark::table>) -> Condition<bookmark_bookmark::table>;

fn joined(parts: &[SearchExpression], join: Joining) -> Condition<bookmark_bookmark::table> {
    let conditions = parts.iter().map(condition);
    conditions.reduce(join).unwrap_or_else(|| Box::new(bookmark_bookmark::id.is_not_null()))
}

fn has_word(word: &str) -> Condition<bookmark_bookmark::table> {
    use bookmark_bookmark::{description, title, url};
    let in_texts = title.is_not_null().and(db::contains(title, word)).or(db::contains(description, word));
    let in_texts = in_texts.or(db::contains(url, word)).or(has_tag_with(word));
    if word.is_ascii() {
        return Box::new(in_texts);
    }
    Box::new(in_texts.or(db::contains(url, &address::encoded(word))))
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

pub fn find(conn: &mut Connection, id: i64) -> QueryResult<Bookmark> {
    let bookmark = bookmark_bookmark::table.find(id).select(Bookmark::as_select()).get_result(conn);
    db::of_row("bookmark_bookmark", id, bookmark)
}

/// A bookmark with its tags, if it is shown.
pub fn detail(conn: &mut Connection, id: i64, with_private: bool) -> QueryResult<TaggedBookmark> {
    let bookmark = find(conn, id)?;
    if bookmark.is_private && !with_private {
        return Err(diesel::result::Error::NotFound);
    }
    let tagged = tagging::with_tags(conn, vec![bookmark])?;
    links::with_checks(conn, tagged)?.pop().ok_or(diesel::result::Error::NotFound)
}

/// The first bookmark whose address is another spelling of this one, or this one.
pub fn same_address(conn: &mut Connection, url: &str, with_private: bool) -> QueryResult<Option<TaggedBookmark>> {
    let normal = address::normal(url);
    let shown = ShownBookmarks { with_private, ..ShownBookmarks::default() };
    let of_host = found(bookmark_bookmark::table.filter(db::in_time()).into_boxed(), &shown)
        .filter(db::contains(bookmark_bookmark::url, address::host(url)))
        .order(bookmark_bookmark::id)
        .select((bookmark_bookmark::id, bookmark_bookmark::url));
    let known: Vec<(i64, String)> = of_host.load(conn)?;
    let same = known.into_iter().find(|(_, other)| address::normal(other) == normal);
    same.map(|(id, _)| detail(conn, id, with_private)).transpose()
}

/// The next bookmarks after the one of this id, in the order of their ids.
pub fn after(conn: &mut Connection, last: i64) -> QueryResult<Vec<TaggedBookmark>> {
    const AT_ONCE: i64 = 500;
    let after = bookmark_bookmark::table.filter(bookmark_bookmark::id.gt(last)).order(bookmark_bookmark::id);
    let bookmarks = after.limit(AT_ONCE).select(Bookmark::as_select()).load(conn)?;
    tagging::with_tags(conn, bookmarks)
}
