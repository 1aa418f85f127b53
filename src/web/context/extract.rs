//! The arguments that handlers take from a request.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};

use crate::web::context::staff::to_login;
use crate::web::{Ambient, Error, Result, Session, Viewer, paths};

/// The id of an object in the path. Text that cannot be an id is answered as not found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Id(pub i64);

impl FromRequest for Id {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(parse(request.match_info().query("id")).map(Self).ok_or(Error::NotFound))
    }
}

/// A positive number in digits only, without `+7` or `007`, so that each object has one address.
fn parse(text: &str) -> Option<i64> {
    let id: i64 = text.parse().ok()?;
    (id.to_string() == text && id > 0).then_some(id)
}

impl FromRequest for Session {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ambient::required(request).map(|ambient| {
            ambient.make_private();
            ambient.session.clone()
        }))
    }
}

impl FromRequest for Viewer {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ambient::required(request).and_then(|ambient| {
            ambient.make_private();
            ambient.viewer().map(|viewer| (*viewer).clone()).ok_or_else(|| to_login(&ambient, paths::ACCOUNT_LOGIN))
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn an_id_has_one_spelling() {
        assert_eq!(parse("7"), Some(7));
        assert_eq!(parse("9223372036854775807"), Some(i64::MAX));
        for wrong in ["", "0", "-1", "+7", "007", "7.0", "abc", "７", "99999999999999999999"] {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
    }
}
