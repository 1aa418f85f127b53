//! The Atom feed (RFC 4287) of the newest bookmarks, or of those that a search finds.

use actix_web::HttpRequest;
use actix_web::web::Data;
use askama::Template;
use chrono::NaiveDateTime;

use super::request::asked;
use crate::bookmark::models::TaggedBookmark;
use crate::bookmark::shown::{ShownBookmarks, Sort};
use crate::bookmark::{paths, queries};
use crate::db::Database;
use crate::web::pages::filters;
use crate::web::pages::long_read::read_in_turn;
use crate::web::pages::pagination::{Start, Window};
use crate::web::{Ambient, Error, Result, SharedDocument};

/// How many bookmarks a feed has.
const IN_FEED: i64 = 50;

#[derive(Template)]
#[template(path = "bookmark/feed.xml")]
struct BookmarkFeed {
    search: String,
    bookmarks: Vec<TaggedBookmark>,
}

impl BookmarkFeed {
    fn updated(&self) -> NaiveDateTime {
        self.bookmarks.iter().map(|row| row.bookmark.last_change()).max().unwrap_or_default()
    }
}

/// The text without the characters that XML 1.0 cannot hold.
fn xml(text: impl AsRef<str>) -> String {
    let is_held = |c: &char| matches!(c, '\t' | '\n' | '\r') || (*c >= ' ' && !matches!(c, '\u{fffe}' | '\u{ffff}'));
    text.as_ref().chars().filter(is_held).collect()
}

/// `GET /bookmark/feed/`: public bookmarks only, also for a viewer who may see private ones, because feed readers publish
/// what they read.
///
/// # Errors
/// `Unavailable` if the database does not answer.
pub async fn feed(db: Data<Database>, request: HttpRequest) -> Result<SharedDocument> {
    let ambient = Ambient::required(&request)?;
    let (search, shown) = asked(&request)?;
    let shown = ShownBookmarks { sort: Sort::Newest, with_private: false, ..shown };
    let window = Window { start: Start::Offset(0), limit: IN_FEED };
    let bookmarks = read_in_turn(&db, &ambient, move |conn| queries::list(conn, &shown, window)).await?;
    let feed = BookmarkFeed { search, bookmarks: bookmarks.into_iter().flatten().collect() };
    let body = feed.render_with_values(&*ambient).map_err(|error| Error::Internal(error.into()))?;
    Ok(SharedDocument { content_type: "application/atom+xml; charset=utf-8", body })
}
