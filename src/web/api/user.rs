//! The handlers' argument for the API: whose token a request has.

use std::future::{Ready, ready};
use std::rc::Rc;

use actix_web::dev::Payload;
use actix_web::http::Method;
use actix_web::http::header::{ACCEPT, Quality};
use actix_web::{FromRequest, HttpMessage as _, HttpRequest};

use crate::web::http::error::TokenRefusal;
use crate::web::http::list_header::accepted;
use crate::web::{Ambient, Error, Result, Viewer};

/// What became of the token of a request; `auth` puts it into the request's extensions.
#[derive(Debug, Clone)]
pub enum TokenLogin {
    Granted { viewer: Rc<Viewer>, may_write: bool },
    Refused(TokenRefusal),
}

/// The active user whose token the request has. Requests that write are refused for a token that may only read, and all
/// of them for a client that accepts no JSON.
pub struct ApiUser {
    pub viewer: Rc<Viewer>,
    pub ambient: Rc<Ambient>,
}

impl ApiUser {
    /// Refuses a user who lacks a permission.
    ///
    /// # Errors
    /// `PermissionDenied`, which is logged.
    pub fn demand(&self, permission: &str) -> Result<()> {
        if self.viewer.can(permission) {
            return Ok(());
        }
        tracing::warn!(
            target: "polls.security",
            request_id = self.ambient.request_id,
            user = self.viewer.username,
            permission,
            "Refused: the user lacks a permission.",
        );
        Err(Error::PermissionDenied)
    }
}

impl FromRequest for ApiUser {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(find(request))
    }
}

fn find(request: &HttpRequest) -> Result<ApiUser> {
    let ambient = Ambient::required(request)?;
    ambient.make_private();
    let login = request.extensions().get::<TokenLogin>().cloned();
    let (viewer, may_write) = match login.unwrap_or(TokenLogin::Refused(TokenRefusal::Missing)) {
        TokenLogin::Granted { viewer, may_write } => (viewer, may_write),
        TokenLogin::Refused(refusal) => return Err(Error::Unauthorized(refusal)),
    };
    if !accepts_json(request) {
        return Err(Error::NotAcceptable);
    }
    if !may_write && !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Err(Error::ReadOnlyToken);
    }
    Ok(ApiUser { viewer, ambient })
}

/// By the most specific media range that names JSON (RFC 9110 §12.5.1); without the header everything is accepted.
fn accepts_json(request: &HttpRequest) -> bool {
    let mut best: Option<(usize, Quality)> = None;
    for (range, quality) in accepted::<String>(request.headers(), &ACCEPT) {
        let ranges = ["*/*", "application/*", "application/json"];
        let specific = ranges.iter().position(|known| range.eq_ignore_ascii_case(known));
        if let Some(specific) = specific
            && best.is_none_or(|(known, _)| specific > known)
        {
            best = Some((specific, quality));
        }
    }
    !request.headers().contains_key(ACCEPT) || best.is_some_and(|(_, quality)| quality > Quality::ZERO)
}
