//! Closes a connection after a request whose body came in chunks, and refuses what was read behind that body.
//!
//! actix-http (3.20.0, CVE-2026-134342) takes what follows the last chunk for trailers up to an empty line: "0", CR, LF
//! and a bare LF do not end the body for it, but do end it for a proxy that is less strict. Such a proxy would send the
//! next visitor's request behind it, and from then on the proxy and this program would disagree about which answer
//! belongs to which request. Apache writes chunks of its own, so its visitors cannot cause that; with any other proxy
//! closing the connection prevents it.

use std::cell::Cell;

use actix_web::HttpRequest;
use actix_web::http::header::TRANSFER_ENCODING;

/// The state of one HTTP connection.
#[derive(Debug, Default)]
pub struct Connection {
    had_chunks: Cell<bool>,
}

/// Whether a request's body comes in chunks, as far as its headers say.
pub fn has_chunks(request: &HttpRequest) -> bool {
    request.headers().contains_key(TRANSFER_ENCODING)
}

/// Whether bytes that were read as this request followed a body in chunks, so that it must be refused.
pub fn is_over(request: &HttpRequest) -> bool {
    request.conn_data::<Connection>().is_some_and(|connection| connection.had_chunks.get())
}

/// Marks the connection of this request, so that every later request on it is refused.
pub fn end(request: &HttpRequest) {
    if let Some(connection) = request.conn_data::<Connection>() {
        connection.had_chunks.set(true);
    }
}
