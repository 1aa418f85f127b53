//! The settings of security: hosts, proxies, keys, limits.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;
use std::time::Duration;

use ipnet::IpNet;
use secrecy::{ExposeSecret as _, SecretString};

use super::values::Values;
use super::{Mode, Purpose};

/// Names of the machine itself; allowed in development, as in Django.
const LOOPBACK_HOSTS: [&str; 4] = ["localhost", "127.0.0.1", "[::1]", ".localhost"];
const NONE: &[&str] = &[];
/// The shortest key in characters that Django's `check --deploy` accepts (security.W009).
const MIN_KEY_LENGTH: usize = 50;

#[derive(Debug, Clone)]
pub struct SecuritySettings {
    /// `secret_key` or the content of `secret_key_file`; random in development.
    pub secret_key: SecretString,
    /// Whether the key was set, and so stays the same after a restart.
    pub secret_key_is_lasting: bool,
    /// `secret_key_fallbacks`: earlier keys. What they signed stays valid: sessions, the cookies of voters.
    pub secret_key_fallbacks: Vec<SecretString>,
    /// `allowed_hosts`: the host names of the site; `.example.com` includes subdomains, `*` is any host.
    pub allowed_hosts: AllowedHosts,
    /// `trusted_proxies`: addresses and networks whose `X-Forwarded-*` headers are trusted. Clients of a unix socket
    /// always are.
    pub trusted_proxies: Vec<IpNet>,
    /// `metrics_allowed`: addresses and networks that may read `/metrics`.
    pub metrics_allowed: Vec<IpNet>,
    /// `csrf_trusted_origins`: other origins that may post here, such as `https://example.com`.
    pub csrf_trusted_origins: Vec<String>,
    /// `embed_allowed_sites`: other sites that may show polls in frames, such as `https://example.com`; `*` is any site.
    pub embed_allowed_sites: Vec<String>,
    /// `secure_ssl_redirect`: redirect plain HTTP to HTTPS.
    pub secure_ssl_redirect: bool,
    /// `secure_hsts_seconds`: `max-age` of HSTS over TLS; 0 sends no header.
    pub secure_hsts_seconds: Duration,
    /// `password_reset_timeout`: how long a link for a new password is valid.
    pub password_reset_timeout: Duration,
    /// `second_factor`: whose login must have a second factor.
    pub second_factor: SecondFactorRule,
    /// `data_upload_max_memory_size`: the most bytes of a request body.
    pub data_upload_max_memory_size: usize,
}

/// Whose login must have a second factor. Everybody may have one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecondFactorRule {
    Optional,
    Staff,
    All,
}

impl FromStr for SecondFactorRule {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "optional" => Ok(Self::Optional),
            "staff" => Ok(Self::Staff),
            "all" => Ok(Self::All),
            _ => Err("expected \"optional\", \"staff\" or \"all\"".to_owned()),
        }
    }
}

impl fmt::Display for SecondFactorRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Optional => "optional",
            Self::Staff => "staff",
            Self::All => "all",
        })
    }
}

#[derive(Debug, Clone)]
pub struct AllowedHosts(Vec<String>);

