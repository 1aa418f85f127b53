//! Cookies: for this site alone, out of reach of scripts and, over TLS, of the network.

use std::borrow::Cow;
use std::sync::Once;

use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, CookieBuilder, SameSite};
use actix_web::http::header::{COOKIE, HeaderMap, HeaderValue};

use crate::web::Site;

/// A cookie of this site, for the browser session unless it is given an age.
pub fn build(site: &Site, secure: bool, name: &'static str, value: &str) -> CookieBuilder<'static> {
    static WARNING: Once = Once::new();
    if !secure {
        WARNING.call_once(|| {
            tracing::warn!(target: "polls.security", "Cookies are sent over plain HTTP, where others can read them; serve the site over TLS.");
        });
    }
    Cookie::build(full_name(site, secure, name), value.to_owned())
        .path(site.settings.mount.cookie_path())
        .same_site(SameSite::Lax)
        .http_only(true)
        .secure(secure)
}

/// The value of a cookie that [`build`] made; the first where there are several.
pub fn value<'a>(headers: &'a HeaderMap, site: &Site, secure: bool, name: &'static str) -> Option<&'a str> {
    headers.contains_key(COOKIE).then(|| full_name(site, secure, name)).and_then(|name| sent(headers, &name))
}

/// Over TLS the name makes the browser refuse a cookie that somebody else planted (RFC 6265bis §4.1.3).
fn full_name(site: &Site, secure: bool, name: &'static str) -> Cow<'static, str> {
    match (secure, site.settings.mount.as_str()) {
        (false, _) => name.into(),
        (true, "") => format!("__Host-{name}").into(),
        (true, _) => format!("__Secure-{name}").into(),
    }
}

/// `Cache-Control` of an answer with a cookie that the browser may find again on Back, and at no other time.
/// [`crate::web::edge`] gives every other answer with a cookie `no-store`.
pub const PRIVATE_UNTIL_LEFT: HeaderValue = HeaderValue::from_static("private, max-age=0");

/// A cookie that is sent to one address alone; its name over TLS as [`full_name`] has it for a mount.
pub fn build_for_path(secure: bool, name: &'static str, value: &str, path: String) -> CookieBuilder<'static> {
    Cookie::build(name_for_path(secure, name), value.to_owned())
        .path(path)
        .same_site(SameSite::Lax)
        .http_only(true)
        .secure(secure)
}

/// The value of a cookie that [`build_for_path`] made.
pub fn value_of_path<'a>(headers: &'a HeaderMap, secure: bool, name: &'static str) -> Option<&'a str> {
    sent(headers, &name_for_path(secure, name))
}

fn name_for_path(secure: bool, name: &'static str) -> Cow<'static, str> {
    if secure { format!("__Secure-{name}").into() } else { name.into() }
}

/// Tells caches that the reader has just written something. It says nothing of who that is.
const FRESH: &str = "fresh";

/// For the answer to a write: for two seconds, longer than any cache keeps a page, the reader's pages come
/// from the database. It goes to every process, whichever of them answers next.
pub fn fresh(site: &Site, secure: bool) -> Cookie<'static> {
    Cookie::build(FRESH, "1")
        .path(site.settings.mount.cookie_path())
        .max_age(Duration::seconds(2))
        .same_site(SameSite::Lax)
        .http_only(true)
        .secure(secure)
        .finish()
}

/// Whether the reader has just written something.
pub fn wants_fresh(headers: &HeaderMap) -> bool {
    sent(headers, FRESH).is_some()
}

/// Pair by pair: another application's cookie on this host may hold any bytes, and hides none of ours.
fn sent<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let pairs = headers.get_all(COOKIE).flat_map(|line| line.as_bytes().split(|byte| *byte == b';'));
    let mut ours =
        pairs.filter_map(|pair| pair.trim_ascii().strip_prefix(name.as_bytes())?.trim_ascii().strip_prefix(b"="));
    ours.next().and_then(|value| std::str::from_utf8(value.trim_ascii()).ok())
}
