//! Who the client is: its address, whether it came over TLS, and what may be believed of that.

use std::net::IpAddr;

use actix_web::dev::ServiceRequest;
use actix_web::http::header::{HeaderMap, HeaderName};
use actix_web::{HttpMessage as _, HttpRequest};

use crate::settings::SecuritySettings;

static FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
static FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");
static REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The other end of the connection, or what the web server says of it. Set by the gateways that speak
/// for a web server; over HTTP it is read off the socket.
#[derive(Debug, Clone)]
pub struct Peer {
    /// None where there is none (a unix socket) or none was told.
    pub address: Option<IpAddr>,
    pub secure: bool,
    /// Whether the peer is a unix socket, which only a local proxy can reach.
    pub local: bool,
    /// The id that the web server itself gave the request; no client can set it.
    pub request_id: Option<String>,
}

/// Marks a connection over a unix socket.
#[derive(Debug, Clone, Copy)]
pub struct LocalPeer;

/// The visitor, as far as it may be believed.
#[derive(Debug, Clone)]
pub struct Client {
    pub address: Option<IpAddr>,
    /// Whether the visitor's own connection is TLS.
    pub secure: bool,
    /// An id that the web server or a trusted proxy gave the request.
    pub request_id: Option<String>,
}

impl Peer {
    fn of(request: &HttpRequest) -> Self {
        let told = request.extensions().get::<Self>().cloned();
        told.unwrap_or_else(|| {
            // A TCP peer that has gone already has no address either; it is not to be taken for a local one.
            let local = request.conn_data::<LocalPeer>().is_some();
            Self { address: request.peer_addr().map(|address| address.ip()), secure: false, local, request_id: None }
        })
    }

    /// Whether its `X-Forwarded-*` count. `Forwarded` and `X-Forwarded-Host` never do.
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

/// Whether a request comes from this machine, from a trusted proxy or from a web server, which decide themselves whom
/// they let ask.
pub fn is_from_inside(request: &HttpRequest, security: &SecuritySettings) -> bool {
    let peer = Peer::of(request);
    let from_here = peer.address.is_some_and(|address| address.to_canonical().is_loopback());
    request.extensions().contains::<Peer>() || from_here || peer.is_trusted(security)
}

/// Whether a trusted proxy says for whom it asks, and how that visitor came. Without that a visitor would be taken for
/// the proxy itself: one whose proxy was not told to send these headers, or one who named them in `Connection`, for
/// which a proxy drops them.
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

    /// Whom a peer speaks for.
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

/// The rightmost address that is no trusted proxy of ours: what stands left of it, anyone may have written.
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

/// An address, with a port or brackets as some proxies write it.
fn parse_hop(text: &str) -> Option<IpAddr> {
    let address = text
        .parse::<IpAddr>()
        .ok()
        .or_else(|| text.parse::<std::net::SocketAddr>().ok().map(|address| address.ip()))
        .or_else(|| text.strip_prefix('[')?.strip_suffix(']')?.parse().ok())?;
    Some(address.to_canonical())
}

/// The ids we pass on: `[A-Za-z0-9._@-]{1,64}` (older versions of mod_unique_id write `@`), nothing that could break
/// a log line or a page.
pub fn is_request_id(id: &str) -> bool {
    (1..=64).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._@-".contains(&byte))
}
