//! A site of somebody else, which answers as a test wants.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// Listens on a loopback port as long as the run lasts.
pub struct FarSite {
    pub port: u16,
    requests: Arc<Mutex<Vec<String>>>,
}

impl FarSite {
    /// Calls `answer` with the path of each request and its connection, which is closed afterwards.
    pub fn start(answer: impl Fn(&str, &mut TcpStream) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port is free");
        let port = listener.local_addr().expect("it has a port").port();
        let (answer, requests) = (Arc::new(answer), Arc::new(Mutex::new(Vec::new())));
        let noted = Arc::clone(&requests);
        thread::spawn(move || {
            for mut client in listener.incoming().flatten() {
                let (answer, noted) = (Arc::clone(&answer), Arc::clone(&noted));
                thread::spawn(move || {
                    let request = read_head(&mut client);
                    let path = request.split(' ').nth(1).unwrap_or_default().to_owned();
                    noted.lock().unwrap_or_else(PoisonError::into_inner).push(request);
                    answer(&path, &mut client);
                });
            }
        });
        Self { port, requests }
    }

    /// The same for one page over TLS, which every request is answered with.
    pub fn over_tls(certificate: &Path, key: &Path, page: &'static [u8]) -> Self {
        let certificates = vec![CertificateDer::from_pem_file(certificate).expect("a certificate")];
        let key = PrivateKeyDer::from_pem_file(key).expect("a key");
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
        let config = config.expect("versions").with_no_client_auth().with_single_cert(certificates, key);
        let config = Arc::new(config.expect("a certificate with its key"));
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port is free");
        let port = listener.local_addr().expect("it has a port").port();
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let connection = ServerConnection::new(Arc::clone(&config)).expect("a connection");
                let mut stream = StreamOwned::new(connection, client);
                read_head(&mut stream);
                give(&mut stream, "Content-Type: text/html\r\n", page);
                stream.conn.send_close_notify();
                let _ = stream.flush();
            }
        });
        Self { port, requests: Arc::default() }
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// The heads of all requests so far.
    pub fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn read_head(client: &mut impl Read) -> String {
    let (mut head, mut part) = (Vec::new(), [0; 4096]);
    while !head.windows(4).any(|end| end == b"\r\n\r\n") {
        match client.read(&mut part) {
            Ok(length @ 1..) => head.extend_from_slice(&part[..length]),
            _ => break,
        }
    }
    String::from_utf8_lossy(&head).into_owned()
}

/// Answers 200 with these headers and this body.
pub fn give(client: &mut impl Write, headers: &str, body: &[u8]) {
    let head = format!("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {}\r\n{headers}\r\n", body.len());
    let _ = client.write_all(&[head.as_bytes(), body].concat());
}

/// Leads elsewhere.
pub fn redirect(client: &mut impl Write, location: &str) {
    let head = format!(
        "HTTP/1.1 302 Found\r\nConnection: close\r\nSet-Cookie: a=b\r\nContent-Length: 0\r\nLocation: {location}\r\n\r\n"
    );
    let _ = client.write_all(head.as_bytes());
}

/// Sends the same bytes again and again until the client has enough or `most` are sent; how many it took.
pub fn flood(client: &mut impl Write, bytes: &[u8], most: usize) -> usize {
    let mut sent = 0;
    while sent < most && client.write_all(bytes).is_ok() {
        sent += bytes.len();
    }
    sent
}
