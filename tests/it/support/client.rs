//! A small HTTP client that sends what it is told, byte for byte, and follows nothing.

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::str::FromStr;

use super::Response;
use super::process::PATIENCE;

/// Where a server listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Address {
    Tcp(SocketAddr),
    Unix(PathBuf),
}

impl FromStr for Address {
    type Err = String;

    /// As the program writes it in its log.
    fn from_str(text: &str) -> Result<Self, String> {
        match text.strip_prefix("unix:") {
            Some(path) => Ok(Self::Unix(path.into())),
            None => text.parse().map(Self::Tcp).map_err(|error| format!("{text}: {error}")),
        }
    }
}

/// A connection to either kind of address.
pub trait Stream: Read + Write {}

impl<S: Read + Write> Stream for S {}

/// Somebody who asks a server, under the host name that a browser would send.
#[derive(Debug, Clone)]
pub struct Visitor {
    address: Address,
    host: String,
    is_proxy: bool,
}

impl Visitor {
    pub fn at(address: Address) -> Self {
        let host = match &address {
            Address::Tcp(address) => address.to_string(),
            Address::Unix(_) => "localhost".to_owned(),
        };
        Self { address, host, is_proxy: false }
    }

    /// A proxy that the program trusts: it says of each request what Apache says.
    pub fn into_proxy(self) -> Self {
        Self { is_proxy: true, ..self }
    }

    pub fn get(&self, path: &str) -> Request {
        self.request("GET", path)
    }

    pub fn post(&self, path: &str) -> Request {
        self.request("POST", path)
    }

    pub fn request(&self, method: &str, path: &str) -> Request {
        Request {
            visitor: self.clone(),
            line: format!("{method} {path} HTTP/1.1"),
            headers: vec![("Host".to_owned(), self.host.clone().into_bytes())],
            body: Vec::new(),
            head: method == "HEAD",
        }
    }

    /// Sends bytes and reads until the server closes the connection.
    pub fn raw(&self, bytes: &[u8]) -> Vec<u8> {
        self.exchange(bytes, |_| None)
    }

    /// Sends bytes and reads as many as the answer has, or until the server closes the connection.
    fn exchange(&self, bytes: &[u8], length: impl Fn(&[u8]) -> Option<usize>) -> Vec<u8> {
        let mut stream = self.connect();
        // A server may answer and hang up before it has read everything.
        let _ = stream.write_all(bytes);
        let (mut answer, mut part, mut awaited) = (Vec::new(), vec![0; 64 << 10], None);
        while awaited.is_none_or(|awaited| answer.len() < awaited) {
            match stream.read(&mut part) {
                Ok(0) => break,
                Ok(read) => answer.extend_from_slice(&part[..read]),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => {
                    assert!(!answer.is_empty(), "no answer: {error}");
                    break;
                }
            }
            awaited = awaited.or_else(|| length(&answer));
        }
        answer
    }

    pub fn connect(&self) -> Box<dyn Stream> {
        match &self.address {
            Address::Tcp(address) => {
                let stream = TcpStream::connect(address).expect("the server takes connections");
                stream.set_read_timeout(Some(PATIENCE)).expect("a time limit can be set");
                Box::new(stream)
            }
            Address::Unix(path) => {
                let stream = UnixStream::connect(path).expect("the server takes connections");
                stream.set_read_timeout(Some(PATIENCE)).expect("a time limit can be set");
                Box::new(stream)
            }
        }
    }
}

/// A request on its way.
pub struct Request {
    visitor: Visitor,
    line: String,
    headers: Vec<(String, Vec<u8>)>,
    body: Vec<u8>,
    head: bool,
}

impl Request {
    pub fn header(mut self, name: &str, value: impl AsRef<[u8]>) -> Self {
        self.headers.push((name.to_owned(), value.as_ref().to_vec()));
        self
    }

    /// Another host name than the address.
    pub fn host(mut self, host: impl AsRef<[u8]>) -> Self {
        self.headers.retain(|(name, _)| name != "Host");
        self.header("Host", host)
    }

    /// An urlencoded form.
    pub fn form(self, fields: &[(&str, &str)]) -> Self {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.body("application/x-www-form-urlencoded", body)
    }

    /// The same as `multipart/form-data`.
    pub fn multipart(self, fields: &[(&str, &str)]) -> Self {
        let part = |(name, value): &(&str, &str)| {
            format!("--frontier\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
        };
        let body = fields.iter().map(part).collect::<String>() + "--frontier--\r\n";
        self.body("multipart/form-data; boundary=frontier", body)
    }

    pub fn body(mut self, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self.header("Content-Type", content_type).length()
    }

    fn length(self) -> Self {
        let length = self.body.len().to_string();
        self.header("Content-Length", length)
    }

    /// Sends it on a connection of its own. The end of an answer that says its length is not waited for: a server may
    /// keep the connection for what it has not read.
    #[track_caller]
    pub fn send(self) -> Response {
        let answer = self.visitor.exchange(&self.bytes(), |answer| Response::length(answer, self.head));
        Response::parse(&answer, self.head)
    }

    /// Sends it and holds the status.
    #[track_caller]
    pub fn expect(self, status: u16) -> Response {
        self.send().expect(status)
    }

    /// The request as it travels.
    pub fn bytes(&self) -> Vec<u8> {
        let mut bytes = format!("{}\r\n", self.line).into_bytes();
        let length = self.body.len().to_string();
        let told = [("X-Forwarded-For", "127.0.0.1"), ("X-Forwarded-Proto", "http"), ("X-Body-Length", &length)];
        let missing = told.iter().filter(|(name, _)| !self.headers.iter().any(|(given, _)| given == name));
        for (name, value) in missing.filter(|_| self.visitor.is_proxy) {
            bytes.extend_from_slice(format!("{name}: {value}\r\n").as_bytes());
        }
        for (name, value) in &self.headers {
            bytes.extend_from_slice(&[name.as_bytes(), b": ", value, b"\r\n"].concat());
        }
        bytes.extend_from_slice(b"Connection: close\r\n\r\n");
        bytes.extend_from_slice(&self.body);
        bytes
    }
}
