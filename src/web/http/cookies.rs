//! Cookies: limited to this site, unreadable for scripts (`HttpOnly`) and, over TLS, never sent unencrypted (`Secure`).

use std::borrow::Cow;
use std::sync::Once;

use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, CookieBuilder, SameSite};
use actix_web::http::header::{COOKIE, HeaderMap, HeaderValue};

use crate::web::Site;

/// A cookie for the whole site. It lasts until the browser is closed unless the caller sets an age.
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

/// The value of a cookie that [`build`] made; the first if the browser sent several.
pub fn value<'a>(headers: &'a HeaderMap, site: &Site, secure: bool, name: &'static str) -> Option<&'a str> {
    headers.contains_key(COOKIE).then(|| full_name(site, secure, name)).and_then(|name| sent(headers, &name))
}

/// The cookie's name with a prefix over TLS, which makes the browser refuse such a cookie from another site or over
/// plain HTTP (RFC 6265bis §4.1.3).
fn full_name(site: &Site, secure: bool, name: &'static str) -> Cow<'static, str> {
    match (secure, site.settings.mount.as_str()) {
        (false, _) => name.into(),
        (true, "") => format!("__Host-{name}").into(),
        (true, _) => format!("__Secure-{name}").into(),
    }
}

/// `Cache-Control` of an answer with a cookie that the browser may show again on Back, and must not reuse in any other
/// case.
pub const PRIVATE_UNTIL_LEFT: HeaderValue = HeaderValue::from_static("private, max-age=0");

/// A cookie that the browser sends to one path only. Over TLS its name starts with `__Secure-`, as in `full_name` for
/// a site below a mount.
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

/// The name of the cookie that makes caches leave out a reader who has just written something. It does not identify the
/// reader.
const FRESH: &str = "fresh";

/// A cookie for the answer to a write. While the browser has it, for two seconds, the reader's pages come from the
/// database: that is longer than any cache keeps a page. A cookie works whichever process answers the next request.
pub fn fresh(site: &Site, secure: bool) -> Cookie<'static> {
    Cookie::build(FRESH, "1")
        .path(site.settings.mount.cookie_path())
        .max_age(Duration::seconds(2))
        .same_site(SameSite::Lax)
        .http_only(true)
        .secure(secure)
        .finish()
}

/// Whether the reader has written something within the last two seconds.
pub fn wants_fresh(headers: &HeaderMap) -> bool {
    sent(headers, FRESH).is_some()
}

/// The first cookie of a name. Pairs are read as bytes, one by one: a cookie of another application on this host may
/// hold any bytes, and must not make ours unreadable.
fn sent<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let pairs = headers.get_all(COOKIE).flat_map(|line| line.as_bytes().split(|byte| *byte == b';'));
    let mut ours =
        pairs.filter_map(|pair| pair.trim_ascii().strip_prefix(name.as_bytes())?.trim_ascii().strip_prefix(b"="));
    ours.next().and_then(|value| std::str::from_utf8(value.trim_ascii()).ok())
}
