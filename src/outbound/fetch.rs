//! Fetches a page or picture of another site. Each address is checked after its name was resolved, at each redirect
//! anew, and the connection goes to the very address that was checked. No cookies and no referrer are sent.

use std::io::{self, Read};
use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::DateTime;
use ureq::config::Config;
use ureq::http::{Response, StatusCode, Uri, header};
use ureq::tls::{Certificate, RootCerts, TlsConfig};
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};
use ureq::{Agent, Body, BodyReader};
use url::Url;

use super::address::Reach;
use super::error::{FetchError, StatusText};
use super::limits::{LARGEST, MOST_HEADER_BYTES, MOST_REDIRECTS};
use super::web_url::{joined, web_url};
use crate::clock;
use crate::settings::OutboundSettings;

const USER_AGENT: &str = concat!("polls/", env!("CARGO_PKG_VERSION"), " (titles, pictures and links of bookmarks)");

/// What the other site is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FetchKind {
    Page,
    Picture,
}

/// How it is asked whether there is something at an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProbeMethod {
    Head,
    Get,
}

/// An answer without its body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Probe {
    pub status: u16,
    /// Where the address leads for good, as far as all redirects before were for good, too.
    pub moved_to: Option<Url>,
    /// How long the site wants to be left alone.
    pub retry_after: Option<Duration>,
}

/// An answer that leads nowhere else.
struct LastHop {
    response: Response<Body>,
    /// The address after all redirects.
    url: Url,
    moved_to: Option<Url>,
}

pub struct Fetcher {
    agent: Agent,
    timeout: Duration,
}

/// An answer whose body is still to be read. Its end is not waited for: who stops to read closes the connection.
pub struct Fetched {
    /// The address after all redirects.
    pub url: Url,
    pub content_type: Option<String>,
    host: String,
    timeout: Duration,
    body: BodyReader<'static>,
}

impl Fetcher {
    pub fn new(settings: &OutboundSettings) -> Self {
        let reach = Reach { allowed: settings.allowed_networks.clone(), own: own_addresses() };
        Self::with_names(Box::new(DefaultResolver::default()), reach, settings.timeout)
    }

    fn with_names(names: Box<dyn Resolver>, reach: Reach, timeout: Duration) -> Self {
        let tls = TlsConfig::builder()
            .root_certs(trusted())
            .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .build();
        let config = Config::builder()
            // A proxy would resolve names itself.
            .proxy(None)
            .max_redirects(0)
            .http_status_as_error(false)
            .max_response_header_size(MOST_HEADER_BYTES)
            // A connection that is kept may be closed by the site just when it is asked again, which would be told
            // as a fault of the site.
            .max_idle_connections(0)
            .user_agent(USER_AGENT)
            .tls_config(tls)
            .build();
        let resolver = GuardedResolver { names, reach };
        Self { agent: Agent::with_parts(config, DefaultConnector::default(), resolver), timeout }
    }

    /// Asks for `url`, and follows where it leads.
    ///
    /// # Errors
    /// If there is no answer of status 2xx from a public address in time.
    pub fn get(&self, url: &str, kind: FetchKind) -> Result<Fetched, FetchError> {
        let accepted = match kind {
            FetchKind::Page => "text/html, application/xhtml+xml;q=0.9, */*;q=0.5",
            FetchKind::Picture => "image/avif, image/webp, image/png, image/jpeg, image/gif, */*;q=0.1",
        };
        let LastHop { response, url, .. } = self.visit(url, ProbeMethod::Get, accepted)?;
        if !response.status().is_success() {
            return Err(FetchError::Status(StatusText(response.status())));
        }
        let host = url.host_str().unwrap_or_default().to_owned();
        Ok(Fetched::new(url, host, self.timeout, response))
    }

    /// Asks whether there is something at `url`, and follows where it leads. Nothing of it is read.
    ///
    /// # Errors
    /// If there is no answer, of whatever status, from a public address in time.
    pub fn probe(&self, url: &str, method: ProbeMethod) -> Result<Probe, FetchError> {
        let LastHop { response, moved_to, .. } = self.visit(url, method, "text/html, */*;q=0.5")?;
        let retry_after = response.headers().get(header::RETRY_AFTER).and_then(|value| value.to_str().ok());
        Ok(Probe { status: response.status().as_u16(), moved_to, retry_after: retry_after.and_then(waiting_time) })
    }

