//! Queries on the tables of bookmarks.

#![expect(clippy::missing_errors_doc, reason = "all of these fail as the database does")]

use diesel::prelude::*;

use super::models::{Bookmark, TaggedBookmark};
use super::shown::{Bookmarks, ShownBookmarks, Sort};
use super::{address, links, tagging};
use crate::bookmark::schema::{bookmark_bookmark, bookmark_turn};
use crate::db::{self, Connection, moment};
use crate::web::pages::pagination::{Start, Window};

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
    let bookmarks = shown.among(table.into_boxed()).limit(window.limit);
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

pub fn find(conn: &mut Connection, id: i64) -> QueryResult<Bookmark> {
    let bookmark = bookmark_bookmark::table.find(id).select(Bookmark::as_select()).get_result(conn);
    db::of_row("bookmark_bookmark", id, bookmark)
}

/// The bookmarks with these ids that there are and that can be read.
pub fn with_ids(conn: &mut Connection, ids: &[i64]) -> QueryResult<Vec<Bookmark>> {
    use bookmark_bookmark::{id, table};
    let bookmarks = db::readable(
        conn,
        "bookmark_bookmark",
        |conn| table.filter(id.eq_any(ids)).select(Bookmark::as_select()).load(conn),
        |conn| table.filter(id.eq_any(ids)).select(id).load(conn),
        find,
    )?;
    Ok(bookmarks.into_iter().flatten().collect())
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
    let shown = ShownBookmarks { with_private, ..ShownBookmarks::all() };
    let of_host = shown
        .among(bookmark_bookmark::table.filter(db::in_time()).into_boxed())
        .filter(db::contains(bookmark_bookmark::url, address::host(url)))
        .order(bookmark_bookmark::id)
        .select((bookmark_bookmark::id, bookmark_bookmark::url));
    let known: Vec<(i64, String)> = of_host.load(conn)?;
    let same = known.into_iter().find(|(_, other)| address::normal(other) == normal);
    same.map(|(id, _)| detail(conn, id, with_private)).transpose()
}

/// The public bookmark with this typed address, in whatever spelling.
pub fn public_with_address(conn: &mut Connection, typed: &str) -> QueryResult<Option<Bookmark>> {
    let Some(url) = address::stored(typed) else { return Ok(None) };
    Ok(same_address(conn, &url, false)?.map(|row| row.bookmark))
}

/// Waits until no other transaction adds a bookmark by its address, and lets none until this one ends: the search for
/// another spelling and the addition are then one step.
pub fn take_turn(conn: &mut Connection) -> QueryResult<()> {
    diesel::update(bookmark_turn::table).set(bookmark_turn::turn.eq(bookmark_turn::turn)).execute(conn).map(|_| ())
}

/// How many bookmarks a list shows in all.
pub fn count(conn: &mut Connection, shown: &ShownBookmarks) -> QueryResult<i64> {
    shown.among(bookmark_bookmark::table.filter(db::in_time()).into_boxed()).count().get_result(conn)
}

/// How many bookmarks [`after`] reads.
const AT_ONCE: i64 = 500;

/// The next bookmarks after the one of this id, in the order of their ids; with a folder, those that are in it.
pub fn after(conn: &mut Connection, last: i64, folder: Option<&str>) -> QueryResult<Vec<TaggedBookmark>> {
    let after = bookmark_bookmark::table.filter(bookmark_bookmark::id.gt(last)).order(bookmark_bookmark::id);
    let after = after.limit(AT_ONCE).select(Bookmark::as_select());
    let bookmarks = match folder {
        Some(folder) => after.filter(bookmark_bookmark::folder.eq(folder)).load(conn)?,
        None => after.load(conn)?,
    };
    tagging::with_tags(conn, bookmarks)
}

/// The paths of all folders, without that of no folder.
pub fn folders(conn: &mut Connection) -> QueryResult<Vec<String>> {
    let paths = bookmark_bookmark::table.select(bookmark_bookmark::folder).distinct();
    paths.filter(bookmark_bookmark::folder.ne("")).load(conn)
}
