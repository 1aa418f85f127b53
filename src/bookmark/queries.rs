//! Queries on the table of bookmarks.

use diesel::prelude::*;

use super::models::Bookmark;
use crate::bookmark::schema::bookmark_bookmark;
use crate::db::{self, Backend, Connection};
use crate::web::pages::pagination::{Start, Window};

/// The bookmarks of a window, newest first; None in place of a row that cannot be read.
pub fn latest(conn: &mut Connection, window: Window) -> QueryResult<Vec<Option<Bookmark>>> {
    let mut bookmarks = db::readable(
        conn,
        "bookmark_bookmark",
        |conn| page(window).select(Bookmark::as_select()).load(conn),
        |conn| page(window).select(bookmark_bookmark::id).load(conn),
        find,
    )?;
    if matches!(window.start, Start::Before(_)) {
        bookmarks.reverse();
    }
    Ok(bookmarks)
}

/// The query for a window: newest first, or oldest first if the window ends before a bookmark.
fn page(window: Window) -> bookmark_bookmark::BoxedQuery<'static, Backend> {
    use bookmark_bookmark::{id, table};
    let bookmarks = table.limit(window.limit);
    match window.start {
        Start::Offset(offset) => bookmarks.order(id.desc()).offset(offset).into_boxed(),
        Start::After(last) => bookmarks.filter(id.lt(last)).order(id.desc()).into_boxed(),
        Start::Before(first) => bookmarks.filter(id.gt(first)).order(id.asc()).into_boxed(),
    }
}

pub fn find(conn: &mut Connection, id: i64) -> QueryResult<Bookmark> {
    let bookmark = bookmark_bookmark::table.find(id).select(Bookmark::as_select()).get_result(conn);
    db::of_row("bookmark_bookmark", id, bookmark)
}
