//! A body whose end nobody has proved counts nothing: `choice=12` that was broken off after `choice=1` is no vote
//! for choice 1, whichever way it came.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use super::bounds::own_page;
use super::clients::said;
use super::tls;
use crate::support::servers::{Door, Front, Site, Way};
use crate::support::*;

const FORM: &str = "application/x-www-form-urlencoded";
const MULTIPART: &str = "multipart/form-data; boundary=x";

/// One way for each of the shipped files.
const WAYS: [Way; 4] = [Way::EmbeddedUnix, Way::FastcgiUnix, Way::Fcgid, Way::Cgi];

pub fn tests() -> Vec<Test> {
    vec![
        on_sqlite(nothing_of_a_request_that_http_2_broke_off_is_counted).needing(Need::Apache).needing(Need::Http2),
        on_sqlite(without_a_length_http_2_is_told_to_send_one).needing(Need::Apache).needing(Need::Http2),
        on_sqlite(curl_that_streams_by_http_2_is_told_to_send_a_length).needing(Need::Apache).needing(Need::Curl),
        on_sqlite(nothing_of_a_body_that_http_1_broke_off_is_counted).needing(Need::Apache),
        on_sqlite(chunks_that_are_none_are_a_bad_request).needing(Need::Apache),
    ]
}

/// A poll with the choices 1 to 12, so that what is left of a vote for 12 is one for 1.
fn twelve_choices(site: &Site) -> Poll {
    let months = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12"];
    let poll = site.question("Which month?").choices(months).create();
    assert_eq!((poll.value(0), poll.value(11)), ("1".to_owned(), "12".to_owned()));
    poll
}

/// A part of a form, its value not ended yet.
fn part(value: &str) -> String {
    format!("--x\r\nContent-Disposition: form-data; name=\"choice\"\r\n\r\n{value}")
}

fn by_http_2(front: &Front<'_>, path: &str, case: &str, rounds: usize, content_type: &str, body: &str) -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let port = front.door.origin.rsplit(':').next().expect("a port");
    let mut command = Command::new(root.join("target/h2-venv/bin/python"));
    command.arg("-I").arg(root.join("tests/it/clients/vote_by_http2.py"));
    command.args([port, path, case, &rounds.to_string(), content_type, body]);
    said(&mut command).lines().map(str::to_owned).collect()
}

fn nothing_of_a_request_that_http_2_broke_off_is_counted(setup: Setup) {
    let site = Site::new(setup, "/");
    let poll = twelve_choices(&site);
    for way in WAYS {
        let front = tls::open(&site, way);
        for case in ["reset", "goaway", "close", "reset+length", "goaway+length", "close+length"] {
            for (content_type, body) in [(FORM, "choice=1".to_owned()), (MULTIPART, part("1"))] {
                let rounds = if case == "reset" && content_type == FORM { 48 } else { 6 };
                let statuses = by_http_2(&front, &poll.vote(), case, rounds, content_type, &body);
                let answered = |status: &String| !["none", "400", "411"].contains(&status.as_str());
                assert!(!statuses.iter().any(answered), "{way:?}, {case}: {statuses:?}");
            }
        }
        // Whatever is still on its way has arrived when Apache and the program have ended.
        drop(front);
        assert_eq!(site.all_ballots(), 0, "{way:?}");
    }
}

fn without_a_length_http_2_is_told_to_send_one(setup: Setup) {
    let site = Site::new(setup, "/");
    let poll = twelve_choices(&site);
    let mut counted = 0;
    for way in WAYS {
        let front = tls::open(&site, way);
        let vote =
            |case: &str, content_type: &str, body: &str| by_http_2(&front, &poll.vote(), case, 3, content_type, body);
        assert_eq!(vote("whole", FORM, "choice=12"), ["411"; 3], "{way:?}");
        assert_eq!(vote("whole+length", FORM, "choice=12"), ["303"; 3], "{way:?}");
        // The closing boundary proves the end.
        let multipart = part("12") + "\r\n--x--\r\n";
        assert_eq!(vote("whole", MULTIPART, &multipart), ["303"; 3], "{way:?}");
        assert_eq!(vote("whole+length", MULTIPART, &multipart), ["303"; 3], "{way:?}");
        counted += 9;
        assert_eq!(site.totals(&poll)[11], counted, "{way:?}");
        assert_eq!(front.apache.errors(), [""; 0], "{way:?}");
    }
    assert_eq!(site.totals(&poll)[0], 0);
}

fn curl_that_streams_by_http_2_is_told_to_send_a_length(setup: Setup) {
    let site = Site::new(setup, "/");
    let poll = twelve_choices(&site);
    for (way, before) in WAYS.into_iter().zip(0..) {
        let front = tls::open(&site, way);
        let url = format!("{}{}", front.door.origin.replace("http:", "https:"), poll.vote());
        let stream = |version: &str, more: &[&str]| {
            let mut command = Command::new("curl");
            command.args(["--silent", "--show-error", "--noproxy", "*", "--insecure", "--max-time", "30", "--include"]);
            command.args([version, "--request", "POST", "--upload-file", "-", "--header"]);
            command.arg(format!("Content-Type: {FORM}")).args(more).arg(&url);
            let mut curl = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("curl can be started");
            curl.stdin.take().expect("a pipe").write_all(b"choice=12").expect("curl reads");
            String::from_utf8(curl.wait_with_output().expect("curl ends").stdout).expect("text")
        };
        let page = stream("--http2", &[]);
        assert!(page.starts_with("HTTP/2 411"), "{way:?}: {page}");
        assert!(page.contains("Send it again with a Content-Length header"), "{way:?}: {page}");
        let document = stream("--http2", &["--header", "Accept: application/json"]);
        assert!(document.contains("\"status\":411") && document.contains("Content-Length"), "{way:?}: {document}");
        assert_eq!(site.all_ballots(), before, "{way:?}");
        // By HTTP/1.1 the last chunk proves the end.
        let counted = stream("--http1.1", &[]);
        assert!(counted.contains("HTTP/1.1 303"), "{way:?}: {counted}");
        assert_eq!(i64::from(site.totals(&poll)[11]), before + 1, "{way:?}");
        assert_eq!(site.all_ballots(), before + 1, "{way:?}");
    }
}

