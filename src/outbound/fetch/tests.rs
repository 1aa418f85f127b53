//! Which connections are made, and to where.

use std::net::{SocketAddr, TcpListener};
use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;

/// Names that a test makes up; each question is answered by the next of these answers.
#[derive(Debug)]
struct MadeUpNames {
    answers: Vec<Vec<SocketAddr>>,
    asked: Arc<AtomicUsize>,
}

impl Resolver for MadeUpNames {
    fn resolve(&self, _: &Uri, _: &Config, _: NextTimeout) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let turn = self.asked.fetch_add(1, Ordering::SeqCst);
        let mut addresses = self.empty();
        for address in &self.answers[turn.min(self.answers.len() - 1)] {
            addresses.push(*address);
        }
        Ok(addresses)
    }
}

fn fetch(answers: &[&[SocketAddr]], allowed: &[&str]) -> (Result<Fetched, FetchError>, usize) {
    let asked = Arc::new(AtomicUsize::new(0));
    let answers = answers.iter().map(|answer| answer.to_vec()).collect();
    let names = MadeUpNames { answers, asked: Arc::clone(&asked) };
    let allowed = allowed.iter().map(|network| network.parse().unwrap()).collect();
    let reach = Reach { allowed, own: Vec::new() };
    let fetcher = Fetcher::with_names(Box::new(names), reach, Duration::from_secs(5));
    (fetcher.get("http://example.com/", FetchKind::Page), asked.load(Ordering::SeqCst))
}

#[test]
fn one_private_address_refuses_a_name() {
    let (public, private) = ("8.8.8.8:80".parse().unwrap(), "10.0.0.1:80".parse().unwrap());
    for answer in [[public, private], [private, public]] {
        let (fetched, _) = fetch(&[&answer], &[]);
        assert!(matches!(fetched, Err(FetchError::NotPublic(host, ip)) if host == "example.com" && ip == private.ip()));
    }
    let (fetched, _) = fetch(&[&["8.8.8.8:25".parse().unwrap()]], &[]);
    assert!(matches!(fetched, Err(FetchError::Port(_, 25))));
}

/// The site says that it keeps the connection, and closes it when it is asked a second time.
#[test]
fn each_question_has_a_connection_of_its_own() {
    let server = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = server.local_addr().unwrap();
    std::thread::spawn(move || {
        for mut client in server.incoming().flatten() {
            std::thread::spawn(move || {
                let mut request = [0; 4096];
                let _ = client.read(&mut request);
                let _ = io::Write::write_all(&mut client, b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
                let _ = client.read(&mut request);
            });
        }
    });
    let names = MadeUpNames { answers: vec![vec![address]], asked: Arc::default() };
    let reach = Reach { allowed: vec!["127.0.0.1/32".parse().unwrap()], own: Vec::new() };
    let fetcher = Fetcher::with_names(Box::new(names), reach, Duration::from_secs(5));
    for _ in 0..3 {
        let probe = fetcher.probe("http://example.com/", ProbeMethod::Get);
        assert_eq!(probe.unwrap().status, 404);
    }
}

#[test]
fn a_site_says_how_long_it_wants_to_be_left_alone() {
    assert_eq!(waiting_time(" 120 "), Some(Duration::from_secs(120)));
    assert_eq!(waiting_time("999999999"), Some(LONGEST_WAIT));
    assert_eq!(waiting_time("Wed, 21 Oct 2015 07:28:00 GMT"), Some(Duration::ZERO));
    assert_eq!(waiting_time("Tue, 31 Dec 2999 23:59:59 GMT"), Some(LONGEST_WAIT));
    for text in ["", "-1", "soon", "1.5", "Wed, 99 Oct 2015"] {
        assert_eq!(waiting_time(text), None, "{text}");
    }
}

/// A name that is public when it is checked and private when it is connected to: it is asked once.
#[test]
fn the_address_that_was_checked_is_connected_to() {
    let server = TcpListener::bind("127.0.0.1:0").unwrap();
    let (good, bad) = (server.local_addr().unwrap(), "10.0.0.1:80".parse().unwrap());
    let answering = std::thread::spawn(move || {
        let (mut client, _) = server.accept().unwrap();
        let mut request = [0; 4096];
        let length = client.read(&mut request).unwrap();
        io::Write::write_all(&mut client, b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok").unwrap();
        String::from_utf8_lossy(&request[..length]).to_lowercase()
    });
    let (fetched, asked) = fetch(&[&[good], &[bad]], &["127.0.0.1/32"]);
    assert_eq!(fetched.unwrap().bytes().unwrap(), b"ok");
    assert_eq!(asked, 1);
    let request = answering.join().unwrap();
    assert!(request.contains("\r\nhost: example.com\r\n") && request.contains("\r\nuser-agent: polls/"), "{request}");
    assert!(!request.contains("cookie") && !request.contains("referer"), "{request}");
}
