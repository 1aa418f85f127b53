//! The newest bookmarks, on the home page.

use askama::Template;
use chrono::NaiveDateTime;
use diesel::QueryResult;

use crate::bookmark::models::TaggedBookmark;
use crate::bookmark::shown::ShownBookmarks;
use crate::bookmark::{paths, queries};
use crate::db::Connection;
use crate::web::context::installed::HomeSection;
use crate::web::pages::filters;
use crate::web::pages::pagination::{Start, Window};

/// How many bookmarks the home page shows.
const ON_HOME: i64 = 5;

#[derive(Template)]
#[template(path = "bookmark/home.html")]
struct LatestBookmarks {
    bookmarks: Vec<TaggedBookmark>,
}

/// Public bookmarks only, also for a viewer who may see private ones: the home page shows everybody the same.
///
/// # Errors
/// If the database does not answer.
pub fn section(conn: &mut Connection, _now: NaiveDateTime) -> QueryResult<HomeSection> {
    let window = Window { start: Start::Offset(0), limit: ON_HOME };
    let bookmarks = queries::list(conn, &ShownBookmarks::default(), window)?.into_iter().flatten().collect();
    Ok(Box::new(LatestBookmarks { bookmarks }))
}
