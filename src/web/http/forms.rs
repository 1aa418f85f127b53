//! Posted forms, urlencoded or multipart, limited in size, in time, and in the memory that all of them take together.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use actix_multipart::Multipart;
use actix_web::dev::Payload;
use actix_web::http::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use actix_web::web::{Bytes, BytesMut};
use actix_web::{FromRequest, HttpRequest};
use futures_util::{TryStreamExt as _, stream};

use crate::web::http::bodies::BodyMemory;
use crate::web::http::body_end::BodyEnd;
use crate::web::http::receive::{ReceivedBody, receive};
use crate::web::{Error, Result};

/// The most fields that are read: each takes far more memory than the one byte that can name it. Django refuses more
/// than `DATA_UPLOAD_MAX_NUMBER_FIELDS`, 1000; the rows and selections of this admin are more.
const MOST_FIELDS: usize = 25_000;

/// The fields of a form, in the order in which they were sent.
#[derive(Debug, Default, Clone)]
pub struct Form {
    fields: Fields,
    /// The form's share of the memory for bodies, held as long as the form is.
    _share: Option<Arc<BodyMemory>>,
}

impl Form {
    /// Every value of a field.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.fields.iter().filter(move |(field, _)| field == name).map(|(_, value)| value.as_str())
    }

    /// The last value of a field, as in Django's `QueryDict`.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.fields.iter().rev().find(|(field, _)| field == name).map(|(_, value)| value.as_str())
    }

    /// Every field as name and value, in the order in which they were sent.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.fields.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The rows of a formset in Django's notation, `{prefix}-{row}-{field}`, by row number. Each row is a form whose
    /// fields have no prefix.
    pub fn rows(&self, prefix: &str) -> BTreeMap<usize, Self> {
        let mut rows = BTreeMap::<usize, Self>::new();
        for (name, value) in &self.fields {
            let key = name.strip_prefix(prefix).and_then(|key| key.strip_prefix('-')?.split_once('-'));
            if let Some((row, field)) = key
                && let Ok(row) = row.parse()
            {
                rows.entry(row).or_default().fields.push((field.to_owned(), value.clone()));
            }
        }
        rows
    }
}

impl FromIterator<(String, String)> for Form {
    fn from_iter<I: IntoIterator<Item = (String, String)>>(fields: I) -> Self {
        Self { fields: fields.into_iter().collect(), _share: None }
    }
}

impl FromRequest for Form {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let content_type = request.headers().get(CONTENT_TYPE).cloned();
        let received = receive(request, payload);
        Box::pin(async move {
            let ReceivedBody { bytes, end, share } = received.await?;
            let fields = parse(content_type, bytes, end).await?;
            Ok(Self { fields, _share: Some(Arc::new(share)) })
        })
    }
}

type Fields = Vec<(String, String)>;

async fn parse(content_type: Option<HeaderValue>, body: Bytes, end: BodyEnd) -> Result<Fields> {
    let Some(content_type) = content_type else {
        return if body.is_empty() { Ok(Fields::default()) } else { Err(Error::UnsupportedMediaType) };
    };
    let media = content_type.to_str().unwrap_or_default().split(';').next().unwrap_or_default().trim();
    if media.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        // The start of an urlencoded form is itself a valid form, so a form that was cut off cannot be recognised.
        if end == BodyEnd::Unknown && !body.is_empty() {
            return Err(Error::LengthRequired);
        }
        urlencoded(&body)
    } else if media.eq_ignore_ascii_case("multipart/form-data") {
        // A multipart body ends with the closing boundary; without it the body is malformed.
        multipart(content_type, body).await
    } else {
        Err(Error::UnsupportedMediaType)
    }
}

fn urlencoded(body: &[u8]) -> Result<Fields> {
    // Clients encode control characters. mod_fcgid takes a line that should be the size of a chunk, and is not, for a
    // part of the body: "0" and a bare line feed made `choice=10` of `choice=1`.
    if body.iter().any(u8::is_ascii_control) {
        return Err(Error::BadRequest("the form has control characters"));
    }
    let fields = form_urlencoded::parse(body);
    if fields.take(MOST_FIELDS + 1).count() > MOST_FIELDS {
        return Err(too_many_fields());
    }
    Ok(fields.into_owned().collect())
}

fn too_many_fields() -> Error {
    Error::BadRequest("the form has too many fields")
}

async fn multipart(content_type: HeaderValue, body: Bytes) -> Result<Fields> {
    let malformed = |_| Error::BadRequest("the multipart body is malformed");
    let headers = HeaderMap::from_iter([(CONTENT_TYPE, content_type)]);
    let mut parts = Multipart::new(&headers, stream::iter([Ok(body)]));
    let mut fields = Vec::new();
    while let Some(mut part) = parts.try_next().await.map_err(malformed)? {
        let mut value = BytesMut::new();
        while let Some(chunk) = part.try_next().await.map_err(malformed)? {
            value.extend_from_slice(&chunk);
        }
        let is_file = part.content_disposition().is_some_and(|disposition| disposition.get_filename().is_some());
        if let Some(name) = part.name()
            && !is_file
        {
            fields.push((name.to_owned(), String::from_utf8_lossy(&value).into_owned()));
        }
        if fields.len() > MOST_FIELDS {
            return Err(too_many_fields());
        }
    }
    Ok(fields)
}
