//! The settings of the server: listening, threads, limits, stopping.

use std::fmt;
use std::net::{SocketAddr, ToSocketAddrs};
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use super::values::Values;

#[derive(Debug, Clone)]
pub struct ServerSettings {
    /// `server.bind`: `ADDRESS:PORT` or `unix:/path`; the default depends on the command.
    pub bind: Vec<Bind>,
    /// `server.workers`: threads that answer requests.
    pub workers: usize,
    /// `server.shutdown_timeout`: seconds that requests in progress get to finish when the program stops.
    pub shutdown_timeout: Duration,
    /// `server.keep_alive`: seconds for which an idle connection is kept open; must be longer than the proxy's `ttl`.
    pub keep_alive: Duration,
    /// `server.max_connections`: the most open connections; more wait to be accepted.
    pub max_connections: usize,
    /// `server.socket_mode`: the mode of unix sockets, octal.
    pub socket_mode: Octal,
    /// `server.socket_group`: the group of unix sockets.
    pub socket_group: Option<String>,
    /// `server.page_cache`: whether pages for readers without a session are cached in memory, or in files under CGI.
    pub page_cache: bool,
}

/// An address to listen at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Bind {
    Tcp(SocketAddr),
    Unix(PathBuf),
}

/// File permissions, written in octal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Octal(pub u32);

impl ServerSettings {
    pub(super) fn read(values: &mut Values, default_bind: &str) -> Self {
        let bind = values.list("server.bind", &[default_bind], Bind::from_str);
        if bind.is_empty() {
            values.mistake(
                "server.bind",
                "name at least one address, such as \"127.0.0.1:8000\" or \"unix:/run/polls/polls.sock\"",
            );
        }
        let cores = std::thread::available_parallelism().map_or(1, |n| u32::try_from(n.get()).unwrap_or(1));
        Self {
            bind,
            workers: values.number("server.workers", cores.min(256), 1..=256) as usize,
            shutdown_timeout: values.seconds("server.shutdown_timeout", 30, 3600),
            keep_alive: values.seconds("server.keep_alive", 75, 3600),
            max_connections: values.number("server.max_connections", 1024, 16..=100_000) as usize,
            socket_mode: values.parsed("server.socket_mode", Octal(0o660), Octal::from_str),
            socket_group: values.optional("server.socket_group"),
            page_cache: values.boolean("server.page_cache", true),
        }
    }
}

impl ServerSettings {
    /// The share of `max_connections` of each worker.
    pub fn connections_of_a_worker(&self) -> usize {
        self.max_connections.div_ceil(self.workers)
    }
}

impl Bind {
    pub fn is_loopback_tcp(&self) -> bool {
        matches!(self, Self::Tcp(address) if address.ip().is_loopback())
    }
}

impl FromStr for Bind {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Some(path) = text.strip_prefix("unix:") {
            return if path.is_empty() {
                Err("expected a path after unix:".to_owned())
            } else {
                Ok(Self::Unix(path.into()))
            };
        }
        let resolved = text.to_socket_addrs().ok().and_then(|mut addresses| addresses.next());
        resolved.map(Self::Tcp).ok_or_else(|| "expected ADDRESS:PORT or unix:/path".to_owned())
    }
}

impl fmt::Display for Bind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp(address) => write!(f, "{address}"),
            Self::Unix(path) => write!(f, "unix:{}", path.display()),
        }
    }
}

impl FromStr for Octal {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        u32::from_str_radix(text.trim_start_matches("0o"), 8)
            .ok()
            .filter(|mode| *mode <= 0o777)
            .map(Self)
            .ok_or_else(|| format!("expected octal permissions such as \"0660\", found \"{text}\""))
    }
}

impl fmt::Display for Octal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04o}", self.0)
    }
}
