//! What a page for a reader without a session depends on, and nothing else.

use std::borrow::Cow;

use actix_web::dev::RequestHead;
use actix_web::http::Method;
use actix_web::http::header::{ContentEncoding, HOST};

use crate::web::Site;
use crate::web::context::session;
use crate::web::http::{cookies, encoding};
use crate::web::pages::i18n;
use crate::web::pages::i18n::Language;

#[derive(Debug, PartialEq, Eq, Hash)]
pub struct Key<'a> {
    pub target: Cow<'a, str>,
    /// As it was sent: whether the site answers to it, a page that is there has said.
    pub host: Cow<'a, [u8]>,
    pub secure: bool,
    pub language: Language,
    /// For a reader without a session, what [`encoding::packs_pages`] says.
    pub packed: bool,
}

impl<'a> Key<'a> {
    /// None for a request that is about more than that. `secure` is [`crate::web::context::client::Client::secure`].
    pub fn of(request: &'a RequestHead, secure: bool, site: &Site) -> Option<Self> {
        let headers = request.headers();
        if !matches!(request.method, Method::GET | Method::HEAD) || request.uri.authority().is_some() {
            return None;
        }
        let mut hosts = headers.get_all(HOST);
        let (Some(host), None) = (hosts.next(), hosts.next()) else {
            return None;
        };
        let sent = |name| cookies::value(headers, site, secure, name);
        if sent(session::COOKIE).is_some() || cookies::wants_fresh(headers) {
            return None;
        }
        Some(Self {
            target: request.uri.path_and_query()?.as_str().into(),
            host: host.as_bytes().into(),
            secure,
            language: i18n::choose(sent(i18n::COOKIE), headers, site.settings.language_code),
            packed: encoding::accepts(headers, ContentEncoding::Gzip),
        })
    }

    /// The same, without the request.
    pub fn into_owned(self) -> Key<'static> {
        Key {
            target: self.target.into_owned().into(),
            host: self.host.into_owned().into(),
            secure: self.secure,
            language: self.language,
            packed: self.packed,
        }
    }
}