/// The end of a request over HTTP/1.1 that votes for 12 and lacks something.
fn cut_short() -> Vec<(String, Vec<u8>)> {
    let chunked = [
        "",
        "8\r\n",
        "8\r\nchoice=1",
        "8\r\nchoice=1\r\n",
        "9\r\nchoice=1",
        "8\r\nchoice=1\n",
        "8\nchoice=1\r\n",
        "8\nchoice=1\n",
        "8\r\nchoice=1\r\n0",
        "8\r\nchoice=1\r\n0\r\n",
        "8\r\nchoice=1\r\n0\n",
        "8\r\nchoice=1\r\n0\r\n\n",
        "8\r\nchoice=1\n0\r\n\r\n",
        "8\r\nchoice=1\r\n\r\n",
        "8\r\nchoice=1\r\n0\r\nX: y\r\n",
        "8\r\nchoice=1\r0\r\n\r\n",
        "8\r\nchoice=1\r\n0\n\n",
        "8\r\nchoice=1\r\n;\r\n\r\n",
        "8\r\nchoice=1\r\n-1\r\n\r\n",
        "8\r\nchoice=1\r\n1",
        "b\r\nchoice=1&x=\n",
        "b\r\nchoice=1&x=\r\n0\n",
    ];
    let chunked = chunked.map(|end| ("Transfer-Encoding: chunked\r\n".to_owned(), end.as_bytes().to_vec()));
    let length = ("Content-Length: 9\r\n".to_owned(), b"choice=1".to_vec());
    chunked.into_iter().chain([length]).collect()
}

/// How a client ends its half of the connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// It sends no more and waits for the answer.
    Shut,
    /// It is gone.
    Gone,
}

/// How long a client is slow, so that a CGI program has started and reads.
const PAUSE: Duration = Duration::from_millis(60);

/// Sends a vote in this form. There may be no answer.
fn send(door: &Door, path: &str, header: &str, body: &[u8], pause: Duration, end: End) -> Option<Response> {
    let address = door.origin.trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).expect("the server takes connections");
    stream.set_read_timeout(Some(PATIENCE)).expect("a time limit can be set");
    let head =
        format!("POST {path} HTTP/1.1\r\nHost: {address}\r\nContent-Type: {FORM}\r\nConnection: close\r\n{header}\r\n");
    stream.write_all(&[head.as_bytes(), body].concat()).expect("it is taken");
    std::thread::sleep(pause);
    if end == End::Gone {
        return None;
    }
    let _ = stream.shutdown(Shutdown::Write);
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    (!answer.is_empty()).then(|| Response::parse(&answer, false))
}

fn nothing_of_a_body_that_http_1_broke_off_is_counted(setup: Setup) {
    let site = Site::new(setup, "/");
    let poll = twelve_choices(&site);
    let try_all = |door: &Door, who: &str| {
        for (header, body) in cut_short() {
            std::thread::scope(|scope| {
                for (pause, end) in
                    [(Duration::ZERO, End::Shut), (PAUSE, End::Shut), (Duration::ZERO, End::Gone), (PAUSE, End::Gone)]
                {
                    let (header, body, poll) = (&header, &body, &poll);
                    scope.spawn(move || {
                        let answer = send(door, &poll.vote(), header, body, pause, end);
                        let status = answer.map_or(400, |answer| answer.status);
                        let text = String::from_utf8_lossy(body);
                        // mod_fcgid calls it its own error when a connection ends within a body.
                        let is_refused = (400..500).contains(&status) || (status == 500 && who == "Fcgid");
                        assert!(is_refused, "{who}: {status} for {header:?} {text:?}");
                    });
                }
            });
        }
    };
    let (daemon, direct) = site.direct();
    try_all(&direct, "direct");
    drop(daemon);
    assert_eq!(site.all_ballots(), 0, "direct");
    for way in WAYS {
        let front = site.open_by(way);
        try_all(&front.door, &format!("{way:?}"));
        drop(front);
        assert_eq!(site.all_ballots(), 0, "{way:?}");
    }
}

/// What cannot be a chunk is 400 everywhere, with a page where Apache leaves it to the site.
fn chunks_that_are_none_are_a_bad_request(setup: Setup) {
    let site = Site::new(setup, "/");
    let poll = twelve_choices(&site);
    for way in WAYS {
        let front = site.open_by(way);
        for (header, body) in [
            ("Transfer-Encoding: chunked\r\n", "zz\r\nchoice=1\r\n0\r\n\r\n"),
            ("Transfer-Encoding: chunked\r\n", "8\r\nchoice=1\r\nzz\r\n\r\n"),
            ("Transfer-Encoding: chunked\r\nContent-Length: 11\r\n", "choice=12\r\n"),
            ("Content-Length: 11\r\nTransfer-Encoding: chunked\r\n", "choice=12\n\n"),
        ] {
            let answer = send(&front.door, &poll.vote(), header, body.as_bytes(), PAUSE, End::Shut);
            let answer = answer.expect("an answer");
            assert_eq!(answer.status, 400, "{way:?}: {header:?} {body:?}: {}", answer.text());
            if way == Way::Fcgid {
                own_page(&answer);
            }
        }
        assert_eq!(site.all_ballots(), 0, "{way:?}");
    }
}
