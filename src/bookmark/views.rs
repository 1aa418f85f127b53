//! The pages of bookmarks.

use askama::Template;
use chrono::NaiveDateTime;
use diesel::QueryResult;

use super::models::Bookmark;
use super::{paths, queries};
use crate::db::Connection;
use crate::web::pages::filters;
use crate::web::pages::generic::{DetailView, ListView};
use crate::web::pages::pagination::{Paginated, Window};

#[derive(Template)]
#[template(path = "bookmark/bookmark_list.html")]
pub struct BookmarkList {
    page: Paginated<Bookmark>,
}

impl ListView for BookmarkList {
    type Object = Bookmark;

    fn objects(conn: &mut Connection, _now: NaiveDateTime, window: Window) -> QueryResult<Vec<Option<Bookmark>>> {
        queries::latest(conn, window)
    }

    fn id(bookmark: &Bookmark) -> i64 {
        bookmark.id
    }

    fn new(page: Paginated<Bookmark>) -> Self {
        Self { page }
    }
}

#[derive(Template)]
#[template(path = "bookmark/bookmark_detail.html")]
pub struct BookmarkDetail {
    bookmark: Bookmark,
}

impl DetailView for BookmarkDetail {
    type Object = Bookmark;

    fn object(conn: &mut Connection, _now: NaiveDateTime, id: i64) -> QueryResult<Bookmark> {
        queries::find(conn, id)
    }

    fn new(bookmark: Bookmark) -> Self {
        Self { bookmark }
    }
}
