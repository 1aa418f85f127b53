//! Builds a request from CGI parameters (RFC 3875), as FastCGI and CGI pass them.

use std::net::{IpAddr, SocketAddr};

use actix_http::error::PayloadError;
use actix_http::{HttpMessage as _, Payload, Request, Uri, Version};
use actix_web::http::Method;
use actix_web::http::header::{CONTENT_LENGTH, HeaderName, HeaderValue};
use actix_web::web::Bytes;
use futures_util::stream;

use crate::web::context::client::{Peer, is_request_id};
use crate::web::edge::MalformedRequest;

/// The most header fields of a request, as many as the HTTP gateway accepts.
const MOST_HEADERS: usize = 96;

/// The body of the request.
#[derive(Debug)]
pub enum Body {
    Whole(Bytes),
    /// Larger than the limit; the bytes that were read are thrown away.
    TooLarge,
}

/// Builds the request that the web server received.
///
/// The target is `REQUEST_URI`, not decoded and with the mount. `SCRIPT_NAME` and `PATH_INFO` are ignored: they arrive
/// decoded, and each server splits them in a different way.
///
/// # Errors
/// If a required parameter is missing or invalid.
pub fn request<'a>(params: impl Iterator<Item = (&'a str, &'a [u8])>, body: Body) -> Result<Request, MalformedRequest> {
    let mut draft = Draft::default();
    for (name, value) in params {
        draft.take(name, value)?;
    }
    draft.finish(body)
}

/// A request that stands for an invalid one: the app answers it with 400 and logs it.
pub fn malformed(malformed: MalformedRequest) -> Request {
    let request = Request::new();
    request.extensions_mut().insert(Peer { address: None, secure: false, local: false, request_id: None });
    request.extensions_mut().insert(malformed);
    request
}

#[derive(Default)]
struct Draft {
    method: Option<Method>,
    uri: Option<Uri>,
    version: Option<Version>,
    content_length: Option<usize>,
    address: Option<IpAddr>,
    port: u16,
    secure: bool,
    request_id: Option<String>,
    headers: Vec<(HeaderName, HeaderValue)>,
}

impl Draft {
    fn take(&mut self, name: &str, value: &[u8]) -> Result<(), MalformedRequest> {
        let text = || std::str::from_utf8(value).ok();
        if name.eq_ignore_ascii_case("REQUEST_METHOD") {
            self.method = Some(Method::from_bytes(value).map_err(|_| MalformedRequest("REQUEST_METHOD is no method"))?);
        } else if name.eq_ignore_ascii_case("REQUEST_URI") {
            self.uri = Some(Uri::try_from(value).map_err(|_| MalformedRequest("REQUEST_URI is no request target"))?);
        } else if name.eq_ignore_ascii_case("SERVER_PROTOCOL") {
            self.version = Some(match value {
                b"HTTP/0.9" | b"HTTP/1.0" => Version::HTTP_10,
                b"HTTP/2" | b"HTTP/2.0" => Version::HTTP_2,
                b"HTTP/3" | b"HTTP/3.0" => Version::HTTP_3,
                _ => Version::HTTP_11,
            });
        } else if name.eq_ignore_ascii_case("CONTENT_LENGTH") {
            if !value.is_empty() {
                let length = text().and_then(|text| text.parse().ok());
                self.content_length = Some(length.ok_or(MalformedRequest("CONTENT_LENGTH is no number"))?);
            }
        } else if name.eq_ignore_ascii_case("CONTENT_TYPE") {
            if !value.is_empty() {
                self.header("content-type", value)?;
            }
        } else if name.eq_ignore_ascii_case("REMOTE_ADDR") {
            self.address = text().and_then(|text| text.parse::<IpAddr>().ok()).map(|address| address.to_canonical());
        } else if name.eq_ignore_ascii_case("REMOTE_PORT") {
            self.port = text().and_then(|text| text.parse().ok()).unwrap_or(0);
        } else if name.eq_ignore_ascii_case("HTTPS") {
            self.secure = value.eq_ignore_ascii_case(b"on") || value == b"1";
        } else if name.eq_ignore_ascii_case("UNIQUE_ID") {
            self.request_id = text().filter(|id| is_request_id(id)).map(ToOwned::to_owned);
        } else if let Some(header) = header_name(name) {
            self.header(&header, value)?;
        }
        Ok(())
    }

    fn header(&mut self, name: &str, value: &[u8]) -> Result<(), MalformedRequest> {
        if self.headers.len() == MOST_HEADERS {
            return Err(MalformedRequest("there are too many header fields"));
        }
        let name = HeaderName::from_bytes(name.as_bytes())
            .map_err(|_| MalformedRequest("a header field has no proper name"))?;
        let value =
            HeaderValue::from_bytes(value).map_err(|_| MalformedRequest("a header field has control characters"))?;
        self.headers.push((name, value));
        Ok(())
    }