impl SecuritySettings {
    pub(super) fn read(values: &mut Values, mode: Mode, purpose: Purpose) -> Self {
        let strict = mode == Mode::Production && purpose != Purpose::Manage;
        let secret_key = secret_key(values, strict);
        Self {
            secret_key_is_lasting: secret_key.is_some(),
            secret_key: secret_key
                .unwrap_or_else(|| format!("{}{}", uuid::Uuid::new_v4(), uuid::Uuid::new_v4()))
                .into(),
            secret_key_fallbacks: secret_key_fallbacks(values),
            allowed_hosts: AllowedHosts::read(values, mode, strict),
            trusted_proxies: values.list("trusted_proxies", NONE, parse_network),
            metrics_allowed: values.list("metrics_allowed", NONE, parse_network),
            csrf_trusted_origins: values.list("csrf_trusted_origins", NONE, parse_origin),
            embed_allowed_sites: values.list("embed_allowed_sites", NONE, |site| {
                if site == "*" { Ok(site.to_owned()) } else { parse_origin(site) }
            }),
            secure_ssl_redirect: values.boolean("secure_ssl_redirect", false),
            secure_hsts_seconds: values.seconds("secure_hsts_seconds", 31_536_000, 63_072_000),
            password_reset_timeout: Duration::from_secs(u64::from(values.number(
                "password_reset_timeout",
                86_400,
                3600..=604_800,
            ))),
            second_factor: values.parsed("second_factor", SecondFactorRule::Optional, SecondFactorRule::from_str),
            data_upload_max_memory_size: values.number("data_upload_max_memory_size", 1 << 20, 1024..=1 << 28) as usize,
        }
    }

    /// The keys by which signatures are valid: the present one first, which makes new ones, then the earlier ones. A
    /// random key counts as an empty one, so that a restart in development ends no session.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        let present = if self.secret_key_is_lasting { self.secret_key.expose_secret() } else { "" };
        std::iter::once(present).chain(self.secret_key_fallbacks.iter().map(secrecy::ExposeSecret::expose_secret))
    }

    pub fn trusts(&self, peer: IpAddr) -> bool {
        // An IPv4 peer of an IPv6 socket has the address ::ffff:192.0.2.1.
        self.trusted_proxies.iter().any(|network| network.contains(&peer.to_canonical()))
    }
}

/// The key that was set; a missing one is a mistake only if `strict`.
fn secret_key(values: &mut Values, strict: bool) -> Option<String> {
    let key = values.secret_or_file("secret_key", "secret_key_file");
    if key.is_none() && strict && !values.is_set("secret_key_file") {
        values.mistake(
            "secret_key",
            "production needs a secret key; write `openssl rand -base64 48` to a file and name it in secret_key_file",
        );
    }
    if let Some(key) = &key
        && key.len() < MIN_KEY_LENGTH
    {
        values.warn(format!("secret_key has {} characters; at least {MIN_KEY_LENGTH} are safe", key.len()));
    }
    key
}

fn secret_key_fallbacks(values: &mut Values) -> Vec<SecretString> {
    let keys = values.list("secret_key_fallbacks", NONE, |key| Ok(SecretString::from(key)));
    values.show_as("secret_key_fallbacks", format!("[{}]", vec!["********"; keys.len()].join(", ")));
    keys
}

impl AllowedHosts {
    fn read(values: &mut Values, mode: Mode, strict: bool) -> Self {
        let mut hosts = values.list("allowed_hosts", NONE, parse_host);
        if hosts.is_empty() && mode == Mode::Development {
            hosts = LOOPBACK_HOSTS.map(str::to_owned).to_vec();
            values.show_as("allowed_hosts", format!("[{}]", hosts.join(", ")));
        } else if hosts.is_empty() && strict {
            values.mistake("allowed_hosts", "production needs the names of the site, such as [\"polls.example.com\"]");
        }
        Self(hosts)
    }

    /// Whether a host name, without port and in any case, is allowed.
    pub fn allow(&self, host: &str) -> bool {
        let host = host.trim_end_matches('.').to_ascii_lowercase();
        self.0.iter().any(|allowed| match allowed.strip_prefix('.') {
            _ if allowed == "*" => true,
            Some(domain) => host == domain || host.strip_suffix(domain).is_some_and(|sub| sub.ends_with('.')),
            None => host == *allowed,
        })
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The first name that means one host; None if there is none.
    pub fn named(&self) -> Option<&str> {
        self.0.iter().map(String::as_str).find(|host| *host != "*" && !host.starts_with('.'))
    }

    /// Whether every host name is allowed.
    pub fn allow_any(&self) -> bool {
        self.0.iter().any(|host| host == "*")
    }

    /// The host for a client that sends none (HTTP/1.0).
    pub fn first(&self) -> &str {
        match self.0.first().map(String::as_str) {
            None | Some("*") => "localhost",
            Some(host) => host.trim_start_matches('.'),
        }
    }
}

fn parse_host(text: &str) -> Result<String, String> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-._:[]*".contains(c);
    let bracketed = text.starts_with('[') && text.ends_with(']');
    if text.is_empty()
        || !text.chars().all(plain)
        || (text.contains(':') && !bracketed)
        || (text.contains('*') && text != "*")
    {
        return Err("expected a host name without scheme and port, such as \"polls.example.com\"".to_owned());
    }
    Ok(text.to_ascii_lowercase())
}

