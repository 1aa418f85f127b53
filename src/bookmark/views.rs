//! The pages of bookmarks.

use askama::Template;
use chrono::NaiveDateTime;
use diesel::QueryResult;

use super::models::Bookmark;
use super::{paths, queries};
use crate::db::Connection;
use crate::web::context::installed::HomeSection;
use crate::web::pages::filters;
use crate::web::pages::generic::{DetailView, ListView};
use crate::web::pages::pagination::{Paginated, Start, Window};

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

/// How many bookmarks the home page shows.
const ON_HOME: i64 = 5;

/// The newest bookmarks, on the home page.
#[derive(Template)]
#[template(path = "bookmark/home.html")]
struct LatestBookmarks {
    bookmarks: Vec<Bookmark>,
}

/// # Errors
/// If the database does not answer.
pub fn latest(conn: &mut Connection, _now: NaiveDateTime) -> QueryResult<HomeSection> {
    let window = Window { start: Start::Offset(0), limit: ON_HOME };
    let bookmarks = queries::latest(conn, window)?.into_iter().flatten().collect();
    Ok(Box::new(LatestBookmarks { bookmarks }))
}
