//! What can go wrong with a request: one type, one page, one JSON form.

use std::borrow::Cow;

use actix_web::http::StatusCode;
use actix_web::http::header::{ACCEPT, CACHE_CONTROL, HeaderMap, LOCATION, Quality, RETRY_AFTER, VARY};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder};
use askama::Template;
use serde::Serialize;

use crate::db;
use crate::web::Ambient;
use crate::web::http::list_header::accepted;
use crate::web::pages::filters;

pub type Result<T> = std::result::Result<T, Error>;

/// Seconds after which a client may try again what was unavailable.
const RETRY_SECONDS: u32 = 2;

/// An answer that is no page of ours. The texts are for the log; visitors read the catalogue's.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("{0}")]
    BadRequest(&'static str),
    #[error("{0}")]
    Forbidden(&'static str),
    /// Where to log in, with the way back; an answer of 302.
    #[error("a login is needed")]
    LoginRequired(String),
    #[error("the viewer lacks a permission")]
    PermissionDenied,
    #[error("there is no such page")]
    NotFound,
    #[error("the body did not arrive in time")]
    RequestTimeout,
    #[error("nothing proves that the body arrived whole")]
    LengthRequired,
    #[error("the body is larger than data_upload_max_memory_size")]
    PayloadTooLarge,
    #[error("the target is longer than 8 KiB")]
    UriTooLong,
    #[error("the body is no form")]
    UnsupportedMediaType,
    #[error("{0}")]
    Conflict(&'static str),
    #[error("too many tries; the next may come in {0} seconds")]
    TooMany(u32),
    /// What was asked for takes longer than it may.
    #[error("what was asked for took too long")]
    TooSlow,
    /// The same person has asked for something else that is not done yet.
    #[error("something else is being read for the same person")]
    OneAtATime,
    #[error("{0}")]
    Unavailable(Cow<'static, str>),
    #[error("{0}")]
    Internal(Box<dyn std::error::Error + Send + Sync>),
}

impl Error {
    pub fn status(&self) -> StatusCode {
        match self {
            Self::BadRequest(_) => StatusCode::BAD_REQUEST,
            Self::LoginRequired(_) => StatusCode::FOUND,
            Self::Forbidden(_) | Self::PermissionDenied => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::RequestTimeout => StatusCode::REQUEST_TIMEOUT,
            Self::LengthRequired => StatusCode::LENGTH_REQUIRED,
            Self::PayloadTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::UriTooLong => StatusCode::URI_TOO_LONG,
            Self::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Conflict(_) => StatusCode::CONFLICT,
            Self::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::OneAtATime => StatusCode::TOO_MANY_REQUESTS,
            Self::TooSlow | Self::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

impl From<db::Error> for Error {
    fn from(error: db::Error) -> Self {
        match error {
            db::Error::Query(diesel::result::Error::NotFound) => Self::NotFound,
            db::Error::Query(error) => Self::Internal(error.into()),
            db::Error::TooSlow => Self::TooSlow,
            db::Error::OneAtATime => Self::OneAtATime,
            db::Error::Busy(_) | db::Error::Unreachable(_) | db::Error::Refused(_) => {
                Self::Unavailable(error.to_string().into())
            }
        }
    }
}

impl From<diesel::result::Error> for Error {
    fn from(error: diesel::result::Error) -> Self {
        db::Error::from(error).into()
    }
}

/// Carries the error to [`crate::web::edge`], which gives it its face.
impl actix_web::ResponseError for Error {
    fn status_code(&self) -> StatusCode {
        self.status()
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::build(self.status());
        match self {
            Self::LoginRequired(location) => {
                response.insert_header((LOCATION, location.as_str())).insert_header((CACHE_CONTROL, "no-store"));
            }
            Self::TooMany(seconds) => {
                response.insert_header((RETRY_AFTER, *seconds));
            }
            Self::OneAtATime => {
                response.insert_header((RETRY_AFTER, RETRY_SECONDS));
            }
            _ => {}
        }
        response.finish()
    }
}

/// What the page of an error says.
#[derive(Template)]
#[template(path = "error.html")]
pub struct ErrorPage {
    pub status: u16,
    pub title: String,
    pub text: String,
    /// Empty where there is none.
    pub request_id: String,
}

/// Draws the errors of a part of the site that has a frame of its own; None leaves them to the public one.
pub struct Frame(pub fn(&HttpRequest, &ErrorPage) -> Option<askama::Result<String>>);

#[derive(Serialize)]
struct ErrorDocument<'a> {
    status: u16,
    error: &'a str,
    detail: &'a str,
    request_id: &'a str,
}

/// The page, or to a client that asks for JSON the document, of a status. The request is not there any more
/// after a panic.
pub fn face(
    ambient: &Ambient,
    request: Option<&HttpRequest>,
    status: StatusCode,
    error: Option<&Error>,
    json: bool,
) -> HttpResponse {
    let group = match error {
        Some(Error::PermissionDenied) => "denied",
        Some(Error::TooSlow) => "slow",
        Some(Error::OneAtATime) => "busy",
        _ => group(status),
    };
    let (title, text) = texts(ambient, group);
    let request_id = &ambient.request_id;
    let mut response = HttpResponse::build(status);
    response
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header((VARY, "Accept, Accept-Encoding, Accept-Language, Cookie"));
    if status == StatusCode::SERVICE_UNAVAILABLE && !matches!(error, Some(Error::TooSlow)) {
        response.insert_header((RETRY_AFTER, RETRY_SECONDS));
    }
    if json {
        return response.json(ErrorDocument { status: status.as_u16(), error: &title, detail: &text, request_id });
    }
    let page = ErrorPage { status: status.as_u16(), title, text, request_id: request_id.clone() };
    let frame = request.and_then(|request| Some((request, request.app_data::<Data<Frame>>()?)));
    let framed = frame.and_then(|(request, frame)| (frame.0)(request, &page));
    page_or_text(&mut response, framed.unwrap_or_else(|| page.render_with_values(ambient)), status)
}

/// The texts of the catalogue that fit a status.
fn group(status: StatusCode) -> &'static str {
    match status.as_u16() {
        403 => "403",
        404 => "404",
        405 => "405",
        408 => "408",
        409 => "409",
        411 => "411",
        413 => "413",
        414 => "414",
        415 => "415",
        429 => "429",
        503 => "503",
        500.. => "500",
        _ => "400",
    }
}

fn texts(ambient: &Ambient, group: &str) -> (String, String) {
    (ambient.text(&format!("error-{group}-title")), ambient.text(&format!("error-{group}-text")))
}

/// The statuses that a web server in front answers by itself.
pub const OF_WEB_SERVER: [u16; 16] = [400, 403, 404, 405, 408, 411, 413, 414, 416, 417, 431, 500, 501, 502, 503, 504];

/// The page of a status that a web server in front of the program answers by itself.
///
/// # Errors
/// If the page cannot be rendered.
pub fn page_of_web_server(ambient: &Ambient, status: u16) -> askama::Result<String> {
    let group = match status {
        403 => "closed",
        // To a visitor the same as 503: the program does not answer.
        502 | 504 => "503",
        501 => "405",
        _ => StatusCode::from_u16(status).map_or("500", group),
    };
    let (title, text) = texts(ambient, group);
    ErrorPage { status, title, text, request_id: String::new() }.render_with_values(ambient)
}

/// Even a page that cannot be rendered is answered.
fn page_or_text(response: &mut HttpResponseBuilder, page: askama::Result<String>, status: StatusCode) -> HttpResponse {
    match page {
        Ok(html) => response.content_type("text/html; charset=utf-8").body(html),
        Err(error) => {
            tracing::error!(target: "polls.request", %error, "The error page could not be rendered.");
            response.content_type("text/plain; charset=utf-8").body(format!("{status}\n"))
        }
    }
}

/// Whether a client would rather have JSON than a page.
pub fn wants_json(headers: &HeaderMap) -> bool {
    let (mut json, mut html) = (Quality::ZERO, Quality::ZERO);
    for (media_range, quality) in accepted::<String>(headers, &ACCEPT) {
        let best = match media_range.to_ascii_lowercase().as_str() {
            "application/json" | "application/problem+json" => &mut json,
            "text/html" | "application/xhtml+xml" | "text/*" => &mut html,
            _ => continue,
        };
        *best = quality.max(*best);
    }
    json > html
}