fn parse_origin(text: &str) -> Result<String, String> {
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    match host {
        Some(host) if !host.is_empty() && !host.contains(['/', '?', '#', '@', ' ', '*', ';', ',', '\'', '"']) => {
            Ok(text.to_ascii_lowercase())
        }
        _ => Err("expected an origin such as \"https://example.com\"".to_owned()),
    }
}

/// Parses an address, or a network in CIDR notation.
///
/// # Errors
/// If the text is neither; the error says what was expected.
pub fn parse_network(text: &str) -> Result<IpNet, String> {
    let network = text.parse().or_else(|_| text.parse::<IpAddr>().map(IpNet::from));
    network.map_err(|_| "expected an address or a network, such as \"127.0.0.1\" or \"10.0.0.0/8\"".to_owned())
}

#[cfg(test)]
impl SecuritySettings {
    /// Settings with these keys, for tests.
    pub fn with_keys(present: &str, fallbacks: &[&str]) -> Self {
        Self {
            secret_key: present.into(),
            secret_key_is_lasting: true,
            secret_key_fallbacks: fallbacks.iter().map(|key| SecretString::from(*key)).collect(),
            allowed_hosts: AllowedHosts(Vec::new()),
            trusted_proxies: Vec::new(),
            metrics_allowed: Vec::new(),
            csrf_trusted_origins: Vec::new(),
            embed_allowed_sites: Vec::new(),
            secure_ssl_redirect: false,
            secure_hsts_seconds: Duration::ZERO,
            password_reset_timeout: Duration::ZERO,
            second_factor: SecondFactorRule::Optional,
            data_upload_max_memory_size: 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_leading_dot_takes_in_the_domain_and_its_subdomains_only() {
        let hosts = AllowedHosts(vec![".example.com".into(), "[::1]".into()]);
        for host in ["example.com", "polls.example.com", "Polls.EXAMPLE.com.", "[::1]"] {
            assert!(hosts.allow(host), "{host}");
        }
        for host in ["badexample.com", "example.com.evil.org", "", "::1"] {
            assert!(!hosts.allow(host), "{host}");
        }
    }

    #[test]
    fn a_network_contains_its_addresses_and_no_others() {
        let trusts = |network: &str, peer: &str| {
            let trusted_proxies = vec![parse_network(network).unwrap()];
            SecuritySettings { trusted_proxies, ..SecuritySettings::with_keys("", &[]) }.trusts(peer.parse().unwrap())
        };
        assert!(trusts("10.0.0.0/8", "10.200.3.4"));
        assert!(!trusts("10.0.0.0/8", "11.0.0.1"));
        assert!(trusts("127.0.0.1", "::ffff:127.0.0.1"));
        assert!(!trusts("127.0.0.1", "127.0.0.2"));
        assert!(trusts("0.0.0.0/0", "1.2.3.4"));
        assert!(!trusts("0.0.0.0/0", "::1"));
        assert!(trusts("2001:db8::/32", "2001:db8:1::5"));
        for wrong in ["10.0.0.0/33", "10.0.0.0/", "10.0.0", "::1/129", "localhost", ""] {
            assert!(parse_network(wrong).is_err(), "{wrong}");
        }
    }
}
