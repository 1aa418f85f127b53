//! A connection on which a body came in chunks is not read any further.
//!
//! actix-http (3.20.0, CVE-2026-134342) takes what follows the last chunk for trailers up to an empty line: "0", CR, LF
//! and a bare LF do not end the body for it, but do for a proxy that is less strict. Such a proxy would send the next
//! visitor's request behind it, and the two would disagree from there on which request is whose. Apache writes chunks
//! of its own, so its visitors cannot cause that; with any other proxy the connection ends with the request.

use std::cell::Cell;

use actix_web::HttpRequest;
use actix_web::http::header::TRANSFER_ENCODING;

/// What is known of a connection over HTTP; each has one.
#[derive(Debug, Default)]
pub struct Connection {
    had_chunks: Cell<bool>,
}

/// Whether a request's body comes in chunks, as far as its headers say.
pub fn has_chunks(request: &HttpRequest) -> bool {
    request.headers().contains_key(TRANSFER_ENCODING)
}

/// Whether what was read as this request stood behind a body in chunks.
pub fn is_over(request: &HttpRequest) -> bool {
    request.conn_data::<Connection>().is_some_and(|connection| connection.had_chunks.get())
}

/// Nothing more is taken from the connection of this request.
pub fn end(request: &HttpRequest) {
    if let Some(connection) = request.conn_data::<Connection>() {
        connection.had_chunks.set(true);
    }
}
