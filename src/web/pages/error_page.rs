//! Renders an error as a page or as a JSON document.

use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, RETRY_AFTER, VARY};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder};
use askama::Template;
use serde::Serialize;

use crate::web::context::installed::NavigationLink;
use crate::web::http::error::RETRY_SECONDS;
use crate::web::pages::filters;
use crate::web::{Ambient, Error};

/// The values of an error page.
#[derive(Template)]
#[template(path = "error.html")]
pub struct ErrorPage {
    pub status: u16,
    pub title: String,
    pub text: String,
    /// Empty if there is none.
    pub request_id: String,
    /// The list in whose part of the site nothing was found.
    pub list: Option<NavigationLink>,
}

/// Renders an error page in the layout of a part of the site, such as the admin; None if the public layout should be
/// used.
pub struct ErrorLayout(pub fn(&HttpRequest, &ErrorPage) -> Option<askama::Result<String>>);

#[derive(Serialize)]
struct ErrorDocument<'a> {
    status: u16,
    error: &'a str,
    detail: &'a str,
    request_id: &'a str,
}

/// The answer to a request that failed: a page, or a JSON document (RFC 8259) for a client that prefers it. `request`
/// is None after a panic, in which the request was lost.
pub fn error_response(
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
    let page =
        ErrorPage { status: status.as_u16(), title, text, request_id: request_id.clone(), list: list(ambient, status) };
    let layout = request.and_then(|request| Some((request, request.app_data::<Data<ErrorLayout>>()?)));
    let html = layout.and_then(|(request, layout)| (layout.0)(request, &page));
    page_or_text(&mut response, html.unwrap_or_else(|| page.render_with_values(ambient)), status)
}

/// For an address that does not exist, the list of the feature below whose address it would be.
fn list(ambient: &Ambient, status: StatusCode) -> Option<NavigationLink> {
    let mut lists = ambient.site.installed.navigation.iter().filter(|_| status == StatusCode::NOT_FOUND);
    lists.find(|link| ambient.target.starts_with(&ambient.site.url(link.path))).copied()
}

/// The part of the names of a status's messages in the catalogue.
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
        // For a visitor the same as 503: the program does not answer.
        502 | 504 => "503",
        501 => "405",
        _ => StatusCode::from_u16(status).map_or("500", group),
    };
    let (title, text) = texts(ambient, group);
    ErrorPage { status, title, text, request_id: String::new(), list: None }.render_with_values(ambient)
}

/// The page, or a line of plain text if the page cannot be rendered.
fn page_or_text(response: &mut HttpResponseBuilder, page: askama::Result<String>, status: StatusCode) -> HttpResponse {
    match page {
        Ok(html) => response.content_type("text/html; charset=utf-8").body(html),
        Err(error) => {
            tracing::error!(target: "polls.request", %error, "The error page could not be rendered.");
            response.content_type("text/plain; charset=utf-8").body(format!("{status}\n"))
        }
    }
}
