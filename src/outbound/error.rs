//! Why something could not be fetched. These texts are for administrators: told to everybody, they would say what is
//! found behind this machine.

use std::fmt;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use super::address::AddressRefusal;
use super::limits::{LARGEST, MOST_HEADER_BYTES, MOST_REDIRECTS};

#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    #[error("\"{0}\" is not an address of the web (http:// or https://)")]
    NoWebAddress(String),
    #[error(
        "{0} leads to {1}, which is not public, and so is not asked; outbound.allowed_networks in the settings can \
         allow it"
    )]
    NotPublic(String, IpAddr),
    #[error("{0} leads to port {1}, and only ports 80 and 443 are asked")]
    Port(String, u16),
    #[error("the name {0} is not known; it may be misspelled, or this machine reaches no name server")]
    UnknownName(String),
    #[error("{0} cannot be reached: {1}")]
    Unreachable(String, io::Error),
    #[error("{0} has no certificate that can be trusted, or speaks no TLS: {1}")]
    Tls(String, String),
    #[error("it redirects more than {MOST_REDIRECTS} times")]
    TooManyRedirects,
    #[error("it answered {0}")]
    Status(StatusText),
    #[error("it took longer than {} seconds (outbound.timeout in the settings)", .0.as_secs())]
    TooLong(Duration),
    #[error("it is larger than {} MiB", LARGEST >> 20)]
    TooLarge,
    #[error("its headers are longer than {} KiB, or too many", MOST_HEADER_BYTES >> 10)]
    LongHeaders,
    #[error("its answer is broken: {0}")]
    Broken(String),
}

/// The status of an answer with its reason, as in "404 Not Found".
#[derive(Debug)]
pub struct StatusText(pub ureq::http::StatusCode);

impl fmt::Display for StatusText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl FetchError {
    /// For an error of the library in asking `host`, with the time that was given in all.
    pub(super) fn of(error: ureq::Error, host: &str, timeout: Duration) -> Self {
        match error {
            ureq::Error::Other(inner) => match inner.downcast::<Self>() {
                Ok(error) => *error,
                Err(inner) => Self::Broken(inner.to_string()),
            },
            ureq::Error::Timeout(_) => Self::TooLong(timeout),
            ureq::Error::HostNotFound => Self::UnknownName(host.to_owned()),
            ureq::Error::BodyExceedsLimit(_) => Self::TooLarge,
            ureq::Error::LargeResponseHeader(..) => Self::LongHeaders,
            ureq::Error::Tls(text) => Self::Tls(host.to_owned(), text.to_owned()),
            ureq::Error::Rustls(error) => Self::Tls(host.to_owned(), error.to_string()),
            ureq::Error::Io(error) => Self::of_io(error, host, timeout),
            error => Self::Broken(error.to_string()),
        }
    }

    /// The same for an error that a reader returned.
    pub(super) fn of_io(error: io::Error, host: &str, timeout: Duration) -> Self {
        let error = match error.downcast::<ureq::Error>() {
            Ok(error) => return Self::of(error, host, timeout),
            Err(error) => error,
        };
        match error.downcast::<rustls::Error>() {
            Ok(error) => Self::Tls(host.to_owned(), error.to_string()),
            Err(error) => Self::Unreachable(host.to_owned(), error),
        }
    }

    /// For an error in reading a [`super::Fetched`], which has one of these in it.
    pub fn of_reading(error: io::Error) -> Self {
        error.downcast::<Self>().unwrap_or_else(|error| Self::Broken(error.to_string()))
    }

    pub(super) fn refused(host: &str, address: SocketAddr, refusal: AddressRefusal) -> Self {
        match refusal {
            AddressRefusal::Address => Self::NotPublic(host.to_owned(), address.ip()),
            AddressRefusal::Port => Self::Port(host.to_owned(), address.port()),
        }
    }
}
