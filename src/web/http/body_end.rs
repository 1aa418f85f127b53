//! Finds out what proves that a request's body arrived whole: `choice=12` that was cut off must not count as
//! `choice=1`.
//!
//! Over HTTP/1.1 the client sends the length, or ends the body with a last chunk. Over HTTP/2 it may do neither, and
//! then Apache passes on a body that was broken off as if it were whole, with a `Content-Length` that Apache computed.
//! So the files in deploy/apache put what the client itself sent into `X-Body-Length`: a number, `chunked`, or nothing.

use actix_web::HttpRequest;
use actix_web::http::header::{CONTENT_LENGTH, HeaderName};

use crate::settings::SecuritySettings;
use crate::web::context::client;

pub static BODY_LENGTH: HeaderName = HeaderName::from_static("x-body-length");

/// What proves the end of a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BodyEnd {
    /// The length in bytes that the client itself announced.
    Length(u64),
    /// The transfer: this program itself read the length or the last chunk, or the web server states that it did.
    Transfer,
    /// Nothing; only the format of the body itself may show its end.
    Unknown,
}

impl BodyEnd {
    pub fn of(request: &HttpRequest, security: &SecuritySettings) -> Self {
        let (from_web_server, from_proxy) = client::speaks_for(request, security);
        if !from_web_server && !from_proxy {
            return Self::Transfer;
        }
        let headers = request.headers();
        let mut said = headers.get_all(&BODY_LENGTH);
        match (said.next(), said.next()) {
            (Some(value), None) if value.as_bytes() == b"chunked" => Self::Transfer,
            (Some(value), None) => {
                let length = value.to_str().ok().and_then(|length| length.parse().ok());
                length.map_or(Self::Unknown, Self::Length)
            }
            // The header is missing: a web server other than Apache, or a site file written before this header existed.
            // The `Content-Length` was already checked where the body was read.
            (None, _) if from_proxy || headers.contains_key(CONTENT_LENGTH) => Self::Transfer,
            _ => Self::Unknown,
        }
    }
}
