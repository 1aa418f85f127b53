//! A cached page, and the answer that is made from it.

use std::time::{Duration, UNIX_EPOCH};

use actix_web::HttpResponse;
use actix_web::body::{BoxBody, MessageBody as _};
use actix_web::dev::ServiceResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, DATE, ETAG, HeaderMap, HeaderName, HeaderValue, HttpDate,
    TryIntoHeaderValue as _,
};
use actix_web::web::Bytes;

use crate::metrics::{RouteNumber, is_on};
use crate::web::Ambient;
use crate::web::edge::page_cache::key::Key;
use crate::web::pages::page;

/// The most bytes of current pages that a worker keeps, and again of old pages (`past.rs`): 4 MiB each.
pub const MEMORY_LIMIT: usize = 4 << 20;

pub struct StoredPage {
    pub headers: Vec<(HeaderName, HeaderValue)>,
    pub body: Bytes,
    /// For the metrics.
    pub route: RouteNumber,
}

impl StoredPage {
    /// Splits the answer to a request that came in `second` (since 1970) into the answer to send, whose `Date` is that
    /// second, and the page to store. There is no page to store if the answer is not the same for everybody.
    pub fn of(
        key: &Key<'_>,
        second: u64,
        answer: ServiceResponse<BoxBody>,
    ) -> (ServiceResponse<BoxBody>, Option<Self>) {
        let is_shared = answer.headers().get(CACHE_CONTROL) == Some(&page::SHARED);
        // The values with which the page was really rendered must be those of the key.
        let is_for_key = Ambient::of(answer.request())
            .is_some_and(|made| made.language == key.language && made.client.secure == key.secure);
        if answer.status() != StatusCode::OK || !is_shared || !is_for_key {
            return (answer, None);
        }
        let pattern = if is_on() { answer.request().match_pattern() } else { None };
        let route = RouteNumber::of(pattern);
        let (request, response) = answer.into_parts();
        let (mut response, body) = response.into_parts();
        let date = UNIX_EPOCH + Duration::from_secs(second);
        if let Ok(date) = HttpDate::from(date).try_into_value() {
            response.headers_mut().insert(DATE, date);
        }
        let (response, page) = match body.try_into_bytes() {
            Ok(body) => {
                let headers = response.headers().iter().map(|(name, value)| (name.clone(), value.clone())).collect();
                let page = Self { headers, body: body.clone(), route };
                (response.set_body(BoxBody::new(body)), Some(page))
            }
            Err(body) => (response.set_body(body), None),
        };
        (ServiceResponse::new(request, response), page)
    }

    /// The page, or 304 if the client has this version.
    pub fn answer(&self, asked: &HeaderMap) -> HttpResponse {
        let tag = self.headers.iter().find(|(name, _)| name == ETAG).and_then(|(_, tag)| tag.to_str().ok());
        let is_known = page::is_known(asked, tag.unwrap_or_default());
        let mut response = if is_known {
            HttpResponse::new(StatusCode::NOT_MODIFIED)
        } else {
            HttpResponse::with_body(StatusCode::OK, BoxBody::new(self.body.clone()))
        };
        let headers = response.headers_mut();
        for (name, value) in &self.headers {
            if !(is_known && (name == CONTENT_TYPE || name == CONTENT_ENCODING)) {
                headers.append(name.clone(), value.clone());
            }
        }
        response
    }

    /// The approximate size in memory, in bytes.
    pub fn size(&self) -> usize {
        const HEADERS: usize = 1024;
        self.body.len() + HEADERS
    }
}
