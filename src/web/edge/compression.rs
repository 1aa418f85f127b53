//! Compresses pages.

use actix_http::ResponseHead;
use actix_web::body::{BoxBody, MessageBody as _};
use actix_web::http::header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderValue};
use flate2::Compression;

use crate::web::http::encoding::gzip;

/// Compresses the body if it is HTML and that makes it smaller; any other body is returned as it is.
pub fn compressed_page(head: &mut ResponseHead, body: BoxBody) -> BoxBody {
    let is_page = head.headers().get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    if !is_page || head.headers().contains_key(CONTENT_ENCODING) {
        return body;
    }
    let body = match body.try_into_bytes() {
        Ok(body) => body,
        Err(stream) => return stream,
    };
    let compressed = gzip(&body, Compression::default());
    if compressed.is_some() {
        head.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    BoxBody::new(compressed.unwrap_or(body))
}
