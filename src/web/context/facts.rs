//! Facts from the headers of a request. They are found once and used by the page cache and by the middleware behind it.

use actix_web::http::header::{ContentEncoding, HeaderMap};

use crate::settings::Language;
use crate::web::Site;
use crate::web::context::session;
use crate::web::http::{cookies, encoding};
use crate::web::pages::i18n;

/// Stored in the extensions of a request.
#[derive(Debug, Clone, Copy)]
pub struct RequestFacts {
    /// Whether the visitor's own connection is TLS.
    pub secure: bool,
    pub language: Language,
    /// The same by the headers alone, for addresses that read no cookie.
    pub language_without_cookie: Language,
    /// Whether there is a session cookie, valid or not.
    pub has_session: bool,
    /// Whether the visitor has written something within the last two seconds ([`cookies::fresh`]).
    pub wants_fresh: bool,
    pub accepts_gzip: bool,
}

impl RequestFacts {
    /// `secure` is what the gateway or a trusted proxy reports of the connection ([`super::client::is_secure`]).
    pub fn of(headers: &HeaderMap, secure: bool, site: &Site) -> Self {
        let cookie = |name| cookies::value(headers, site, secure, name);
        Self {
            secure,
            language_without_cookie: i18n::choose(None, headers, site.settings.language_code),
            language: i18n::choose(cookie(i18n::COOKIE), headers, site.settings.language_code),
            has_session: cookie(session::COOKIE).is_some(),
            wants_fresh: cookies::wants_fresh(headers),
            accepts_gzip: encoding::accepts(headers, ContentEncoding::Gzip),
        }
    }

    /// Whether pages are compressed. Never with a session: the length of a compressed page shows what the page has in
    /// common with text that an attacker put into its address (BREACH).
    pub fn compresses_pages(&self) -> bool {
        self.accepts_gzip && !self.has_session
    }
}
