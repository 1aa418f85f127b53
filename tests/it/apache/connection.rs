//! What a client names in `Connection` is not passed on, so it may name nothing that the application is told.

use super::cached::{CHECKED, QUICK};
use super::tls;
use crate::support::servers::{Door, Front, Site, Way};
use crate::support::*;

const WAYS: [Way; 5] = [Way::EmbeddedUnix, Way::EmbeddedTcp, Way::FastcgiUnix, Way::Fcgid, Way::Cgi];

/// What concerns the connection itself (RFC 9110 and 9113), in the spellings that clients have.
const TAKEN: [&str; 10] = [
    "Connection: close",
    "connection:CLOSE",
    "Connection: keep-alive, close",
    "Connection: TE, close",
    "Connection: close\r\nTE: trailers",
    "Connection: Upgrade, HTTP2-Settings, close\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA",
    "Connection: ,, close ,\t",
    "Connection:\tclose",
    "Connection: keep-alive\r\nConnection: close",
    "Connection: close\r\nConnection:",
];

/// Names of what the application is told of the visitor, of the request and of its body.
const NAMES: [&str; 24] = [
    "X-Forwarded-For",
    "X-Forwarded-Proto",
    "X-Forwarded-Host",
    "X-Request-Id",
    "X-Body-Length",
    "X-Shared-Cache",
    "Accept",
    "Accept-Encoding",
    "Accept-Language",
    "Authorization",
    "Cache-Control",
    "Content-Length",
    "Content-Type",
    "Cookie",
    "Host",
    "Idempotency-Key",
    "If-None-Match",
    "Origin",
    "Proxy-Connection",
    "Referer",
    "Sec-Fetch-Site",
    "Trailer",
    "Transfer-Encoding",
    "Via",
];

pub fn tests() -> Vec<Test> {
    vec![
        on_sqlite(a_client_strikes_out_nothing).needing(Need::Apache),
        on_sqlite(a_client_strikes_out_nothing_in_any_spelling).needing(Need::Apache),
        on_sqlite(a_client_does_not_hide_its_tls).needing(Need::Apache).needing(Need::Curl),
        on_sqlite(no_reader_gets_a_page_in_another_language).needing(Need::Apache),
    ]
}

/// A request with these lines, and no other `Connection`.
fn ask(door: &Door, line: &str, lines: &str) -> Response {
    let request = format!("{line} HTTP/1.1\r\nHost: {HOST}\r\n{lines}\r\n\r\n");
    Response::parse(&door.visitor.raw(request.as_bytes()), false)
}

fn a_client_strikes_out_nothing(setup: Setup) {
    let site = Site::new(setup, "/");
    let poll = site.poll();
    for way in WAYS {
        let front = site.open_by(way);
        let get = |lines: &str| ask(&front.door, "GET /polls/", lines);
        for lines in TAKEN {
            assert_eq!(get(lines).status, 200, "{way:?}: {lines:?}");
        }
        for name in NAMES {
            let status = get(&format!("Connection: close, {name}")).status;
            assert_eq!(status, 400, "{way:?}: {name}");
        }
        // What shows that a vote comes from another site's page.
        let form = "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 8";
        let lines = format!(
            "Connection: close, Origin, Sec-Fetch-Site\r\nOrigin: https://evil.example\r\n\
             Sec-Fetch-Site: cross-site\r\n{form}\r\n\r\nchoice={}",
            poll.value(0)
        );
        let request = format!("POST {} HTTP/1.1\r\nHost: {HOST}\r\n{lines}", poll.vote());
        assert_eq!(Response::parse(&front.door.visitor.raw(request.as_bytes()), false).status, 400, "{way:?}");
        assert_eq!(site.all_ballots(), 0, "{way:?}");
        assert_eq!(front.apache.errors(), [""; 0], "{way:?}");
    }
}

fn a_client_strikes_out_nothing_in_any_spelling(setup: Setup) {
    let site = Site::new(setup, "/");
    let front = site.open_by(Way::EmbeddedUnix);
    for lines in [
        "Connection: X-Forwarded-Proto",
        "Connection: X-Forwarded-Proto, close",
        "connection:close,x-forwarded-proto",
        "CONNECTION: close ,\tX-FORWARDED-PROTO ,",
        "Connection: ,,X-Forwarded-Proto,,close",
        "Connection: close X-Forwarded-Proto",
        "Connection: close;X-Forwarded-Proto",
        "Connection: \"close\", X-Forwarded-Proto",
        "Connection: close\r\nConnection: X-Forwarded-Proto",
        "Connection: X-Forwarded-Proto\r\nX-Odd: x\r\nConnection: close",
        "Connection: keep-alive, close, Upgrade, TE, X-Forwarded-Proto",
        "Connection: close, closeX-Forwarded-Proto",
    ] {
        assert_eq!(ask(&front.door, "GET /polls/", lines).status, 400, "{lines:?}");
    }
    let long = format!("Connection: close{}, X-Forwarded-Proto", ", ,\tkeep-alive".repeat(500));
    assert_eq!(ask(&front.door, "GET /polls/", &long).status, 400);
}

/// Without TLS in mind the site would send no HSTS.
fn a_client_does_not_hide_its_tls(setup: Setup) {
    let site = Site::new(setup, "/");
    let front = tls::open(&site, Way::EmbeddedUnix);
    let ask = |connection: &str| {
        let mut command = std::process::Command::new("curl");
        command.args(["--silent", "--show-error", "--noproxy", "*", "--insecure", "--http1.1", "--include"]);
        let url = format!("{}/polls/", front.door.origin.replace("http:", "https:"));
        super::clients::said(command.args(["--header", &format!("Connection: {connection}")]).arg(url))
    };
    let honest = ask("close").to_ascii_lowercase();
    assert!(honest.starts_with("http/1.1 200") && honest.contains("strict-transport-security"), "{honest}");
    for name in ["X-Forwarded-Proto", "X-Forwarded-For", "x-forwarded-proto, x-forwarded-for"] {
        let struck = ask(&format!("close, {name}"));
        assert!(struck.starts_with("HTTP/1.1 400"), "{struck}");
    }
}

fn no_reader_gets_a_page_in_another_language(setup: Setup) {
    let site = Site::new(setup, "/");
    for (way, options) in [(Way::EmbeddedUnix, CHECKED), (Way::EmbeddedUnix, QUICK), (Way::FastcgiUnix, QUICK)] {
        let front = site.open_with(way, options);
        strike_out_the_language(&front, &format!("{way:?} {options:?}"));
    }
}

fn strike_out_the_language(front: &Front<'_>, which: &str) {
    let korean = "Accept-Language: ko\r\n";
    for round in 0..15 {
        // An address that is in no memory yet.
        let line = format!("GET /polls/?round={round}");
        let struck = ask(&front.door, &line, &format!("{korean}Connection: close, Accept-Language"));
        assert_eq!(struck.status, 400, "{which}");
        for _ in 0..2 {
            let page = ask(&front.door, &line, &format!("{korean}Connection: close")).expect(200);
            assert!(page.text().contains("<html lang=\"ko\""), "{which}: {}", page.text());
        }
    }
}
