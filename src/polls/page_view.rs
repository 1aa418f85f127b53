//! Identifies the page view that a vote comes from, so that two posts of one intention (a double click, Enter twice,
//! Stop or Back and Vote again) count once, although the poll's page is the same bytes for everybody and is cached.
//!
//! The page links to a stylesheet, `/polls/{id}/view.css`, that no shared cache keeps. It is empty; its answer sets a
//! cookie with a new id for this view of the page. The cookie is sent only with posts to `/polls/{id}/vote/`, so that
//! it splits no cache. A browser shows the page when its stylesheets are loaded, so the cookie is set before the first
//! click. On Back, a browser takes the stylesheet from its own cache, and the id stays the same. `static/js/vote.js`
//! also puts an id into the form, which distinguishes two tabs and needs no cookies.

use std::time::{SystemTime, UNIX_EPOCH};

use actix_web::cookie::time::Duration;
use actix_web::http::header::{CACHE_CONTROL, HeaderMap, HeaderName, UPGRADE_INSECURE_REQUESTS};
use actix_web::{HttpRequest, HttpResponse};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;

use super::paths;
use crate::web::http::cookies;
use crate::web::http::forms::Form;
use crate::web::{Ambient, Error, Id, Result};

/// The name of the cookie, and of the form's field.
const COOKIE: &str = "view";
pub const FIELD: &str = "view";

/// For how long a cookie is kept after the page was loaded. A vote after that is asked to be confirmed
/// (`polls-confirm`).
const MAX_AGE: Duration = Duration::DAY;

/// The number of hexadecimal digits at the beginning of an id that contain the time, in units of 4096 seconds (68
/// minutes).
pub const HOUR_DIGITS: usize = 6;
const HOUR_SECONDS: u64 = 4096;
/// The number of base64 characters for 128 random bits.
const RANDOM_DIGITS: usize = 22;

static SEC_FETCH_MODE: HeaderName = HeaderName::from_static("sec-fetch-mode");

/// The id of a page view: `HOUR_DIGITS` hexadecimal digits, then `RANDOM_DIGITS` of base64 (RFC 4648 §5). Ids of about
/// the same time begin alike, so that new entries of the index of ballots are near each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageView(String);

impl PageView {
    /// # Errors
    /// `Internal` if the system gives no random bytes.
    pub fn new() -> Result<Self> {
        let mut random = [0; 16];
        getrandom::fill(&mut random).map_err(|error| Error::Internal(error.to_string().into()))?;
        Ok(Self(this_hour() + &BASE64_URL_SAFE_NO_PAD.encode(random)))
    }

    /// The page view that a post names in its form, or else in its cookie; None if that is not an id as [`Self::new`]
    /// makes them.
    pub fn of(headers: &HeaderMap, ambient: &Ambient, form: &Form) -> Option<Self> {
        let cookie = || cookies::value_of_path(headers, ambient.client.secure, COOKIE);
        form.get(FIELD).and_then(Self::parse).or_else(|| Self::parse(cookie()?))
    }

    fn parse(text: &str) -> Option<Self> {
        let (hour, random) = text.split_at_checked(HOUR_DIGITS)?;
        let is_hour = hour.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        let is_random = random.len() == RANDOM_DIGITS
            && random.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
        (is_hour && is_random).then(|| Self(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The time in `HOUR_DIGITS`, with 0 as the first of them until 2106.
pub fn this_hour() -> String {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    format!("{:0HOUR_DIGITS$x}", seconds / HOUR_SECONDS)
}

/// Whether a browser sent this post: then a vote without a page view may be half of a double click. Other programs do
/// not send these headers unless they are told to; over plain HTTP browsers send `Upgrade-Insecure-Requests` only.
pub fn is_from_browser(headers: &HeaderMap) -> bool {
    let navigates = headers.get(&SEC_FETCH_MODE).is_some_and(|mode| mode == "navigate");
    navigates || headers.contains_key(UPGRADE_INSECURE_REQUESTS)
}

/// `GET /polls/{id}/view.css`: an empty stylesheet that begins a new page view. Its cache control is `private` without
/// `no-store`, so that on Back the browser finds it in its cache and keeps the id.
///
/// # Errors
/// `Internal` if the system gives no random bytes.
pub async fn stylesheet(request: HttpRequest, id: Id) -> Result<HttpResponse> {
    let ambient = Ambient::required(&request)?;
    let path = ambient.site.url(&paths::vote(id.0));
    let cookie = cookies::build_for_path(ambient.client.secure, COOKIE, PageView::new()?.as_str(), path);
    let mut response = HttpResponse::Ok();
    response.cookie(cookie.max_age(MAX_AGE).finish()).insert_header((CACHE_CONTROL, cookies::PRIVATE_UNTIL_LEFT));
    Ok(response.content_type("text/css; charset=utf-8").body(""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_read_as_it_was_made() {
        let view = PageView::new().unwrap();
        assert_eq!(PageView::parse(view.as_str()), Some(view.clone()));
        assert_ne!(PageView::new().unwrap(), view);
    }

    #[test]
    fn what_is_no_id_of_ours_is_none() {
        let id = "06a5f0AAAAAAAAAAAAAAAAAAAAAA";
        assert!(PageView::parse(id).is_some());
        for wrong in ["", "06a5f0", &id[1..], &format!("{id}A"), &id.replace("06a5", "06A5"), &id.replace("AA", "é")] {
            assert_eq!(PageView::parse(wrong), None, "{wrong}");
        }
    }
}
