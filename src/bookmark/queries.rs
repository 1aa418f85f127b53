//! What is asked of the table of bookmarks.

use diesel::prelude::*;

use super::models::Bookmark;
use crate::db::Connection;
use crate::db::schema::bookmark_bookmark;
use crate::web::pagination::Window;

/// Bookmarks, newest first.
pub fn latest(conn: &mut Connection, window: Window) -> QueryResult<Vec<Bookmark>> {
    bookmark_bookmark::table
        .order(bookmark_bookmark::id.desc())
        .offset(window.offset)
        .limit(window.limit)
        .select(Bookmark::as_select())
        .load(conn)
}

pub fn find(conn: &mut Connection, id: i64) -> QueryResult<Bookmark> {
    bookmark_bookmark::table.find(id).select(Bookmark::as_select()).get_result(conn)
}
