//! The two answers a handler gives: a page, or the way to another one.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use actix_web::body::BoxBody;
use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, ETAG, HeaderMap, HeaderName, HeaderValue, IF_NONE_MATCH, LOCATION, VARY};
use actix_web::{HttpRequest, HttpResponse, Responder};
use askama::Template;

use crate::web::http::cookies;
use crate::web::http::list_header::members;
use crate::web::{Ambient, Error};

/// What a page says that is the same for everybody: a browser asks each time, and a shared cache may answer
/// for it for a second. A page of somebody's own is made `private, no-store` by [`crate::web::edge`].
pub const SHARED: HeaderValue = HeaderValue::from_static("max-age=0, s-maxage=1, must-revalidate");

/// What the site files of Apache say with `Define POLLS_CACHE`.
static SHARED_CACHE: HeaderName = HeaderName::from_static("x-shared-cache");

/// A page, rendered with the request's ambient values once the handler is done.
pub struct Page<T> {
    template: T,
    status: StatusCode,
}

impl<T: Template> Page<T> {
    pub fn new(template: T) -> Self {
        Self { template, status: StatusCode::OK }
    }

    /// The same page as the answer to something that went wrong: a form with its error.
    pub fn with_status(self, status: StatusCode) -> Self {
        Self { status, ..self }
    }
}

impl<T: Template> Responder for Page<T> {
    type Body = BoxBody;

    fn respond_to(self, request: &HttpRequest) -> HttpResponse {
        let Some(ambient) = Ambient::of(request) else {
            return HttpResponse::from_error(Error::Internal("a page was rendered outside the app".into()));
        };
        let html = match self.template.render_with_values(&*ambient) {
            Ok(html) => html,
            Err(error) => return HttpResponse::from_error(Error::Internal(error.into())),
        };
        let mut response = HttpResponse::build(self.status);
        response.insert_header((VARY, "Accept-Encoding, Accept-Language, Cookie"));
        if self.status != StatusCode::OK {
            return response
                .insert_header((CACHE_CONTROL, "no-store"))
                .content_type("text/html; charset=utf-8")
                .body(html);
        }
        let tag = weak_tag(&html);
        response.insert_header((CACHE_CONTROL, SHARED)).insert_header((ETAG, tag.as_str()));
        if is_known(request.headers(), &tag) {
            return response.status(StatusCode::NOT_MODIFIED).finish();
        }
        response.content_type("text/html; charset=utf-8").body(html)
    }
}

/// 303 to a path of this site, after a write.
pub struct SeeOther(pub String);

impl Responder for SeeOther {
    type Body = BoxBody;

    fn respond_to(self, request: &HttpRequest) -> HttpResponse {
        let Some(ambient) = Ambient::of(request) else {
            return HttpResponse::from_error(Error::Internal("a write was answered outside the app".into()));
        };
        let mut response = HttpResponse::SeeOther();
        response.insert_header((LOCATION, ambient.site.url(&self.0))).insert_header((CACHE_CONTROL, "no-store"));
        // Also to a session, which may be at its end.
        response.cookie(cookies::fresh(&ambient.site, ambient.client.secure));
        response.finish()
    }
}

/// A validator of what the page says; weak, as it is the same for the compressed page.
fn weak_tag(html: &str) -> String {
    let mut hasher = DefaultHasher::new();
    html.hash(&mut hasher);
    format!("W/\"{:016x}\"", hasher.finish())
}

/// Whether 304 will do for a page. Not where Apache's cache is in front, which says so in this header: what
/// it finds out of date in its memory at the turn of the second, mod_cache_socache would keep without its body
/// after a 304, and send to everybody for a second.
pub fn is_known(headers: &HeaderMap, tag: &str) -> bool {
    !headers.contains_key(&SHARED_CACHE) && matches_tag(headers, tag)
}

/// Whether the client has this version already (RFC 9110 §13.1.2, weak comparison). The suffix that
/// Apache's mod_deflate and mod_brotli append to a tag is not part of it.
pub fn matches_tag(headers: &HeaderMap, tag: &str) -> bool {
    let opaque = |tag: &str| {
        let tag = tag.trim().trim_start_matches("W/").trim_matches('"');
        let tag = tag.strip_suffix("-gzip").or_else(|| tag.strip_suffix("-br")).unwrap_or(tag);
        tag.to_owned()
    };
    members(headers, &IF_NONE_MATCH).any(|candidate| candidate == "*" || opaque(candidate) == opaque(tag))
}
