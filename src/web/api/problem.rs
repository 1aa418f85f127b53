//! Errors of the API as problems (RFC 9457).

use std::collections::BTreeMap;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, RETRY_AFTER, VARY, WWW_AUTHENTICATE};
use serde::Serialize;
use utoipa::{IntoResponses, ToSchema};

use crate::web::http::error::{RETRY_SECONDS, TokenRefusal};
use crate::web::{Ambient, Error};

const PROBLEM_JSON: &str = "application/problem+json";

/// What went wrong.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProblemDocument {
    /// Always `about:blank`: the status says what kind of problem it is.
    #[serde(rename = "type")]
    kind: &'static str,
    /// The name of the status.
    title: String,
    #[schema(minimum = 400, maximum = 599)]
    status: u16,
    /// What to do about it, for people, in the language that the client prefers.
    detail: String,
    /// Identifies the request in the site's log.
    request_id: String,
    /// What is wrong with members of the body or parameters, by their names.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    #[schema(required = false)]
    errors: BTreeMap<String, Vec<String>>,
}

/// The problems that every address of the API can answer with.
#[derive(IntoResponses)]
pub enum Problems {
    /// The request, a parameter or a member of the body is not as it should be.
    #[response(status = 400, content_type = "application/problem+json")]
    BadRequest(ProblemDocument),
    /// There is no token, or none that is accepted.
    #[response(status = 401, content_type = "application/problem+json")]
    Unauthorized(ProblemDocument),
    /// The user lacks a permission, or the token may only read.
    #[response(status = 403, content_type = "application/problem+json")]
    Forbidden(ProblemDocument),
    /// There is no such object, or the user may not see it.
    #[response(status = 404, content_type = "application/problem+json")]
    NotFound(ProblemDocument),
    /// The client accepts no JSON.
    #[response(status = 406, content_type = "application/problem+json")]
    NotAcceptable(ProblemDocument),
    /// Another request changed something meanwhile; send it again.
    #[response(status = 409, content_type = "application/problem+json")]
    Conflict(ProblemDocument),
    /// The body is larger than the site accepts.
    #[response(status = 413, content_type = "application/problem+json")]
    ContentTooLarge(ProblemDocument),
    /// The body is not said to be JSON.
    #[response(status = 415, content_type = "application/problem+json")]
    UnsupportedMediaType(ProblemDocument),
    /// Another request of the same user is still being answered.
    #[response(status = 429, content_type = "application/problem+json")]
    TooManyRequests(ProblemDocument),
    /// The site cannot answer now.
    #[response(status = 503, content_type = "application/problem+json")]
    ServiceUnavailable(ProblemDocument),
}

/// The answer to a request of the API that failed.
pub fn problem_response(ambient: &Ambient, status: StatusCode, error: Option<&Error>) -> HttpResponse {
    let detail = match error {
        Some(Error::BadRequest(what) | Error::Conflict(what)) => (*what).to_owned(),
        error => ambient.text(message(status, error)),
    };
    let mut errors = BTreeMap::<String, Vec<String>>::new();
    if let Some(Error::Invalid(wrong)) = error {
        for (name, what) in wrong {
            errors.entry(name.clone()).or_default().push(what.clone());
        }
    }
    let problem = ProblemDocument {
        kind: "about:blank",
        title: status.canonical_reason().unwrap_or_default().to_owned(),
        status: status.as_u16(),
        detail,
        request_id: ambient.request_id.clone(),
        errors,
    };
    let mut response = HttpResponse::build(status);
    response.insert_header((CACHE_CONTROL, "private, no-store")).insert_header((VARY, "Accept, Accept-Language"));
    if status == StatusCode::UNAUTHORIZED {
        response.insert_header((WWW_AUTHENTICATE, "Bearer"));
    }
    if status == StatusCode::SERVICE_UNAVAILABLE && !matches!(error, Some(Error::TooSlow)) {
        response.insert_header((RETRY_AFTER, RETRY_SECONDS));
    }
    response.content_type(PROBLEM_JSON).json(problem)
}

fn message(status: StatusCode, error: Option<&Error>) -> &'static str {
    match (status.as_u16(), error) {
        (_, Some(Error::Unauthorized(refusal))) => match refusal {
            TokenRefusal::Missing => "api-token-missing",
            TokenRefusal::Unknown => "api-token-unknown",
            TokenRefusal::Expired => "api-token-expired",
            TokenRefusal::Revoked => "api-token-revoked",
            TokenRefusal::Inactive => "api-token-inactive",
        },
        (_, Some(Error::Invalid(_))) => "api-invalid",
        (_, Some(Error::ReadOnlyToken)) => "api-read-only",
        (_, Some(Error::PermissionDenied)) => "api-denied",
        (_, Some(Error::TooSlow)) => "api-too-slow",
        (403, _) => "api-403",
        (404, _) => "api-404",
        (405, _) => "api-405",
        (406, _) => "api-406",
        (408, _) => "api-408",
        (413, _) => "api-413",
        (414, _) => "api-414",
        (415, _) => "api-415",
        (429, _) => "api-429",
        (503, _) => "api-503",
        (500.., _) => "api-500",
        _ => "api-400",
    }
}
