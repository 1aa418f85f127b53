//! The voter of a poll that takes one ballot per browser.
//!
//! Such a poll's page, which is the same bytes for everybody and is cached, links to `/polls/browser/{id}/view.css`,
//! which no shared cache keeps. Its answer sets two cookies. The first holds the id of the browser; the browser sends it
//! to addresses below `/polls/browser/` only. The second holds the id of the browser's voter in this poll, made from the
//! first; it is sent only with posts to `/polls/{id}/vote/`. So neither splits a cache, a browser has one id for all
//! polls, and nothing that a vote sends or the database stores can be linked to the same browser's votes in other polls.
//!
//! Both are signed with the site's secret key, so that an id that this site did not make is not accepted. The ids
//! themselves do not depend on the key: while a changed key is among `secret_key_fallbacks`, its cookies stay valid, and
//! browsers stay the voters that they were.

use std::sync::LazyLock;

use actix_web::cookie::Cookie;
use actix_web::cookie::time::Duration;
use actix_web::http::header::{CACHE_CONTROL, HeaderMap};
use actix_web::{HttpRequest, HttpResponse};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use crate::polls::ballot_box::Voter;
use crate::polls::{page_view, paths};
use crate::settings::SecuritySettings;
use crate::web::http::{cookies, secrets};
use crate::web::{Ambient, Error, Id, Result};

/// The names of the two cookies, which are also the purposes of their signatures.
const BROWSER: &str = "browser";
const VOTER: &str = "voter";
/// How long a browser is known after it last loaded a poll: the longest that browsers allow.
const BROWSER_MAX_AGE: Duration = Duration::days(400);
/// How long a page may be open before its vote. Browsers keep only some 180 cookies of a site, and there is one for
/// each poll; loading the page sets it again.
const VOTER_MAX_AGE: Duration = Duration::DAY;

/// The number of base64 characters for 128 bits.
const DIGITS: usize = 22;
/// How many characters of a voter's id are the same for browsers that first came within the same hour.
const GROUP_DIGITS: usize = 4;
/// The characters of a voter's id without its first one, which names the rule.
const VOTER_DIGITS: usize = 31;

/// The style that shows the notice that the browser accepts no cookies (class `cookies-off`, attribute `hidden`).
const SHOW_NOTICE: &str = ".cookies-off[hidden] { display: block; }\n";

/// The browser of a vote, as the voter that it is in one poll.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BrowserKey(String);

impl BrowserKey {
    /// The browser that sent a vote in a poll; None if it sent no cookie that this site made for that poll.
    pub fn of(headers: &HeaderMap, ambient: &Ambient, question: i64) -> Option<Self> {
        let cookie = cookies::value_of_path(headers, ambient.client.secure, VOTER)?;
        let signed = verified(&ambient.site.security, VOTER, cookie)?;
        let (poll, voter) = signed.split_once('.')?;
        (poll == question.to_string() && voter.len() == VOTER_DIGITS).then(|| Self(voter.to_owned()))
    }

    /// The voter that a browser is in a poll. Ids of browsers that came at the same time begin alike, so that new
    /// entries of the index of ballots are near each other; how they begin differs from poll to poll.
    fn in_poll(browser: &str, question: i64) -> Self {
        let hash =
            |text: &str| BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(format!("polls.browser {question} {text}")));
        let (group, _) = browser.split_at_checked(DIGITS).unwrap_or_default();
        Self(format!("{:.GROUP_DIGITS$}{:.*}", hash(group), VOTER_DIGITS - GROUP_DIGITS, hash(browser)))
    }

    pub fn voter(&self) -> Voter {
        Voter::known(&format!("b{}", self.0))
    }
}

/// `GET /polls/browser/{id}/view.css`: sets the cookies. The stylesheet is empty for a browser that is known; for
/// another it imports [`check`].
///
/// # Errors
/// `Internal` if the system gives no random bytes.
pub async fn stylesheet(request: HttpRequest, id: Id) -> Result<HttpResponse> {
    let ambient = Ambient::required(&request)?;
    let body = match known(request.headers(), &ambient) {
        Some(_) => String::new(),
        None => format!("@import \"{}\";\n", ambient.site.url(paths::COOKIE_CHECK)),
    };
    let mut response = HttpResponse::Ok();
    for cookie in voter_cookies(request.headers(), &ambient, id.0)? {
        response.cookie(cookie);
    }
    Ok(style(response, body))
}

/// The cookies of a browser and of its voter in a poll. The answer to a vote without them sets them as well, for a
/// browser that loads no stylesheets.
///
/// # Errors
/// `Internal` if the system gives no random bytes.
pub fn voter_cookies(headers: &HeaderMap, ambient: &Ambient, question: i64) -> Result<[Cookie<'static>; 2]> {
    let (site, secure) = (&ambient.site, ambient.client.secure);
    let browser = known(headers, ambient).map_or_else(new_browser, |known| Ok(known.to_owned()))?;
    let BrowserKey(voter) = BrowserKey::in_poll(&browser, question);
    let voter = signed(&site.security, VOTER, &format!("{question}.{voter}"));
    let browser = signed(&site.security, BROWSER, &browser);
    let of_site = cookies::build_for_path(secure, BROWSER, &browser, site.url(paths::BROWSER));
    let of_poll = cookies::build_for_path(secure, VOTER, &voter, site.url(&paths::vote(question)));
    Ok([of_site.max_age(BROWSER_MAX_AGE).finish(), of_poll.max_age(VOTER_MAX_AGE).finish()])
}

