//! The client: its IP address, whether its connection is TLS, and which sources of these are trusted.

use std::net::IpAddr;

use actix_web::dev::ServiceRequest;
use actix_web::http::header::{HeaderMap, HeaderName};
use actix_web::{HttpMessage as _, HttpRequest};

use crate::settings::SecuritySettings;

static FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
static FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");
static REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The other end of the connection, or what the web server reports about it. FastCGI and CGI set it from their
/// parameters; for HTTP it is read from the socket.
#[derive(Debug, Clone)]
pub struct Peer {
    /// None for a unix socket, and if the web server reported none.
    pub address: Option<IpAddr>,
    pub secure: bool,
    /// Whether the peer is a unix socket, which only a local proxy can reach.
    pub local: bool,
    /// The request id that the web server itself made; no client can set it.
    pub request_id: Option<String>,
}

/// Marks an HTTP connection over a unix socket.
#[derive(Debug, Clone, Copy)]
pub struct LocalPeer;

/// The visitor, by trusted sources only.
#[derive(Debug, Clone)]
pub struct Client {
    pub address: Option<IpAddr>,
    /// Whether the visitor's own connection is TLS.
    pub secure: bool,
    /// The request id of the web server or of a trusted proxy.
    pub request_id: Option<String>,
}

impl Peer {
    fn of(request: &HttpRequest) -> Self {
        let told = request.extensions().get::<Self>().cloned();
        told.unwrap_or_else(|| {
            // A TCP peer that has already disconnected has no address either; it must not be taken for a local one.
            let local = request.conn_data::<LocalPeer>().is_some();
            Self { address: request.peer_addr().map(|address| address.ip()), secure: false, local, request_id: None }
        })
    }

    /// Whether its `X-Forwarded-For` and `X-Forwarded-Proto` are trusted. `Forwarded` and `X-Forwarded-Host` never are.
    fn is_trusted(&self, security: &SecuritySettings) -> bool {
        self.local || self.address.is_some_and(|address| security.trusts(address))
    }

    pub fn is_secure(&self, headers: &HeaderMap, security: &SecuritySettings) -> bool {
        let forwarded_proto = headers.get(&FORWARDED_PROTO).filter(|_| self.is_trusted(security));
        forwarded_proto.map_or(self.secure, |proto| proto.as_bytes().eq_ignore_ascii_case(b"https"))
    }
}

/// Whether a request comes from a web server by FastCGI or CGI, and whether it comes from a trusted proxy by HTTP.
pub fn speaks_for(request: &HttpRequest, security: &SecuritySettings) -> (bool, bool) {
    if request.extensions().contains::<Peer>() {
        return (true, false);
    }
    (false, Peer::of(request).is_trusted(security))
}

/// Whether a request comes from this machine, from a trusted proxy or from a web server; the latter two decide
/// themselves which clients may ask.
pub fn is_from_inside(request: &HttpRequest, security: &SecuritySettings) -> bool {
    let peer = Peer::of(request);
    let from_here = peer.address.is_some_and(|address| address.to_canonical().is_loopback());
    request.extensions().contains::<Peer>() || from_here || peer.is_trusted(security)
}

/// Whether a trusted proxy sends the visitor's address and protocol; true for requests that come from no proxy. Without
/// these headers the visitor would be taken for the proxy itself. They are missing if the proxy is not configured to
/// send them, or if a visitor named them in `Connection`, for which a proxy drops them.
pub fn is_introduced(request: &HttpRequest, security: &SecuritySettings) -> bool {
    let (_, from_proxy) = speaks_for(request, security);
    let headers = request.headers();
    !from_proxy || (headers.contains_key(&FORWARDED_PROTO) && forwarded_for(headers, security).is_some())
}

/// [`Client::secure`] alone.
pub fn is_secure(request: &ServiceRequest, security: &SecuritySettings) -> bool {
    Peer::of(request.request()).is_secure(request.headers(), security)
}

impl Client {
    pub fn of(request: &HttpRequest, security: &SecuritySettings) -> Self {
        Self::behind(Peer::of(request), request.headers(), security)
    }

    /// The client behind a peer, by the peer's headers if it is trusted.
    pub fn behind(peer: Peer, headers: &HeaderMap, security: &SecuritySettings) -> Self {
        let secure = peer.is_secure(headers, security);
        if !peer.is_trusted(security) {
            return Self { address: peer.address, secure, request_id: peer.request_id };
        }
        Self {
            address: forwarded_for(headers, security).or(peer.address),
            secure,
            request_id: headers
                .get(&REQUEST_ID)
                .and_then(|value| value.to_str().ok())
                .filter(|id| is_request_id(id))
                .map(str::to_owned)
                .or(peer.request_id),
        }
    }
}

/// The rightmost address that is not a trusted proxy: a client may have written anything to the left of it.
fn forwarded_for(headers: &HeaderMap, security: &SecuritySettings) -> Option<IpAddr> {
    let mut nearest_trusted = None;
    let lines: Vec<_> = headers.get_all(&FORWARDED_FOR).collect();
    for hop in lines.iter().rev().flat_map(|line| line.as_bytes().rsplit(|byte| *byte == b',')) {
        let Some(address) = std::str::from_utf8(hop).ok().and_then(|text| parse_hop(text.trim())) else {
            break;
        };
        if !security.trusts(address) {
            return Some(address);
        }
        nearest_trusted = Some(address);
    }
    nearest_trusted
}

/// Parses an address, also with a port or brackets, as some proxies write it.
fn parse_hop(text: &str) -> Option<IpAddr> {
    let address = text
        .parse::<IpAddr>()
        .ok()
        .or_else(|| text.parse::<std::net::SocketAddr>().ok().map(|address| address.ip()))
        .or_else(|| text.strip_prefix('[')?.strip_suffix(']')?.parse().ok())?;
    Some(address.to_canonical())
}

/// Whether an id may be used: `[A-Za-z0-9._@-]{1,64}` (older versions of mod_unique_id write `@`), so nothing that
/// could break a log line or a page.
pub fn is_request_id(id: &str) -> bool {
    (1..=64).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._@-".contains(&byte))
}
