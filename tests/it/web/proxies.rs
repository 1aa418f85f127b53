//! Who the client is, behind proxies that may be believed and others.

use std::net::IpAddr;

use actix_web::test::TestRequest;
use polls::settings::{Purpose, Settings, Sources};
use polls::web::context::client::Client;

use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![
        on_sqlite(the_client_is_the_rightmost_address_that_is_no_proxy_of_ours),
        on_sqlite(a_request_id_comes_from_a_trusted_proxy_or_is_new),
        on_sqlite(a_client_that_is_no_proxy_is_not_believed),
        on_sqlite(the_peer_at_a_unix_socket_is_trusted),
        on_sqlite(a_proxy_says_for_whom_it_asks),
        on_sqlite(a_proxy_says_that_a_body_is_whole),
        on_sqlite(who_is_no_proxy_needs_to_say_nothing),
    ]
}

/// The address of the client that a peer with these headers stands for.
fn client(peer: &str, forwarded: &[&str]) -> String {
    let environment = [("POLLS_TRUSTED_PROXIES".to_owned(), "127.0.0.1,10.0.0.0/8,::1".to_owned())].into();
    let sources = Sources { environment, default_bind: "127.0.0.1:0".to_owned(), ..Sources::default() };
    let settings = Settings::load(&sources, Purpose::Manage).expect("these settings have no mistake");
    let peer: IpAddr = peer.parse().expect("an address");
    let request = TestRequest::get().peer_addr((peer, 1).into());
    let request = forwarded.iter().fold(request, |request, value| request.append_header(("X-Forwarded-For", *value)));
    Client::of(&request.to_http_request(), &settings.security).address.expect("a peer has an address").to_string()
}

fn the_client_is_the_rightmost_address_that_is_no_proxy_of_ours() {
    for (peer, forwarded, address) in [
        ("203.0.113.9", &["198.51.100.1"][..], "203.0.113.9"),
        ("127.0.0.1", &[], "127.0.0.1"),
        ("127.0.0.1", &["198.51.100.1"], "198.51.100.1"),
        ("127.0.0.1", &["1.1.1.1, 198.51.100.1"], "198.51.100.1"),
        ("127.0.0.1", &["198.51.100.1, 10.1.2.3"], "198.51.100.1"),
        ("127.0.0.1", &["1.1.1.1", "198.51.100.1,10.1.2.3"], "198.51.100.1"),
        ("127.0.0.1", &["10.9.9.9, 10.1.2.3"], "10.9.9.9"),
        ("127.0.0.1", &["198.51.100.1, nonsense, 10.1.2.3"], "10.1.2.3"),
        ("127.0.0.1", &["nonsense"], "127.0.0.1"),
        ("127.0.0.1", &["198.51.100.1:4711"], "198.51.100.1"),
        ("::1", &["[2001:db8::7]:443"], "2001:db8::7"),
        ("::ffff:127.0.0.1", &["::ffff:198.51.100.1"], "198.51.100.1"),
    ] {
        assert_eq!(client(peer, forwarded), address, "{peer} {forwarded:?}");
    }
}

/// The id that the error page shows.
fn shown_id(app: &TestApp, given: &str) -> String {
    app.get("/nothing/").header("X-Request-Id", given).expect(404).html().text("main code")
}

fn a_request_id_comes_from_a_trusted_proxy_or_is_new(setup: Setup) {
    let app = setup.settings("trusted_proxies = [\"127.0.0.1\"]").start();
    let longest = "a".repeat(64);
    for id in ["Zx-1._", "aBc@-123", &longest] {
        assert_eq!(shown_id(&app, id), id);
        app.log.wait_for(&format!("request_id={id:?}"));
    }
    let too_long = "a".repeat(65);
    for id in ["", "a b", "<b>", "a\u{e9}", "a\"b", &too_long] {
        let shown = shown_id(&app, id);
        assert!(shown != id && shown.len() == 32, "{id:?}: {shown}");
    }
}

fn a_client_that_is_no_proxy_is_not_believed(app: &TestApp) {
    assert_ne!(shown_id(app, "mine"), "mine");
    assert_ne!(shown_id(app, "mine"), shown_id(app, "mine"));
    let response = app.get("/").header("X-Forwarded-Proto", "https").expect(200);
    assert_eq!(response.header("strict-transport-security"), None);
}

