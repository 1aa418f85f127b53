//! The newest polls for programs: an Atom feed, and a sitemap for search engines.

use actix_web::HttpRequest;
use actix_web::web::Data;
use askama::Template;
use chrono::NaiveDateTime;

use crate::clock;
use crate::db::Database;
use crate::polls::models::Question;
use crate::polls::{listing, paths};
use crate::web::pages::filters;
use crate::web::{Ambient, Error, Result, SharedDocument};

/// How many polls the feed and the sitemap have.
const IN_FEED: i64 = 30;
const IN_SITEMAP: i64 = 5000;

#[derive(Template)]
#[template(path = "polls/feed.xml", escape = "html")]
struct Feed {
    questions: Vec<Question>,
    updated: NaiveDateTime,
}

#[derive(Template)]
#[template(path = "polls/sitemap.xml", escape = "html")]
struct Sitemap {
    questions: Vec<Question>,
}

/// `GET /polls/feed/`: RFC 4287.
///
/// # Errors
/// The database's error.
pub async fn feed(db: Data<Database>, request: HttpRequest) -> Result<SharedDocument> {
    let questions = newest(&db, IN_FEED).await?;
    let updated = questions.first().map_or_else(NaiveDateTime::default, |question| question.pub_date);
    render(&request, "application/atom+xml; charset=utf-8", &Feed { questions, updated })
}

/// `GET /sitemap.xml`: the protocol of sitemaps.org.
///
/// # Errors
/// The database's error.
pub async fn sitemap(db: Data<Database>, request: HttpRequest) -> Result<SharedDocument> {
    let questions = newest(&db, IN_SITEMAP).await?;
    render(&request, "application/xml; charset=utf-8", &Sitemap { questions })
}

async fn newest(db: &Database, limit: i64) -> Result<Vec<Question>> {
    let now = clock::now();
    let mut questions = db.read(move |conn| listing::newest(conn, now, limit)).await?;
    for question in &mut questions {
        // XML 1.0 has no way to write these.
        question.question_text.retain(|c| !c.is_control() && !matches!(c, '\u{fffe}' | '\u{ffff}'));
    }
    Ok(questions)
}

fn render(request: &HttpRequest, content_type: &'static str, document: &impl Template) -> Result<SharedDocument> {
    let ambient = Ambient::required(request)?;
    let body = document.render_with_values(&*ambient).map_err(|error| Error::Internal(error.into()))?;
    Ok(SharedDocument { content_type, body })
}
