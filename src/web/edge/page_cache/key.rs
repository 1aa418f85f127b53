//! The key of a cached page: everything that a page for a reader without a session depends on.

use std::borrow::Cow;

use actix_web::dev::RequestHead;
use actix_web::http::Method;
use actix_web::http::header::HOST;

use crate::settings::Language;
use crate::web::context::facts::RequestFacts;

#[derive(Debug, PartialEq, Eq, Hash)]
pub struct Key<'a> {
    pub target: Cow<'a, str>,
    /// The `Host` header as it was sent. It needs no check here: only an allowed host can have a stored page.
    pub host: Cow<'a, [u8]>,
    pub secure: bool,
    pub language: Language,
    pub compressed: bool,
}

impl<'a> Key<'a> {
    /// The key of a request; None if its answer depends on more than that.
    pub fn of(request: &'a RequestHead, facts: RequestFacts) -> Option<Self> {
        let headers = request.headers();
        if !matches!(request.method, Method::GET | Method::HEAD) || request.uri.authority().is_some() {
            return None;
        }
        let mut hosts = headers.get_all(HOST);
        let (Some(host), None) = (hosts.next(), hosts.next()) else {
            return None;
        };
        if facts.has_session || facts.wants_fresh {
            return None;
        }
        Some(Self {
            target: request.uri.path_and_query()?.as_str().into(),
            host: host.as_bytes().into(),
            secure: facts.secure,
            language: facts.language,
            compressed: facts.compresses_pages(),
        })
    }

    /// A copy that does not borrow from the request.
    pub fn into_owned(self) -> Key<'static> {
        Key {
            target: self.target.into_owned().into(),
            host: self.host.into_owned().into(),
            secure: self.secure,
            language: self.language,
            compressed: self.compressed,
        }
    }
}
