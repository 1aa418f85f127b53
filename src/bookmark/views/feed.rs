//! The Atom feed (RFC 4287) of the newest bookmarks, or of those that a search finds.

use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, ETAG, VARY};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use chrono::NaiveDateTime;

use super::request::{asked, origin, read_in_turn};
use crate::bookmark::models::TaggedBookmark;
use crate::bookmark::queries::{ShownBookmarks, Sort};
use crate::bookmark::{paths, queries};
use crate::db::Database;
use crate::web::pages::filters;
use crate::web::pages::page::{SHARED, is_known, weak_tag};
use crate::web::pages::pagination::PageQuery;
use crate::web::{Ambient, Error, Result};

/// How many bookmarks a feed has.
const IN_FEED: i64 = 50;

#[derive(Template)]
#[template(path = "bookmark/feed.xml")]
struct BookmarkFeed {
    origin: String,
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

/// `GET /bookmark/feed/`. It has no private bookmarks, whoever asks: a feed reader hands on what it reads.
///
/// # Errors
/// `Unavailable` if the database does not answer.
pub async fn feed(db: Data<Database>, request: HttpRequest) -> Result<HttpResponse> {
    let (search, shown) = asked(&request)?;
    let shown = ShownBookmarks { sort: Sort::Newest, with_private: false, ..shown };
    let window = PageQuery::read("", IN_FEED - 1)?.window();
    let bookmarks = read_in_turn(&db, &request, move |conn| queries::list(conn, &shown, window)).await?;
    let feed = BookmarkFeed { origin: origin(&request)?, search, bookmarks: bookmarks.into_iter().flatten().collect() };
    let ambient = Ambient::required(&request)?;
    let xml = feed.render_with_values(&*ambient).map_err(|error| Error::Internal(error.into()))?;
    let tag = weak_tag(&xml);
    let mut response = HttpResponse::Ok();
    response
        .insert_header((CACHE_CONTROL, SHARED))
        .insert_header((VARY, "Accept-Encoding, Accept-Language, Cookie"))
        .insert_header((ETAG, tag.as_str()));
    if is_known(request.headers(), &tag) {
        return Ok(response.status(StatusCode::NOT_MODIFIED).finish());
    }
    Ok(response.content_type("application/atom+xml; charset=utf-8").body(xml))
}
