//! Cookies: for this site alone, out of reach of scripts and, over TLS, of the network.

use std::sync::Once;

use actix_web::HttpRequest;
use actix_web::cookie::{Cookie, CookieBuilder, SameSite};

use super::Site;

/// A cookie of this site, for the browser session unless it is given an age.
pub fn build(site: &Site, secure: bool, name: &str, value: &str) -> CookieBuilder<'static> {
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

/// The value of a cookie that [`build`] made.
pub fn value(request: &HttpRequest, site: &Site, secure: bool, name: &str) -> Option<String> {
    request.cookie(&full_name(site, secure, name)).map(|cookie| cookie.value().to_owned())
}

/// Over TLS the name makes the browser refuse a cookie that somebody else planted (RFC 6265bis §4.1.3).
fn full_name(site: &Site, secure: bool, name: &str) -> String {
    match (secure, site.settings.mount.as_str()) {
        (false, _) => name.to_owned(),
        (true, "") => format!("__Host-{name}"),
        (true, _) => format!("__Secure-{name}"),
    }
}
