//! A body that is a JSON object (RFC 8259).

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::{FromRequest, HttpRequest};
use serde::de::{Deserialize, DeserializeOwned, Deserializer};

use crate::web::http::bodies::BodyMemory;
use crate::web::http::receive::receive;
use crate::web::{Error, Result};

/// The members of a posted object. Members that nobody knows are ignored, as linkding ignores them.
#[derive(Debug)]
pub struct JsonBody<T> {
    pub members: T,
    /// The body's share of the memory for bodies.
    _share: BodyMemory,
}

impl<T: DeserializeOwned + 'static> FromRequest for JsonBody<T> {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let content_type =
            request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let media = content_type.split(';').next().unwrap_or_default().trim();
        let is_json = media.eq_ignore_ascii_case("application/json");
        let received = receive(request, payload);
        Box::pin(async move {
            // Also read if it is refused: see `receive`.
            let body = received.await?;
            if !is_json {
                return Err(Error::UnsupportedMediaType);
            }
            Ok(Self { members: parse(&body.bytes)?, _share: body.share })
        })
    }
}

/// Reads an object. serde_json refuses objects within each other that are deeper than 128.
fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T> {
    let text = std::str::from_utf8(body).map_err(|_| Error::BadRequest("the body is not UTF-8"))?;
    if !text.trim_start().starts_with('{') {
        return Err(Error::BadRequest("the body is no JSON object"));
    }
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let value = serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
        let path = error.path().to_string();
        let member = path.split(['.', '[']).next().unwrap_or_default();
        if error.inner().is_data() && !member.is_empty() {
            return Error::Invalid(vec![(member.to_owned(), error.inner().to_string())]);
        }
        Error::BadRequest("the body is no JSON object")
    })?;
    deserializer.end().map_err(|_| Error::BadRequest("the body is more than a JSON object"))?;
    Ok(value)
}

/// For `#[serde(deserialize_with)]` of an optional member: it may be left out, and may not be null.
///
/// # Errors
/// If the value has another type.
pub fn given<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> std::result::Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Default, PartialEq, serde::Deserialize)]
    #[serde(default)]
    struct Posted {
        #[serde(deserialize_with = "given")]
        url: Option<String>,
        #[serde(deserialize_with = "given")]
        tags: Option<Vec<String>>,
    }

    fn wrong(body: &[u8]) -> String {
        match parse::<Posted>(body) {
            Err(Error::Invalid(errors)) => errors[0].0.clone(),
            Err(error) => error.to_string(),
            Ok(posted) => format!("{posted:?}"),
        }
    }

    #[test]
    fn an_object_is_read_and_unknown_members_are_ignored() {
        let posted: Posted = parse(br#" {"url": "x", "unknown": {"a": [1]}} "#).unwrap();
        assert_eq!(posted, Posted { url: Some("x".to_owned()), tags: None });
    }

    #[test]
    fn what_is_wrong_is_said_by_its_member() {
        assert_eq!(wrong(br#"{"url": 1}"#), "url");
        assert_eq!(wrong(br#"{"url": null}"#), "url");
        assert_eq!(wrong(br#"{"tags": ["a", 2]}"#), "tags");
        assert_eq!(wrong(br#"{"tags": "a"}"#), "tags");
    }

    #[test]
    fn what_is_no_object_is_refused() {
        for body in [&b""[..], b"[]", b"null", b"{", b"{\"url\": \"x\"", b"\"url\"", b"{\"url\": \"\\ud800\"}"] {
            assert_eq!(wrong(body), "the body is no JSON object", "{body:?}");
        }
        assert_eq!(wrong(b"{\"url\": \"\xff\"}"), "the body is not UTF-8");
        assert_eq!(wrong(b"{} {}"), "the body is more than a JSON object");
        let deep = format!("{{\"tags\": {}{}}}", "[".repeat(100_000), "]".repeat(100_000));
        assert_eq!(wrong(deep.as_bytes()), "tags");
        let deep = format!("{{\"unknown\": {}{}}}", "[".repeat(100_000), "]".repeat(100_000));
        wrong(deep.as_bytes());
    }
}
