//! Content encodings: what a client accepts, bytes packed that way, and which pages are.

use std::io::Write as _;

use actix_http::ResponseHead;
use actix_web::body::{BoxBody, MessageBody as _};
use actix_web::http::header::{
    ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_TYPE, ContentEncoding, HeaderMap, HeaderValue, Quality,
};
use actix_web::web::Bytes;
use flate2::Compression;

use super::cookies;
use crate::web::Site;
use crate::web::context::session;
use crate::web::http::list_header::accepted;

/// Whether a client gets its pages packed. A session does not: the length of a packed page tells what it has
/// in common with what somebody else put into its address (BREACH).
pub fn packs_pages(headers: &HeaderMap, site: &Site, secure: bool) -> bool {
    accepts(headers, ContentEncoding::Gzip) && cookies::value(headers, site, secure, session::COOKIE).is_none()
}

/// A page, packed if that saves something; any other body as it is.
pub fn packed_page(head: &mut ResponseHead, body: BoxBody) -> BoxBody {
    let is_page = head.headers().get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    if !is_page || head.headers().contains_key(CONTENT_ENCODING) {
        return body;
    }
    let body = match body.try_into_bytes() {
        Ok(body) => body,
        Err(stream) => return stream,
    };
    let packed = gzip(&body, Compression::default());
    if packed.is_some() {
        head.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    BoxBody::new(packed.unwrap_or(body))
}

/// Whether the client accepts an encoding (RFC 9110 §12.5.3).
pub fn accepts(headers: &HeaderMap, encoding: ContentEncoding) -> bool {
    let mut accepted = accepted::<ContentEncoding>(headers, &ACCEPT_ENCODING);
    accepted.any(|(accepted, quality)| accepted == encoding && quality > Quality::ZERO)
}

/// None where it saves nothing.
pub fn gzip(content: &Bytes, level: Compression) -> Option<Bytes> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), level);
    let packed = encoder.write_all(content).and_then(|()| encoder.finish()).ok()?;
    (packed.len() < content.len()).then(|| packed.into())
}

/// As small as can be, however long that takes. None where it saves nothing.
pub fn brotli(content: &Bytes) -> Option<Bytes> {
    let mut packed = Vec::new();
    let params = brotli::enc::BrotliEncoderParams { quality: 11, ..Default::default() };
    brotli::BrotliCompress(&mut content.as_ref(), &mut packed, &params).ok()?;
    (packed.len() < content.len()).then(|| packed.into())
}
