//! What Apache answers by itself, files, errors and redirects, in the manner of the program.

use std::io::Read as _;
use std::net::TcpListener;
use std::process::Command;

use super::clients::said;
use super::tls;
use crate::support::servers::apache::Apache;
use crate::support::servers::{Door, Front, Site, Way};
use crate::support::*;

/// What browsers are told with every answer.
const HEADERS: [&str; 5] = [
    "content-security-policy",
    "x-content-type-options",
    "referrer-policy",
    "cross-origin-opener-policy",
    "permissions-policy",
];

const HSTS: &str = "strict-transport-security";

pub fn tests() -> Vec<Test> {
    vec![
        on_sqlite(a_program_that_is_away_is_told_in_the_sites_look).needing(Need::Apache),
        on_sqlite(a_program_that_hangs_up_is_told_in_the_sites_look).needing(Need::Apache),
        on_sqlite(over_tls_apaches_own_answers_say_so).needing(Need::Apache).needing(Need::Curl),
    ]
}

/// The headers of the program's own page, each of them once.
fn of_the_program(door: &Door) -> Vec<String> {
    let page = door.get("/polls/").expect(200);
    HEADERS.map(|name| once(&page, name, "/polls/")).into()
}

#[track_caller]
fn once(answer: &Response, name: &str, which: &str) -> String {
    match answer.headers(name).as_slice() {
        [one] => (*one).to_owned(),
        all => panic!("{which}: {name} is there {} times", all.len()),
    }
}

#[track_caller]
fn expect_headers(answer: &Response, expected: &[String], which: &str) {
    for (name, value) in HEADERS.iter().zip(expected) {
        assert_eq!(once(answer, name, which), *value, "{which}: {name}");
    }
    assert_eq!(answer.header(HSTS), None, "{which}");
}

/// A page of the site that Apache has: it names no request.
#[track_caller]
fn expect_page(answer: &Response, status: u16, which: &str) -> Html {
    assert_eq!(answer.status, status, "{which}");
    let page = answer.html();
    assert_eq!((page.count("header.site-header"), page.count("main code")), (1, 0), "{which}: {}", answer.text());
    assert_eq!(page.text(".error-status"), status.to_string(), "{which}");
    assert_eq!(answer.header("cache-control"), Some("no-store"), "{which}");
    page
}

pub fn what_apache_answers_itself_has_the_sites_look(front: &Front<'_>) {
    let door = &front.door;
    let expected = of_the_program(door);
    let page = door.get("/polls/").expect(200).html();
    let style = &page.attributes("link[rel=stylesheet]", "href")[0];
    expect_headers(&door.visitor.get(style).expect(200), &expected, "a file");
    let tag = door.visitor.get(style).expect(200).header("etag").expect("a validator").to_owned();
    expect_headers(&door.visitor.get(style).header("If-None-Match", tag).expect(304), &expected, "a known file");
    expect_headers(&door.get("/nothing/").expect(404), &expected, "an error of the program");
    expect_headers(&door.get("/polls").expect(308), &expected, "a redirect of the program");

    for (which, request, status) in errors(door, style) {
        let answer = Response::parse(&door.visitor.raw(&request), false);
        let page = expect_page(&answer, status, which);
        expect_headers(&answer, &expected, which);
        for file in page.attributes("link[href]", "href") {
            door.visitor.get(&file).expect(200);
        }
        assert!(page.attributes("main a", "href").contains(&door.path("/")), "{which}");
    }
    languages(door);
    if door.mount != "/" {
        let to_the_site = door.visitor.get(door.mount.trim_end_matches('/')).expect(308);
        expect_headers(&to_the_site, &expected, "the way to the site");
    }
    door.get("/healthz").expect(200);
    door.get("/readyz").expect(200);
}

/// Requests at which Apache does not ask the program, and their statuses.
fn errors(door: &Door, style: &str) -> Vec<(&'static str, Vec<u8>, u16)> {
    let host = "Host: 127.0.0.1\r\nConnection: close\r\n";
    let polls = door.path("/polls/");
    let missing = door.path("/static/css/none.css");
    let directory = door.path("/static/css/");
    let long = "x".repeat(20_000);
    [
        ("a missing file", format!("GET {missing} HTTP/1.1\r\n{host}\r\n"), 404),
        ("a missing file, posted to", format!("POST {missing} HTTP/1.1\r\n{host}Content-Length: 0\r\n\r\n"), 404),
        ("a directory", format!("GET {directory} HTTP/1.1\r\n{host}\r\n"), 404),
        ("a range", format!("GET {style} HTTP/1.1\r\n{host}Range: bytes=9999999-\r\n\r\n"), 416),
        ("too much", format!("POST {polls} HTTP/1.1\r\n{host}Content-Length: 9999999\r\n\r\n"), 413),
        (
            "a name in Connection",
            format!("GET {polls} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close, Host\r\n\r\n"),
            400,
        ),
        ("no header", format!("GET {polls} HTTP/1.1\r\n{host}no header\r\n\r\n"), 400),
        ("a long address", format!("GET {polls}?{long} HTTP/1.1\r\n{host}\r\n"), 414),
        ("TRACE", format!("TRACE {missing} HTTP/1.1\r\n{host}\r\n"), 405),
    ]
    .map(|(which, request, status)| (which, request.into_bytes(), status))
    .into()
}

