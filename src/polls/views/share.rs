//! Ways to pass a poll on: its address as a QR code, and the page that other sites may embed.

use actix_web::http::header::CONTENT_SECURITY_POLICY;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, Responder as _};
use askama::Template;
use chrono::NaiveDateTime;
use diesel::OptionalExtension as _;
use form_urlencoded::parse;
use serde::Serialize;

use super::embed_code::{HEIGHT, WIDTH, absolute, code, frame_ancestors};
use super::results::read;
use crate::clock;
use crate::db::Database;
use crate::polls::models::Question;
use crate::polls::outcome::PollOutcome;
use crate::polls::stage::Stage;
use crate::polls::{paths, queries};
use crate::web::pages::filters;
use crate::web::pages::qr::QrPicture;
use crate::web::paths::HOME;
use crate::web::{Ambient, Error, Id, Page, Result, SharedDocument};

/// `GET /polls/{id}/qr.svg`.
///
/// # Errors
/// `NotFound` if there is no such question, or the database's error.
pub async fn qr_svg(db: Data<Database>, request: HttpRequest, id: Id) -> Result<SharedDocument> {
    let body = picture(&db, &request, id).await?.svg();
    Ok(SharedDocument { content_type: "image/svg+xml", body })
}

/// `GET /polls/{id}/qr.png`.
///
/// # Errors
/// As of [`qr_svg`].
pub async fn qr_png(db: Data<Database>, request: HttpRequest, id: Id) -> Result<SharedDocument<Vec<u8>>> {
    let body = picture(&db, &request, id).await?.png().map_err(|error| Error::Internal(error.into()))?;
    Ok(SharedDocument { content_type: "image/png", body })
}

/// The address of a poll that is public, or will be.
async fn picture(db: &Database, request: &HttpRequest, id: Id) -> Result<QrPicture> {
    let (ambient, now) = (Ambient::required(request)?, clock::now());
    db.read(move |conn| match queries::published(conn, now, id.0).optional()? {
        Some(_) => Ok(()),
        None => queries::upcoming(conn, now, id.0).map(drop),
    })
    .await?;
    let address = absolute(&ambient, &paths::detail(id.0));
    QrPicture::of(&address).map_err(|error| Error::Internal(error.to_string().into()))
}

/// A poll in a frame of another site. No ballot is in it: a browser sends no cookies from such a frame, and a site could
/// lay something else over its buttons. A link opens the poll's own page.
#[derive(Template)]
#[template(path = "polls/embed.html")]
struct EmbeddedPoll {
    question: Question,
    stage: Stage,
    open_until: Option<NaiveDateTime>,
    /// None if not everybody may see it.
    outcome: Option<PollOutcome>,
    summary: Option<String>,
}

/// `GET /polls/{id}/embed/`, where the settings name sites that may embed it.
///
/// # Errors
/// `NotFound` if the question is not public or no site may embed polls, or the database's error.
pub async fn embed(db: Data<Database>, request: HttpRequest, id: Id) -> Result<HttpResponse> {
    let ambient = Ambient::required(&request)?;
    let policy = frame_ancestors(&ambient).ok_or(Error::NotFound)?;
    let (question, outcome) = read(&db, &ambient, id, false).await?;
    let now = clock::now();
    // Also for staff, who see it on the page of the results.
    let outcome = outcome.filter(|_| question.shows_results_to_all(now)).map(PollOutcome::by_place);
    let page = Page::new(EmbeddedPoll {
        stage: Stage::of(&question, now),
        open_until: question.open_until(now),
        summary: outcome.as_ref().and_then(|outcome| outcome.summary(&ambient)),
        question,
        outcome,
    });
    let mut response = page.respond_to(&request);
    response.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
    Ok(response)
}

/// The answer of oEmbed 1.0 (oembed.com).
#[derive(Serialize)]
struct OEmbed {
    version: &'static str,
    #[serde(rename = "type")]
    kind: &'static str,
    provider_name: String,
    provider_url: String,
    title: String,
    html: String,
    width: u32,
    height: u32,
}

/// `GET /polls/{id}/oembed.json`, to which the poll's page links. `maxwidth` and `maxheight` are the most pixels that
/// the other site has.
///
/// # Errors
/// As of [`embed`].
pub async fn oembed(db: Data<Database>, request: HttpRequest, id: Id) -> Result<SharedDocument> {
    let (ambient, now) = (Ambient::required(&request)?, clock::now());
    frame_ancestors(&ambient).ok_or(Error::NotFound)?;
    let question = db.read(move |conn| queries::published(conn, now, id.0)).await?;
    let most = |name: &str, size: u32| {
        let mut asked = parse(request.query_string().as_bytes()).filter(|(asked, _)| asked == name);
        asked.next().and_then(|(_, most)| most.parse().ok()).map_or(size, |most: u32| most.min(size))
    };
    let (width, height) = (most("maxwidth", WIDTH), most("maxheight", HEIGHT));
    let html = code(&ambient, &question, width, height).render().map_err(|error| Error::Internal(error.into()))?;
    let body = serde_json::to_string(&OEmbed {
        version: "1.0",
        kind: "rich",
        provider_name: ambient.text("site-name"),
        provider_url: absolute(&ambient, HOME),
        title: question.question_text,
        html,
        width,
        height,
    });
    Ok(SharedDocument { content_type: "application/json", body: body.map_err(|error| Error::Internal(error.into()))? })
}
