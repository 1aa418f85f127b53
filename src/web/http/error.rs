//! The errors of requests as one type; `pages/error_page.rs` makes a page or a JSON document of them.

use std::borrow::Cow;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{ACCEPT, CACHE_CONTROL, HeaderMap, LOCATION, Quality, RETRY_AFTER};

use crate::db;
use crate::web::http::list_header::accepted;

pub type Result<T> = std::result::Result<T, Error>;

/// `Retry-After`, in seconds, of an answer for something that is unavailable.
pub const RETRY_SECONDS: u32 = 2;

/// An answer other than a page. The texts are for the log; what visitors read is in the catalogues.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("{0}")]
    BadRequest(&'static str),
    #[error("{0}")]
    Forbidden(&'static str),
    /// The address of the login page, with the address to return to; answered with 302.
    #[error("a login is needed")]
    LoginRequired(String),
    /// Of the API: no token, or one that is not accepted.
    #[error("{0:?}: no token, or none that is accepted")]
    Unauthorized(TokenRefusal),
    #[error("the viewer lacks a permission")]
    PermissionDenied,
    /// Of the API: a token that may only read was to write.
    #[error("the token may only read")]
    ReadOnlyToken,
    #[error("there is no such page")]
    NotFound,
    /// Of the API: the client accepts no JSON.
    #[error("the client accepts no JSON")]
    NotAcceptable,
    /// Of the API: what is wrong, by the names of members or parameters, in the reader's language.
    #[error("invalid values")]
    Invalid(Vec<(String, String)>),
    #[error("the body did not arrive in time")]
    RequestTimeout,
    #[error("nothing proves that the body arrived whole")]
    LengthRequired,
    #[error("the body is larger than data_upload_max_memory_size")]
    PayloadTooLarge,
    #[error("the target is longer than 8 KiB")]
    UriTooLong,
    #[error("the body is no form")]
    UnsupportedMediaType,
    #[error("{0}")]
    Conflict(&'static str),
    #[error("too many tries; the next may come in {0} seconds")]
    TooMany(u32),
    /// A query that took longer than its time limit.
    #[error("what was asked for took too long")]
    TooSlow,
    /// A request of a user who still waits for the answer to another costly one.
    #[error("something else is being read for the same person")]
    OneAtATime,
    #[error("{0}")]
    Unavailable(Cow<'static, str>),
    #[error("{0}")]
    Internal(Box<dyn std::error::Error + Send + Sync>),
}

/// Why a request of the API is nobody's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenRefusal {
    Missing,
    /// Not of this site, or malformed.
    Unknown,
    Expired,
    Revoked,
    /// Its user may no longer log in.
    Inactive,
}

impl Error {
    pub fn status(&self) -> StatusCode {
        match self {
            Self::BadRequest(_) | Self::Invalid(_) => StatusCode::BAD_REQUEST,
            Self::Unauthorized(_) => StatusCode::UNAUTHORIZED,
            Self::NotAcceptable => StatusCode::NOT_ACCEPTABLE,
            Self::LoginRequired(_) => StatusCode::FOUND,
            Self::Forbidden(_) | Self::PermissionDenied | Self::ReadOnlyToken => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::RequestTimeout => StatusCode::REQUEST_TIMEOUT,
            Self::LengthRequired => StatusCode::LENGTH_REQUIRED,
            Self::PayloadTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::UriTooLong => StatusCode::URI_TOO_LONG,
            Self::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Conflict(_) => StatusCode::CONFLICT,
            Self::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::OneAtATime => StatusCode::TOO_MANY_REQUESTS,
            Self::TooSlow | Self::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

impl From<db::DatabaseError> for Error {
    fn from(error: db::DatabaseError) -> Self {
        match error {
            db::DatabaseError::Query(diesel::result::Error::NotFound) => Self::NotFound,
            db::DatabaseError::Query(error) => Self::Internal(error.into()),
            db::DatabaseError::TooSlow => Self::TooSlow,
            db::DatabaseError::OneAtATime => Self::OneAtATime,
            db::DatabaseError::Busy(_) | db::DatabaseError::Unreachable(_) | db::DatabaseError::Refused(_) => {
                Self::Unavailable(error.to_string().into())
            }
        }
    }
}

impl From<diesel::result::Error> for Error {
    fn from(error: diesel::result::Error) -> Self {
        db::DatabaseError::from(error).into()
    }
}

/// An answer without a body; [`crate::web::edge`] adds the error page.
impl actix_web::ResponseError for Error {
    fn status_code(&self) -> StatusCode {
        self.status()
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::build(self.status());
        match self {
            Self::LoginRequired(location) => {
                response.insert_header((LOCATION, location.as_str())).insert_header((CACHE_CONTROL, "no-store"));
            }
            Self::TooMany(seconds) => {
                response.insert_header((RETRY_AFTER, *seconds));
            }
            Self::OneAtATime => {
                response.insert_header((RETRY_AFTER, RETRY_SECONDS));
            }
            _ => {}
        }
        response.finish()
    }
}

/// Whether a client prefers JSON to HTML by its `Accept` header.
pub fn wants_json(headers: &HeaderMap) -> bool {
    let (mut json, mut html) = (Quality::ZERO, Quality::ZERO);
    for (media_range, quality) in accepted::<String>(headers, &ACCEPT) {
        let best = match media_range.to_ascii_lowercase().as_str() {
            "application/json" | "application/problem+json" => &mut json,
            "text/html" | "application/xhtml+xml" | "text/*" => &mut html,
            _ => continue,
        };
        *best = quality.max(*best);
    }
    json > html
}