    fn finish(self, body: Body) -> Result<Request, MalformedRequest> {
        let body = match (body, self.content_length) {
            (Body::TooLarge, _) => failing(PayloadError::Overflow),
            // A body that was cut off must not be read as a shorter one: `choice=12` is not `choice=1`.
            (Body::Whole(bytes), Some(length)) if bytes.len() != length => failing(PayloadError::Incomplete(None)),
            (Body::Whole(bytes), _) => Payload::from(bytes),
        };
        let mut request = Request::with_payload(body);
        let head = request.head_mut();
        head.method = self.method.ok_or(MalformedRequest("REQUEST_METHOD is missing"))?;
        head.uri = self.uri.ok_or(MalformedRequest("REQUEST_URI is missing"))?;
        head.version = self.version.unwrap_or(Version::HTTP_11);
        head.peer_addr = self.address.map(|address| SocketAddr::new(address, self.port));
        for (name, value) in self.headers {
            head.headers_mut().append(name, value);
        }
        if let Some(length) = self.content_length {
            head.headers_mut().insert(CONTENT_LENGTH, length.into());
        }
        let peer = Peer { address: self.address, secure: self.secure, local: false, request_id: self.request_id };
        request.extensions_mut().insert(peer);
        Ok(request)
    }
}

/// The header of a parameter: `HTTP_ACCEPT_LANGUAGE` is `accept-language`. None for fields about the body and the
/// connection, which concern only the web server.
fn header_name(param: &str) -> Option<String> {
    let name = match param.split_at_checked(5) {
        Some((prefix, name)) if prefix.eq_ignore_ascii_case("HTTP_") && !name.is_empty() => name,
        _ => return None,
    };
    let name = name.replace('_', "-").to_ascii_lowercase();
    let own = ["content-length", "content-type", "transfer-encoding", "connection", "keep-alive", "upgrade", "proxy"];
    (!own.contains(&name.as_str())).then_some(name)
}

fn failing(error: PayloadError) -> Payload {
    Payload::Stream { payload: Box::pin(stream::iter([Err(error)])) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn params<'a>(extra: &[(&'a str, &'a [u8])]) -> Vec<(&'a str, &'a [u8])> {
        let mut params: Vec<(&str, &[u8])> =
            vec![("REQUEST_METHOD", b"GET"), ("REQUEST_URI", b"/polls/?page=2"), ("SERVER_PROTOCOL", b"HTTP/1.1")];
        params.extend(extra);
        params
    }

    fn build(extra: &[(&str, &[u8])], body: &'static [u8]) -> Result<Request, MalformedRequest> {
        request(params(extra).into_iter(), Body::Whole(Bytes::from_static(body)))
    }

    #[test]
    fn the_raw_target_is_kept() {
        let request =
            build(&[("REQUEST_URI", b"/vote//polls/%2e%2F/?a=%20&b"), ("PATH_INFO", b"/admin/")], b"").unwrap();
        assert_eq!(request.uri().to_string(), "/vote//polls/%2e%2F/?a=%20&b");
    }

    #[test]
    fn headers_keep_bytes_that_are_no_text_and_lose_no_others() {
        let request =
            build(&[("HTTP_X_NAME", b"caf\xe9"), ("HTTP_HOST", b"example.com"), ("HTTP_COOKIE", b"a=1")], b"").unwrap();
        assert_eq!(request.headers().get("x-name").unwrap().as_bytes(), b"caf\xe9");
        assert_eq!(request.headers().get("host").unwrap(), "example.com");
        assert_eq!(request.headers().get("cookie").unwrap(), "a=1");
    }

    #[test]
    fn what_is_missing_or_malformed_is_named() {
        let only = |params: &[(&str, &[u8])]| request(params.iter().copied(), Body::Whole(Bytes::new())).map(|_| ());
        assert_eq!(only(&[("REQUEST_URI", b"/")]), Err(MalformedRequest("REQUEST_METHOD is missing")));
        assert_eq!(only(&[("REQUEST_METHOD", b"GET")]), Err(MalformedRequest("REQUEST_URI is missing")));
        for (name, value) in [
            ("REQUEST_METHOD", &b"G T"[..]),
            ("REQUEST_URI", b"/a b"),
            ("REQUEST_URI", b""),
            ("CONTENT_LENGTH", b"-1"),
            ("CONTENT_LENGTH", b"99999999999999999999"),
            ("HTTP_X", b"a\r\nb"),
            ("HTTP_é", b"a"),
        ] {
            assert!(build(&[(name, value)], b"").is_err(), "{name} {value:?}");
        }
    }

    #[actix_web::test]
    async fn a_body_that_was_cut_off_is_an_error_and_not_a_shorter_body() {
        use futures_util::StreamExt as _;
        let mut request = build(&[("CONTENT_LENGTH", b"9")], b"choice=1").unwrap();
        assert!(matches!(request.take_payload().next().await, Some(Err(PayloadError::Incomplete(_)))));
    }
}