fn languages(door: &Door) {
    for (accepted, cookie, language) in [
        ("", "", "en"),
        ("ko", "", "ko"),
        ("ko-KR,ko;q=0.9,en;q=0.8", "", "ko"),
        ("en-US,en;q=0.9,ko;q=0.8", "", "en"),
        ("fr, ko;q=0.5", "", "ko"),
        ("ko;q=0, en", "", "en"),
        ("de", "", "en"),
        ("ko", "django_language=en", "en"),
        ("en", "a=b; django_language=ko; c=d", "ko"),
        ("en", "django_language=kor", "en"),
    ] {
        let request = door.get("/static/none.css").header("Accept-Language", accepted).header("Cookie", cookie);
        let answer = request.expect(404);
        assert_eq!(answer.html().attribute("html", "lang").as_deref(), Some(language), "{accepted:?} {cookie:?}");
        assert_eq!(answer.header("vary"), Some("Accept-Language,Cookie"));
    }
}

fn a_program_that_is_away_is_told_in_the_sites_look(setup: Setup) {
    let site = Site::new(setup, "/vote/");
    for way in [Way::EmbeddedUnix, Way::EmbeddedTcp, Way::FastcgiUnix, Way::FastcgiTcp] {
        let mut front = site.open_by(way);
        let (expected, poll) = (of_the_program(&front.door), site.poll());
        let mut daemon = front.daemon.take().expect("there is a daemon");
        daemon.process.signal("KILL");
        daemon.process.ended();
        let which = format!("{way:?}");
        for request in [
            front.door.get(&poll.detail()),
            front.door.post(&poll.vote()).form(&[("choice", &poll.value(0))]),
            front.door.post(&poll.vote()).body("text/plain", "x".repeat(100_000)),
        ] {
            let answer = request.header("Accept-Language", "ko").send();
            let page = expect_page(&answer, 503, &which);
            expect_headers(&answer, &expected, &which);
            assert_eq!(answer.header("retry-after"), Some("5"), "{which}");
            assert_eq!(page.attribute("html", "lang").as_deref(), Some("ko"), "{which}");
        }
    }
}

/// Whatever listens takes the request and ends the connection.
fn a_program_that_hangs_up_is_told_in_the_sites_look(setup: Setup) {
    let site = Site::new(setup, "/");
    let expected = of_the_program(&site.open_by(Way::EmbeddedUnix).door);
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("an address").to_string();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let _ = stream.read(&mut [0; 4096]);
        }
    });
    for way in [Way::EmbeddedTcp, Way::FastcgiTcp] {
        let values = site.values(way, Some(&address));
        let values: Vec<_> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let apache = Apache::start(way.file(), 8, &values);
        let answer = Door::at(apache.port, "/").get("/polls/").send();
        let status = answer.status;
        assert!([502, 503].contains(&status), "{way:?}: {status}");
        expect_page(&answer, status, &format!("{way:?}"));
        expect_headers(&answer, &expected, &format!("{way:?}"));
    }
}

fn over_tls_apaches_own_answers_say_so(setup: Setup) {
    let site = Site::new(setup, "/");
    for way in [Way::EmbeddedUnix, Way::FastcgiUnix, Way::Fcgid, Way::Cgi] {
        let front = tls::open(&site, way);
        let ask = |path: &str, version: &str| {
            let mut command = Command::new("curl");
            command.args(["--silent", "--show-error", "--noproxy", "*", "--insecure", "--include", version]);
            let url = format!("{}{path}", front.door.origin.replace("http:", "https:"));
            said(command.arg(url)).replace('\r', "").to_ascii_lowercase()
        };
        for version in ["--http1.1", "--http2"] {
            for path in ["/static/none.css", "/polls/", "/nothing/"] {
                let answer = ask(path, version);
                let said = answer.lines().filter(|line| line.starts_with(HSTS)).collect::<Vec<_>>();
                assert_eq!(said, ["strict-transport-security: max-age=31536000"], "{way:?} {version} {path}");
            }
        }
    }
}
