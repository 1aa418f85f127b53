//! Which host a request is for, and whether it is one of `allowed_hosts`.

use actix_web::dev::ServiceRequest;
use actix_web::http::{Version, header};

use crate::settings::AllowedHosts;

use crate::web::{Error, Result};

/// The `host[:port]` a request was sent to.
///
/// The authority of an absolute request target takes precedence over the `Host` header (RFC 9112 §3.2.2). A client of
/// HTTP/1.0 may send neither; its host is then the first allowed one.
///
/// # Errors
/// `BadRequest` for a host that is missing, doubled, malformed or not allowed.
pub fn of(request: &ServiceRequest, allowed: &AllowedHosts) -> Result<String> {
    let mut headers = request.headers().get_all(header::HOST);
    let header = match (headers.next(), headers.next()) {
        (_, Some(_)) => return Err(Error::BadRequest("the Host header is doubled")),
        (Some(value), None) => Some(value.to_str().map_err(|_| Error::BadRequest("the Host header is malformed"))?),
        (None, None) => None,
    };
    let host = match (request.head().uri.authority(), header) {
        (Some(_), None) if request.version() > Version::HTTP_10 => {
            return Err(Error::BadRequest("the Host header is missing"));
        }
        (Some(authority), _) => authority.as_str(),
        (None, Some(host)) if !host.is_empty() => host,
        (None, _) if request.version() <= Version::HTTP_10 => return Ok(allowed.first().to_owned()),
        (None, _) => return Err(Error::BadRequest("the Host header is missing")),
    };
    let name = name(host).ok_or(Error::BadRequest("the Host header is malformed"))?;
    if !allowed.allow(name) {
        tracing::warn!(target: "polls.security", host, "Refused a request for a host that is not in allowed_hosts.");
        return Err(Error::BadRequest("this host is not one of the site's"));
    }
    Ok(host.to_ascii_lowercase())
}

/// The name without the port; an IPv6 address keeps its brackets. None if it is malformed.
fn name(host: &str) -> Option<&str> {
    let (name, port) = match host.rfind(']') {
        Some(end) if host.starts_with('[') => host.split_at(end + 1),
        Some(_) => return None,
        None => host.split_at(host.find(':').unwrap_or(host.len())),
    };
    let plain = |c: char| c.is_ascii_alphanumeric() || "-._:[]".contains(c);
    let port_is_fine =
        port.is_empty() || port.strip_prefix(':').is_some_and(|port| port.bytes().all(|b| b.is_ascii_digit()));
    (!name.is_empty() && name.chars().all(plain) && port_is_fine).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::name;

    #[test]
    fn a_name_is_taken_off_its_port() {
        assert_eq!(name("example.com"), Some("example.com"));
        assert_eq!(name("example.com:8000"), Some("example.com"));
        assert_eq!(name("[::1]:8000"), Some("[::1]"));
        for wrong in ["", ":80", "a:b", "exa mple.com", "a/b", "user@example.com", "::1]", "example.com:80:80", "é.com"]
        {
            assert_eq!(name(wrong), None, "{wrong}");
        }
    }
}