    fn visit(&self, url: &str, method: ProbeMethod, accepted: &str) -> Result<LastHop, FetchError> {
        let begun = Instant::now();
        let mut url = web_url(url)?;
        let (mut moved_to, mut is_permanent) = (None, true);
        for _ in 0..=MOST_REDIRECTS {
            let left = self.timeout.saturating_sub(begun.elapsed());
            if left.is_zero() {
                return Err(FetchError::TooLong(self.timeout));
            }
            let host = url.host_str().unwrap_or_default();
            let response = self.ask(&url, method, accepted, left);
            let response = response.map_err(|error| FetchError::of(error, host, self.timeout))?;
            match location(&response) {
                Some(location) => {
                    url = joined(&url, &location)?;
                    let permanent = [StatusCode::MOVED_PERMANENTLY, StatusCode::PERMANENT_REDIRECT];
                    is_permanent &= permanent.contains(&response.status());
                    if is_permanent {
                        moved_to = Some(url.clone());
                    }
                }
                None => return Ok(LastHop { response, url, moved_to }),
            }
        }
        Err(FetchError::TooManyRedirects)
    }

    fn ask(
        &self,
        url: &Url,
        method: ProbeMethod,
        accepted: &str,
        left: Duration,
    ) -> Result<Response<Body>, ureq::Error> {
        let request = match method {
            ProbeMethod::Get => self.agent.get(url.as_str()),
            ProbeMethod::Head => self.agent.head(url.as_str()),
        };
        request.header(header::ACCEPT, accepted).config().timeout_global(Some(left)).build().call()
    }
}

/// The longest time that another site may make this one wait.
const LONGEST_WAIT: Duration = Duration::from_secs(24 * 60 * 60);

/// What `Retry-After` says: seconds, or a date.
fn waiting_time(text: &str) -> Option<Duration> {
    let text = text.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds).min(LONGEST_WAIT));
    }
    let date = DateTime::parse_from_rfc2822(text).ok()?.naive_utc();
    let wait = (date - clock::now()).to_std().unwrap_or_default();
    Some(wait.min(LONGEST_WAIT))
}

/// Where a redirect leads.
fn location(response: &Response<Body>) -> Option<String> {
    let redirects = [
        StatusCode::MOVED_PERMANENTLY,
        StatusCode::FOUND,
        StatusCode::SEE_OTHER,
        StatusCode::TEMPORARY_REDIRECT,
        StatusCode::PERMANENT_REDIRECT,
    ];
    let location = response.headers().get(header::LOCATION).filter(|_| redirects.contains(&response.status()))?;
    Some(String::from_utf8_lossy(location.as_bytes()).into_owned())
}

impl Fetched {
    fn new(url: Url, host: String, timeout: Duration, response: Response<Body>) -> Self {
        let content_type = response.headers().get(header::CONTENT_TYPE);
        let content_type = content_type.map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
        let body = response.into_body().into_with_config().limit(LARGEST).reader();
        Self { url, content_type, host, timeout, body }
    }

    /// The whole body.
    ///
    /// # Errors
    /// If it is too large, takes too long or breaks off.
    pub fn bytes(mut self) -> Result<Vec<u8>, FetchError> {
        let mut bytes = Vec::new();
        self.read_to_end(&mut bytes).map_err(FetchError::of_reading)?;
        Ok(bytes)
    }
}

impl Read for Fetched {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.body.read(buffer);
        read.map_err(|error| io::Error::other(FetchError::of_io(error, &self.host, self.timeout)))
    }
}

/// Hands out only addresses that may be asked. One that may not refuses the whole name: a name with a public and a
/// private address is an attempt to reach the private one.
#[derive(Debug)]
struct GuardedResolver {
    names: Box<dyn Resolver>,
    reach: Reach,
}

impl Resolver for GuardedResolver {
    fn resolve(&self, uri: &Uri, config: &Config, timeout: NextTimeout) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let host = uri.host().unwrap_or_default();
        let addresses = self.names.resolve(uri, config, timeout).map_err(|error| match error {
            ureq::Error::Io(_) => ureq::Error::HostNotFound,
            error => error,
        })?;
        for address in &addresses {
            let checked = self.reach.check(*address);
            checked.map_err(|why| ureq::Error::Other(Box::new(FetchError::refused(host, *address, why))))?;
        }
        Ok(addresses)
    }
}

/// The certificates that this machine trusts, so that an administrator decides.
fn trusted() -> RootCerts {
    let found = rustls_native_certs::load_native_certs();
    let certificates = found.certs.iter().map(|certificate| Certificate::from_der(certificate).to_owned());
    RootCerts::Specific(Arc::new(certificates.collect()))
}

fn own_addresses() -> Vec<IpAddr> {
    let interfaces = nix::ifaddrs::getifaddrs().into_iter().flatten();
    let addresses = interfaces.filter_map(|interface| {
        let address = interface.address?;
        let v4 = address.as_sockaddr_in().map(|address| IpAddr::V4(address.ip()));
        v4.or_else(|| address.as_sockaddr_in6().map(|address| IpAddr::V6(address.ip())))
    });
    addresses.collect()
}

#[cfg(test)]
mod tests;
