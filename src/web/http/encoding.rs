//! Content encodings: what a client accepts, and bytes encoded that way.

use std::io::Write as _;

use actix_web::http::header::{ACCEPT_ENCODING, ContentEncoding, HeaderMap, Quality};
use actix_web::web::Bytes;
use flate2::Compression;

use crate::web::http::list_header::accepted;

/// Whether the client accepts an encoding (RFC 9110 §12.5.3).
pub fn accepts(headers: &HeaderMap, encoding: ContentEncoding) -> bool {
    let mut accepted = accepted::<ContentEncoding>(headers, &ACCEPT_ENCODING);
    accepted.any(|(accepted, quality)| accepted == encoding && quality > Quality::ZERO)
}

/// The content compressed with gzip; None if that is not smaller.
pub fn gzip(content: &Bytes, level: Compression) -> Option<Bytes> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), level);
    let packed = encoder.write_all(content).and_then(|()| encoder.finish()).ok()?;
    (packed.len() < content.len()).then(|| packed.into())
}
