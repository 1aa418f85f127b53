//! Under which names the site answers.

use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![
        on_sqlite(a_host_that_is_not_ours_is_refused),
        on_sqlite(our_hosts_may_be_written_in_any_way),
        on_sqlite(without_a_host_the_old_protocol_is_served_and_the_new_one_refused),
        on_sqlite(two_hosts_are_one_too_many),
        on_sqlite(the_target_names_the_host_before_the_header_does),
        on_sqlite(a_leading_dot_takes_in_subdomains),
        on_sqlite(a_forwarded_host_is_never_believed),
    ]
}

fn a_host_that_is_not_ours_is_refused(app: &TestApp) {
    let foreign =
        ["evil.example", "polls.example.org.evil.example", "xpolls.example.org", "a.polls.example.org", "[::2]"];
    let malformed = [
        "polls.example.org/",
        "user@polls.example.org",
        "polls.example.org:80:80",
        "polls.example.org:x",
        "::1",
        ":80",
    ];
    for host in
        foreign.into_iter().chain(malformed).chain(["pol ls", "polls.example.org,evil.example", "é.example", ""])
    {
        let response = app.get("/").host(host).send();
        assert_eq!(response.status, 400, "{host}");
    }
    assert_eq!(app.get("/").host(b"\xff\xfe".as_slice()).send().status, 400);
    let log = app.log.wait_for("allowed_hosts");
    assert!(log.contains("polls.security"), "{log}");
}

fn our_hosts_may_be_written_in_any_way(app: &TestApp) {
    for host in [
        HOST,
        "POLLS.Example.ORG",
        "polls.example.org:8443",
        "polls.example.org.",
        "[::1]:8000",
        "[::1]",
        "localhost:1",
    ] {
        app.get("/").host(host).expect(200);
    }
}

fn without_a_host_the_old_protocol_is_served_and_the_new_one_refused(app: &TestApp) {
    app.raw("GET /polls/ HTTP/1.0\r\n\r\n").expect(200);
    app.raw("GET /polls/ HTTP/1.0\r\nHost:\r\n\r\n").expect(200);
    app.raw("GET /polls/ HTTP/1.0\r\nHost: evil.example\r\n\r\n").expect(400);
    app.raw("GET /polls/ HTTP/1.1\r\nConnection: close\r\n\r\n").expect(400);
    app.raw("GET /polls/ HTTP/1.1\r\nHost:\r\nConnection: close\r\n\r\n").expect(400);
}

fn two_hosts_are_one_too_many(app: &TestApp) {
    app.raw(format!("GET / HTTP/1.1\r\nHost: {HOST}\r\nHost: {HOST}\r\nConnection: close\r\n\r\n")).expect(400);
    app.raw(format!("GET / HTTP/1.1\r\nHost: {HOST}\r\nHost: evil.example\r\nConnection: close\r\n\r\n")).expect(400);
}

fn the_target_names_the_host_before_the_header_does(app: &TestApp) {
    app.get(&format!("http://{HOST}/polls/")).host("evil.example").expect(200);
    app.get("http://evil.example/polls/").host(HOST).expect(400);
}

fn a_leading_dot_takes_in_subdomains(setup: Setup) {
    let app = setup.settings("allowed_hosts = [\".example.org\"]").start();
    for host in ["example.org", "a.example.org", "a.b.example.org"] {
        app.get("/").host(host).expect(200);
    }
    app.get("/").host("badexample.org").expect(400);
    app.raw("GET / HTTP/1.0\r\n\r\n").expect(200);
}

fn a_forwarded_host_is_never_believed(setup: Setup) {
    let app = setup.settings("trusted_proxies = [\"127.0.0.1\"]\nsecure_ssl_redirect = true").start();
    let request = app.get("/").host(HOST).header("X-Forwarded-Host", "evil.example");
    let response = request.header("Forwarded", "host=evil.example;proto=https").expect(308);
    assert_eq!(response.location(), format!("https://{HOST}/"));
}
