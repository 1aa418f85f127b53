//! The answers of handlers: a page, another document for everybody, or a redirect to a page.

use std::hash::{DefaultHasher, Hash, Hasher as _};

use actix_web::body::{BoxBody, MessageBody};
use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, ETAG, HeaderMap, HeaderName, HeaderValue, IF_NONE_MATCH, LOCATION, VARY};
use actix_web::{HttpRequest, HttpResponse, Responder};
use askama::Template;

use crate::web::http::cookies;
use crate::web::http::list_header::members;
use crate::web::{Ambient, Error};

/// `Cache-Control` of a page that is the same for everybody: a browser asks again each time, and a shared cache may
/// answer with it for one second. [`crate::web::edge`] makes a page for one visitor `private, no-store`.
pub const SHARED: HeaderValue = HeaderValue::from_static("max-age=0, s-maxage=1, must-revalidate");

/// The request headers that a page depends on.
const DEPENDS_ON: &str = "Accept-Encoding, Accept-Language, Cookie";

/// The request header that the site files of Apache set with `Define POLLS_CACHE`.
static SHARED_CACHE: HeaderName = HeaderName::from_static("x-shared-cache");

/// A page. It is rendered after the handler has returned, with the request's ambient values.
pub struct Page<T> {
    template: T,
    status: StatusCode,
}

impl<T: Template> Page<T> {
    pub fn new(template: T) -> Self {
        Self { template, status: StatusCode::OK }
    }

    /// The same page with another status, for example a form with its errors.
    pub fn with_status(self, status: StatusCode) -> Self {
        Self { status, ..self }
    }
}

const HTML: &str = "text/html; charset=utf-8";

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
        if self.status == StatusCode::OK {
            return SharedDocument { content_type: HTML, body: html }.respond_to(request);
        }
        let mut response = HttpResponse::build(self.status);
        response.insert_header((VARY, DEPENDS_ON)).insert_header((CACHE_CONTROL, "no-store"));
        response.content_type(HTML).body(html)
    }
}

/// A document that is the same for everybody in one language, such as a feed. It is kept and validated as pages are.
pub struct SharedDocument<B = String> {
    pub content_type: &'static str,
    pub body: B,
}

impl<B: Hash + MessageBody + 'static> Responder for SharedDocument<B> {
    type Body = BoxBody;

    fn respond_to(self, request: &HttpRequest) -> HttpResponse {
        let tag = weak_tag(&self.body);
        let mut response = HttpResponse::Ok();
        response.insert_header((VARY, DEPENDS_ON)).insert_header((CACHE_CONTROL, SHARED));
        response.insert_header((ETAG, tag.as_str()));
        if is_known(request.headers(), &tag) {
            return response.status(StatusCode::NOT_MODIFIED).finish();
        }
        response.content_type(self.content_type).body(self.body)
    }
}

/// A redirect (303) to a path of this site, after a write.
pub struct SeeOther(pub String);

impl Responder for SeeOther {
    type Body = BoxBody;

    fn respond_to(self, request: &HttpRequest) -> HttpResponse {
        let Some(ambient) = Ambient::of(request) else {
            return HttpResponse::from_error(Error::Internal("a write was answered outside the app".into()));
        };
        let mut response = HttpResponse::SeeOther();
        response.insert_header((LOCATION, ambient.site.url(&self.0))).insert_header((CACHE_CONTROL, "no-store"));
        // Also for a reader with a session, as this answer may end it and the next page may then come from a cache.
        response.cookie(cookies::fresh(&ambient.site, ambient.client.secure));
        response.finish()
    }
}

/// The `ETag` of a document; weak, as it is the same for the compressed one.
pub fn weak_tag(content: &(impl Hash + ?Sized)) -> String {
    let mut hasher = DefaultHasher::new();
    content.hash(&mut hasher);
    format!("W/\"{:016x}\"", hasher.finish())
}

/// Whether a page may be answered with 304. Never behind Apache's shared cache, which is known by this header: if a
/// cached page has just expired and is confirmed with 304, mod_cache_socache stores it without its body, and sends that
/// to everybody for a second.
pub fn is_known(headers: &HeaderMap, tag: &str) -> bool {
    !headers.contains_key(&SHARED_CACHE) && matches_tag(headers, tag)
}

/// Whether the client has this version already (RFC 9110 §13.1.2, weak comparison). The suffix that Apache's
/// mod_deflate or mod_brotli appends to a tag is ignored.
pub fn matches_tag(headers: &HeaderMap, tag: &str) -> bool {
    let opaque = |tag: &str| {
        let tag = tag.trim().trim_start_matches("W/").trim_matches('"');
        let tag = tag.strip_suffix("-gzip").or_else(|| tag.strip_suffix("-br")).unwrap_or(tag);
        tag.to_owned()
    };
    members(headers, &IF_NONE_MATCH).any(|candidate| candidate == "*" || opaque(candidate) == opaque(tag))
}
