//! The security headers of every answer.

use actix_web::http::header::{
    CONTENT_SECURITY_POLICY, HeaderMap, HeaderName, HeaderValue, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY,
    X_CONTENT_TYPE_OPTIONS,
};

use crate::web::Site;

static CROSS_ORIGIN_OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
static PERMISSIONS_POLICY: HeaderName = HeaderName::from_static("permissions-policy");

/// Who may show a page in a frame: nobody.
const NO_FRAMES: &str = "frame-ancestors 'none'";

/// Sets the security headers: the browser loads nothing from other sites, runs no inline scripts or styles, and shows
/// the page in no frame of another site, where visitors could be tricked into voting. A page that other sites may show
/// already has a policy that says only that: `frame-ancestors https://example.com`.
pub fn secure(headers: &mut HeaderMap, site: &Site, over_tls: bool) {
    let policy = content_security_policy(&site.settings.static_url);
    let frames = headers.get(CONTENT_SECURITY_POLICY).and_then(|policy| policy.to_str().ok());
    let framed = frames.zip(policy.to_str().ok()).map(|(frames, policy)| policy.replace(NO_FRAMES, frames));
    let framed = framed.and_then(|policy| HeaderValue::try_from(policy).ok());
    headers.insert(CONTENT_SECURITY_POLICY, framed.unwrap_or(policy));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    // An answer at a secret address already has `no-referrer`.
    if !headers.contains_key(REFERRER_POLICY) {
        headers.insert(REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    }
    headers.insert(CROSS_ORIGIN_OPENER_POLICY.clone(), HeaderValue::from_static("same-origin"));
    headers.insert(
        PERMISSIONS_POLICY.clone(),
        HeaderValue::from_static("camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    );
    let max_age = site.security.secure_hsts_seconds.as_secs();
    if over_tls
        && max_age > 0
        && let Ok(value) = HeaderValue::try_from(format!("max-age={max_age}"))
    {
        headers.insert(STRICT_TRANSPORT_SECURITY, value);
    }
}

/// The policy. If static files are on another host (`static_url`), that host is the only other source.
fn content_security_policy(static_url: &str) -> HeaderValue {
    const OWN: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; \
                       form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
    let Some(host) = static_url.split_once("://").map(|(_, rest)| rest.split('/').next().unwrap_or(rest)) else {
        return HeaderValue::from_static(OWN);
    };
    let scheme = &static_url[..static_url.find(':').unwrap_or(0)];
    let policy = ["style-src", "script-src", "img-src"].iter().fold(OWN.to_owned(), |policy, directive| {
        policy.replace(&format!("{directive} 'self'"), &format!("{directive} 'self' {scheme}://{host}"))
    });
    HeaderValue::try_from(policy).unwrap_or_else(|_| HeaderValue::from_static(OWN))
}
