//! Refuses writes that a page of another site makes a visitor's browser send (CSRF). No tokens are needed: the request
//! headers `Sec-Fetch-Site` and `Origin`, which the browser sets, are enough (the algorithm of Go's
//! `http.CrossOriginProtection`).

use actix_web::http::Method;
use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue, ORIGIN};

use crate::web::{Error, Result};

static SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// `null_is_own` is true for a page with `Referrer-Policy: no-referrer`, such as a page at a secret address: from it
/// browsers send `Origin: null`, with a true `Sec-Fetch-Site` except over plain HTTP. There a request must not be
/// believed for its cookies.
///
/// # Errors
/// `Forbidden` if the request may change something and comes from another site.
pub fn check(
    method: &Method,
    headers: &HeaderMap,
    own_origin: &str,
    trusted: &[String],
    null_is_own: bool,
) -> Result<()> {
    if matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS) {
        return Ok(());
    }
    // No browser sends one of these twice; a doubled header may be an attempt to hide one of the values.
    if [&ORIGIN, &SEC_FETCH_SITE].iter().any(|name| headers.get_all(*name).count() > 1) {
        return refuse(headers);
    }
    let origin = headers.get(ORIGIN).map(|value| value.to_str().unwrap_or("null").to_ascii_lowercase());
    if origin.as_ref().is_some_and(|origin| trusted.contains(origin)) {
        return Ok(());
    }
    let same = match (headers.get(&SEC_FETCH_SITE).map(HeaderValue::as_bytes), origin) {
        (Some(site), _) => site == b"same-origin" || site == b"none",
        // Browsers leave Sec-Fetch-Site out over plain HTTP.
        (None, Some(origin)) => origin == own_origin || (null_is_own && origin == "null"),
        // Neither header: not a browser, so the request does not use a visitor's cookies without their knowledge.
        (None, None) => true,
    };
    if same { Ok(()) } else { refuse(headers) }
}

fn refuse(headers: &HeaderMap) -> Result<()> {
    tracing::warn!(target: "polls.security", origin = ?headers.get(ORIGIN), "Refused a write from another site.");
    Err(Error::Forbidden("the request came from another site"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Method, Sec-Fetch-Site, Origin, whether it passes; own origin `https://polls.example.com`.
    const CASES: &[(&str, Option<&str>, Option<&str>, bool)] = &[
        ("GET", Some("cross-site"), Some("https://evil.example"), true),
        ("POST", Some("same-origin"), Some("https://polls.example.com"), true),
        ("POST", Some("none"), None, true),
        ("POST", Some("same-site"), Some("https://other.example.com"), false),
        ("POST", Some("cross-site"), Some("https://polls.example.com"), false),
        ("POST", Some("cross-site"), Some("https://friend.example"), true),
        ("POST", Some(""), None, false),
        ("POST", None, Some("https://polls.example.com"), true),
        ("POST", None, Some("HTTPS://Polls.Example.com"), true),
        ("POST", None, Some("http://polls.example.com"), false),
        ("POST", None, Some("https://polls.example.com:8443"), false),
        ("POST", None, Some("null"), false),
        ("POST", Some("cross-site"), Some("null"), false),
        ("POST", Some("same-origin"), Some("null"), true),
        ("POST", None, Some("https://friend.example"), true),
        ("POST", None, None, true),
        ("DELETE", None, Some("https://evil.example"), false),
    ];

    #[test]
    fn only_this_site_and_its_friends_may_write() {
        for (method, site, origin, passes) in CASES {
            let mut headers = HeaderMap::new();
            if let Some(site) = site {
                headers.insert(SEC_FETCH_SITE.clone(), HeaderValue::from_static(site));
            }
            if let Some(origin) = origin {
                headers.insert(ORIGIN, HeaderValue::from_static(origin));
            }
            let method = Method::from_bytes(method.as_bytes()).unwrap();
            let trusted = ["https://friend.example".to_owned()];
            for null_is_own in [false, true] {
                let result = check(&method, &headers, "https://polls.example.com", &trusted, null_is_own);
                let passes = *passes || (null_is_own && *origin == Some("null") && site.is_none());
                assert_eq!(result.is_ok(), passes, "{method} {site:?} {origin:?} {null_is_own}");
            }
        }
    }
}