fn the_peer_at_a_unix_socket_is_trusted(setup: Setup) {
    let app = setup.bind_unix("polls.sock").start();
    assert_eq!(shown_id(&app, "from-apache"), "from-apache");
    let response = app.get("/").header("X-Forwarded-Proto", "https").expect(200);
    assert!(response.header("strict-transport-security").is_some());
}

/// A request as bytes, with these lines and no others.
fn ask(app: &TestApp, line: &str, lines: &str, body: &str) -> Response {
    app.raw(format!("{line} HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\n{lines}\r\n{body}"))
}

const FOR: &str = "X-Forwarded-For: 198.51.100.1\r\n";
const PROTO: &str = "X-Forwarded-Proto: https\r\n";

fn a_proxy_says_for_whom_it_asks(setup: Setup) {
    let tcp = setup.settings("trusted_proxies = [\"127.0.0.1\"]").start();
    let unix = Setup::new(Engine::Sqlite).bind_unix("polls.sock").start();
    for app in [&tcp, &unix] {
        let poll = app.poll();
        let get = |lines: &str| ask(app, &format!("GET {}", poll.detail()), lines, "");
        let both = format!("{FOR}{PROTO}");
        for lines in [
            String::new(),
            FOR.to_owned(),
            PROTO.to_owned(),
            format!("{PROTO}X-Forwarded-For: \r\n"),
            format!("{PROTO}X-Forwarded-For: unknown\r\n"),
            format!("{FOR}Forwarded: proto=https\r\n"),
        ] {
            // Also when the page is in memory.
            get(&both).expect(200);
            let refused = get(&lines).expect(400);
            assert_eq!(refused.html().count("header.site-header"), 1, "{lines:?}");
            app.log.wait_for("lacks X-Forwarded-For or X-Forwarded-Proto");
        }
        // A load balancer asks by itself.
        ask(app, "GET /healthz", "", "").expect(200);
        ask(app, "GET /readyz", "", "").expect(200);
    }
}

fn a_proxy_says_that_a_body_is_whole(setup: Setup) {
    let app = setup.bind_unix("polls.sock").start();
    let poll = app.poll();
    let form = format!("choice={}", poll.value(0));
    let part = format!("--x\r\nContent-Disposition: form-data; name=\"choice\"\r\n\r\n{}\r\n--x", poll.value(0));
    let vote = |lines: &str, kind: &str, body: &str| {
        let length = body.len();
        let head = format!("{FOR}{PROTO}Content-Type: {kind}\r\nContent-Length: {length}\r\n{lines}");
        ask(&app, &format!("POST {}", poll.vote()), &head, body)
    };
    let urlencoded = "application/x-www-form-urlencoded";
    let multipart = "multipart/form-data; boundary=x";
    let whole = format!("X-Body-Length: {}\r\n", form.len());
    for (lines, status) in [
        ("X-Body-Length: \r\n", 411),
        ("X-Body-Length: yes\r\n", 411),
        ("X-Body-Length: -1\r\n", 411),
        ("X-Body-Length: chunked, chunked\r\n", 411),
        ("X-Body-Length: 9\r\n", 400),
        ("X-Body-Length: 0\r\n", 400),
    ] {
        assert_eq!(vote(lines, urlencoded, &form).status, status, "{lines:?}");
    }
    assert_eq!(vote(&format!("{whole}{whole}"), urlencoded, &form).status, 411);
    for broken in [&part[..part.len() - 3], &part, &format!("{part}-")] {
        assert_eq!(vote("", multipart, broken).status, 400, "{broken:?}");
    }
    assert_eq!(app.all_ballots(), 0);
    vote(&whole, urlencoded, &form).expect(303);
    vote("X-Body-Length: chunked\r\n", urlencoded, &form).expect(303);
    // A proxy that says nothing of the client's own length.
    vote("", urlencoded, &form).expect(303);
    vote("", multipart, &format!("{part}--")).expect(303);
    assert_eq!(app.totals(&poll), [4, 0, 0]);
    // Nothing needs no end.
    assert_eq!(vote("", urlencoded, "").status, 400);
}

fn who_is_no_proxy_needs_to_say_nothing(app: &TestApp) {
    let poll = app.poll();
    let form = format!("choice={}", poll.value(0));
    for lines in ["", "X-Body-Length: 1\r\n", "X-Body-Length: chunked\r\n", "X-Forwarded-Proto: ftp\r\n"] {
        let head = format!("Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 8\r\n{lines}");
        ask(app, &format!("POST {}", poll.vote()), &head, &form).expect(303);
    }
    assert_eq!(app.totals(&poll), [4, 0, 0]);
}
