//! What is asked of the table of bookmarks.

use diesel::prelude::*;

use super::models::Bookmark;
use crate::db::Connection;
use crate::db::schema::bookmark_bookmark;
use crate::web::pagination::{Start, Window};

/// Bookmarks, newest first.
pub fn latest(conn: &mut Connection, window: Window) -> QueryResult<Vec<Bookmark>> {
    use bookmark_bookmark::{id, table};
    let bookmarks = table.limit(window.limit).select(Bookmark::as_select());
    match window.start {
        Start::Offset(offset) => bookmarks.order(id.desc()).offset(offset).load(conn),
        Start::After(last) => bookmarks.filter(id.lt(last)).order(id.desc()).load(conn),
        Start::Before(first) => {
            let mut bookmarks = bookmarks.filter(id.gt(first)).order(id.asc()).load(conn)?;
            bookmarks.reverse();
            Ok(bookmarks)
        }
    }
}

pub fn find(conn: &mut Connection, id: i64) -> QueryResult<Bookmark> {
    bookmark_bookmark::table.find(id).select(Bookmark::as_select()).get_result(conn)
}
