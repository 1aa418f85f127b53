//! What is asked of the table of bookmarks.

use diesel::prelude::*;

use super::models::Bookmark;
use crate::db::schema::bookmark_bookmark;
use crate::db::{self, Connection};
use crate::web::pagination::Window;

/// Bookmarks, newest first.
pub fn latest(conn: &mut Connection, window: Window) -> QueryResult<Vec<Option<Bookmark>>> {
    let newest =
        || bookmark_bookmark::table.order(bookmark_bookmark::id.desc()).offset(window.offset).limit(window.limit);
    db::readable(
        conn,
        "bookmark_bookmark",
        |conn| newest().select(Bookmark::as_select()).load(conn),
        |conn| newest().select(bookmark_bookmark::id).load(conn),
        find,
    )
}

pub fn find(conn: &mut Connection, id: i64) -> QueryResult<Bookmark> {
    let bookmark = bookmark_bookmark::table.find(id).select(Bookmark::as_select()).get_result(conn);
    db::of_row("bookmark_bookmark", id, bookmark)
}