/// `GET /polls/browser/check.css`: a browser requests it right after it was sent its first cookie. If it does not send
/// that back, the stylesheet shows the notice on the poll's page that votes need a cookie.
///
/// # Errors
/// If the handler runs outside the app's middleware.
pub async fn check(request: HttpRequest) -> Result<HttpResponse> {
    let ambient = Ambient::required(&request)?;
    let notice = if known(request.headers(), &ambient).is_some() { "" } else { SHOW_NOTICE };
    Ok(style(HttpResponse::Ok(), notice.to_owned()))
}

fn style(mut response: actix_web::HttpResponseBuilder, body: String) -> HttpResponse {
    response.insert_header((CACHE_CONTROL, cookies::PRIVATE_UNTIL_LEFT));
    response.content_type("text/css; charset=utf-8").body(body)
}

/// The id of a browser that sent one of this site.
fn known<'a>(headers: &'a HeaderMap, ambient: &Ambient) -> Option<&'a str> {
    let cookie = cookies::value_of_path(headers, ambient.client.secure, BROWSER)?;
    verified(&ambient.site.security, BROWSER, cookie).filter(|id| id.len() == 2 * DIGITS)
}

/// A new id: 128 bits that browsers of the same hour have in common, which nobody can guess, then 128 of its own.
fn new_browser() -> Result<String> {
    static PROCESS: LazyLock<uuid::Uuid> = LazyLock::new(uuid::Uuid::new_v4);
    let mut own = [0; 16];
    getrandom::fill(&mut own).map_err(|error| Error::Internal(error.to_string().into()))?;
    let group = BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(format!("{} {}", *PROCESS, page_view::this_hour())));
    Ok(format!("{group:.DIGITS$}{}", BASE64_URL_SAFE_NO_PAD.encode(own)))
}

/// A text with its signature by the present key.
pub(super) fn signed(security: &SecuritySettings, purpose: &str, text: &str) -> String {
    let key = security.keys().next().unwrap_or_default();
    format!("{text}.{}", signature(key, purpose, text))
}

/// The text of a value that [`signed`] made with one of the site's keys.
pub(super) fn verified<'a>(security: &SecuritySettings, purpose: &str, value: &'a str) -> Option<&'a str> {
    let (text, given) = value.rsplit_once('.')?;
    let is_ours = |key: &str| bool::from(signature(key, purpose, text).as_bytes().ct_eq(given.as_bytes()));
    security.keys().any(is_ours).then_some(text)
}

fn signature(key: &str, purpose: &str, text: &str) -> String {
    let hash = BASE64_URL_SAFE_NO_PAD.encode(secrets::keyed_hash(key, &format!("cookie.{purpose}"), text));
    format!("{hash:.DIGITS$}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_is_one_voter_in_a_poll_and_another_in_each_other() {
        let (one, other) = (new_browser().unwrap(), new_browser().unwrap());
        let voter = |browser: &str, question| BrowserKey::in_poll(browser, question).voter();
        assert_eq!(voter(&one, 1), voter(&one, 1));
        assert_ne!(voter(&one, 1), voter(&other, 1));
        assert_eq!(voter(&one, 1).id()[..5], voter(&other, 1).id()[..5], "both came within this hour");
        assert_ne!(voter(&one, 1).id()[1..5], voter(&one, 2).id()[1..5]);
        assert!(voter(&one, 1).id().starts_with('b') && voter(&one, 1).id().len() == 32);
        assert_eq!(BrowserKey::in_poll(&one, 1).0.len(), VOTER_DIGITS);
    }

    #[test]
    fn only_what_one_of_the_keys_has_signed_for_this_is_taken() {
        let keys = |present: &str, fallbacks: &[&str]| SecuritySettings::with_keys(present, fallbacks);
        let cookie = signed(&keys("old", &[]), BROWSER, "an id");
        assert_eq!(verified(&keys("old", &[]), BROWSER, &cookie), Some("an id"));
        assert_eq!(verified(&keys("new", &["older", "old"]), BROWSER, &cookie), Some("an id"));
        assert_eq!(verified(&keys("new", &[]), BROWSER, &cookie), None);
        assert_eq!(verified(&keys("old", &[]), VOTER, &cookie), None);
        for forged in ["", ".", "an id", "an id.", &cookie.replace("an", "no"), &cookie[..cookie.len() - 1]] {
            assert_eq!(verified(&keys("old", &[]), BROWSER, forged), None, "{forged}");
        }
    }
}
