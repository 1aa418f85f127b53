//! Whatever comes in, one request fails with a clear status and the next one is served.

use std::io::{Read as _, Write as _};

use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![
        on_sqlite(header_values_may_be_any_bytes),
        on_sqlite(odd_bytes_hide_nothing_else_of_their_line),
        on_sqlite(a_thousand_headers_are_answered),
        on_sqlite(a_malformed_multipart_body_is_refused),
        on_sqlite(a_body_that_is_cut_off_counts_nothing),
        on_sqlite(a_body_in_chunks_is_a_body),
        on_sqlite(a_request_that_could_be_two_is_refused),
        on_sqlite(nothing_behind_a_body_in_chunks_is_a_request),
        on_sqlite(what_is_no_http_is_refused),
        on_sqlite(a_query_may_be_anything),
        on_sqlite(a_form_may_have_any_number_of_fields),
        on_sqlite(a_connection_ends_though_nobody_has_read_the_body),
        on_sqlite(a_client_that_is_gone_has_voted_all_the_same),
    ]
}

/// The program still answers, and nobody has voted.
fn unharmed(app: &TestApp) {
    app.get("/polls/").expect(200);
    assert_eq!(app.all_ballots(), 0);
}

fn header_values_may_be_any_bytes(app: &TestApp) {
    let poll = app.poll();
    for name in [
        "Cookie",
        "Accept-Language",
        "Accept",
        "User-Agent",
        "If-None-Match",
        "Accept-Encoding",
        "X-Request-Id",
        "X-Odd",
    ] {
        let response = app.get(&poll.detail()).header(name, b"\xff\xfe=\x80; \xed\xa0\x80".as_slice()).send();
        assert_eq!(response.status, 200, "{name}");
    }
    let strange =
        app.post(&poll.vote()).header("Content-Type", b"\xff".as_slice()).header("Content-Length", "0").send();
    assert!(matches!(strange.status, 400 | 415), "{}", strange.status);
    app.post(&poll.vote()).header("Origin", b"\xff".as_slice()).form(&[]).expect(403);
    unharmed(app);
}

/// Each header line that is read as a list, with a member that holds raw UTF-8 and others that hold no text at all
/// around the one that counts.
fn odd_bytes_hide_nothing_else_of_their_line(app: &TestApp) {
    let poll = app.poll();
    let around = |before: &[u8], what: &str, after: &[u8]| [before, what.as_bytes(), after].concat();
    app.user("ada").superuser().create();
    let login = app.post("/admin/login/").form(&[("username", "ada"), ("password", PASSWORD)]).expect(303);
    let session = login.header("set-cookie").and_then(|cookie| cookie.split(';').next()).expect("a session").to_owned();
    for (before, after) in
        [("name=홍길동; ".as_bytes(), "".as_bytes()), (b"\xff=\xfe; ", b"; a=\x80"), (b"", b";\xed\xa0\x80")]
    {
        app.get("/admin/").header("Cookie", around(before, &session, after)).expect(200);
        let korean = app.get("/").header("Cookie", around(before, "django_language=ko", after)).expect(200);
        assert!(korean.text().contains("lang=\"ko\""));
    }
    let korean = app.get("/").header("Accept-Language", around(b"\xff, ", "ko", b", \x80;q=0.1")).expect(200);
    assert!(korean.text().contains("lang=\"ko\""));
    let packed = app.get("/").header("Accept-Encoding", around(b"\xff, ", "gzip", b", \x80")).expect(200);
    assert_eq!(packed.header("content-encoding"), Some("gzip"));
    let json = app.get("/nothing/").header("Accept", around(b"\xff/\xff, ", "application/json", b"")).expect(404);
    assert_eq!(json.header("content-type"), Some("application/json"));
    let tag = app.get(&poll.detail()).expect(200).header("etag").map(str::to_owned).expect("a validator");
    app.get(&poll.detail()).header("If-None-Match", around(b"\"\xff\", ", &tag, b"")).expect(304);
}

fn a_thousand_headers_are_answered(app: &TestApp) {
    let many = (0..1000).fold(app.get("/"), |request, number| request.header(&format!("X-{number}"), "x"));
    let status = many.send().status;
    assert!(status == 200 || (400..500).contains(&status), "{status}");
    unharmed(app);
}

fn a_malformed_multipart_body_is_refused(app: &TestApp) {
    let poll = app.poll();
    let value = poll.value(0);
    let part = format!("--x\r\nContent-Disposition: form-data; name=\"choice\"\r\n\r\n{value}\r\n");
    for (content_type, body) in [
        ("multipart/form-data", format!("{part}--x--\r\n")),
        ("multipart/form-data; boundary=", format!("{part}--x--\r\n")),
        ("multipart/form-data; boundary=y", format!("{part}--x--\r\n")),
        ("multipart/form-data; boundary=x", part.clone()),
        ("multipart/form-data; boundary=x", String::new()),
        ("multipart/form-data; boundary=x", "--x\r\n\r\n\r\n".to_owned()),
        (
            "multipart/form-data; boundary=x",
            format!("--x\r\nContent-Disposition: form-data\r\n\r\n{value}\r\n--x--\r\n"),
        ),
    ] {
        let response = app.post(&poll.vote()).body(content_type, body.clone()).send();
        assert_eq!(response.status, 400, "{content_type} {body:?}");
    }
    unharmed(app);
}

fn a_body_that_is_cut_off_counts_nothing(app: &TestApp) {
    let poll = app.poll();
    let body = format!("choice={}", poll.value(0));
    let request = format!(
        "POST {} HTTP/1.1\r\nHost: {HOST}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
        poll.vote(),
        body.len() + 1,
    );
    let mut stream = app.visitor().connect();
    stream.write_all(request.as_bytes()).expect("it is taken");
    drop(stream);
    unharmed(app);
}

fn a_body_in_chunks_is_a_body(app: &TestApp) {
    let poll = app.poll();
    let (value, vote) = (poll.value(1), poll.vote());
    let head = format!(
        "POST {vote} HTTP/1.1\r\nHost: {HOST}\r\nContent-Type: application/x-www-form-urlencoded\r\n\
         Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
    );
    app.raw(format!("{head}7\r\nchoice=\r\n{:x}\r\n{value}\r\n0\r\n\r\n", value.len())).expect(303);
    assert_eq!(app.totals(&poll), [0, 1, 0]);
    app.raw(format!("{head}zz\r\nchoice=\r\n0\r\n\r\n")).expect(400);
    app.raw(format!("{head}100001\r\n{}\r\n0\r\n\r\n", "x".repeat(0x10_0001))).expect(413);
    assert_eq!(app.all_ballots(), 1);
}

fn a_request_that_could_be_two_is_refused(app: &TestApp) {
    let poll = app.poll();
    let vote = poll.vote();
    let body = format!("choice={}", poll.value(0));
    let head = format!("POST {vote} HTTP/1.1\r\nHost: {HOST}\r\nContent-Type: application/x-www-form-urlencoded\r\n");
    for lengths in [
        format!("Content-Length: {0}\r\nTransfer-Encoding: chunked\r\n", body.len()),
        format!("Content-Length: {0}\r\nContent-Length: 1\r\n", body.len()),
        "Content-Length: -1\r\n".to_owned(),
        "Content-Length: +1\r\n".to_owned(),
        "Content-Length: 99999999999999999999999\r\n".to_owned(),
        "Transfer-Encoding: chunked, identity\r\n".to_owned(),
    ] {
        let response = app.raw(format!("{head}{lengths}Connection: close\r\n\r\n{body}"));
        assert!((400..500).contains(&response.status), "{lengths:?}: {}", response.status);
    }
    unharmed(app);
}

/// CVE-2026-134342: after "0", CR, LF and a bare LF the parser takes the head of the next request for trailers, and what
/// is in its body for a request.
fn nothing_behind_a_body_in_chunks_is_a_request(app: &TestApp) {
    let poll = app.poll();
    let form = format!("choice={}", poll.value(0));
    let post = |target: &str, lines: &str| {
        format!(
            "POST {target} HTTP/1.1\r\nHost: {HOST}\r\nContent-Type: application/x-www-form-urlencoded\r\n{lines}\r\n"
        )
    };
    let hidden = post(&poll.vote(), &format!("Content-Length: {}\r\n", form.len())) + &form;
    let next = post("/nothing/", &format!("Content-Length: {}\r\n", hidden.len())) + &hidden;
    // One page that has been asked for, and is in memory, and a request that reads no body.
    let page = format!("GET /polls/ HTTP/1.1\r\nHost: {HOST}\r\n\r\n");
    app.get("/polls/").expect(200);
    for target in ["/nothing/", "/polls/", &poll.vote()] {
        for end in ["0\r\n\n", "0\r\n\r\n", "0\r\nX: y\r\n\r\n", "0\r\n\n\r\n\r\n"] {
            for behind in [&next, &hidden, &page] {
                let chunked = post(target, "Transfer-Encoding: chunked\r\n") + "3\r\na=b\r\n" + end;
                let mut stream = app.visitor().connect();
                stream.write_all(format!("{chunked}{behind}{page}{hidden}").as_bytes()).expect("it is taken");
                let mut answers = Vec::new();
                let _ = stream.read_to_end(&mut answers);
                let text = String::from_utf8_lossy(&answers);
                let statuses: Vec<_> = text.split("HTTP/1.1 ").skip(1).map(|answer| &answer[..3]).collect();
                let is_refused = |status: &&str| ["400", "404", "405"].contains(status);
                assert!(statuses.iter().all(is_refused), "{target} {end:?} {behind:?}: {statuses:?}");
            }
        }
    }
    unharmed(app);
}

fn what_is_no_http_is_refused(app: &TestApp) {
    for bytes in [
        &b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"[..],
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET / \r\n\r\n",
        b"\0\0\0\0\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: polls.example.org\r\nBroken header\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: polls.example.org\r\nX: a\0b\r\n\r\n",
    ] {
        let mut stream = app.visitor().connect();
        stream.write_all(bytes).expect("it is taken");
        let mut answer = [0; 12];
        stream.read_exact(&mut answer).expect("an answer");
        assert_eq!(&answer, b"HTTP/1.1 400", "{}", String::from_utf8_lossy(bytes));
    }
    unharmed(app);
}

fn a_query_may_be_anything(app: &TestApp) {
    for query in ["?", "??", "?%", "?%zz=%FF", "?a=b&&&=;", "?page=1&page=1", "?createsuperuser+--noinput"] {
        app.get(&format!("/polls/{query}")).expect(200);
    }
    for no_query in ["?<script>alert(1)</script>", "?\"", "?\u{7f}", "?\u{e9}"] {
        let response = app.get(&format!("/polls/{no_query}")).expect(400);
        assert!(!response.text().contains("<script"), "{no_query}");
    }
    unharmed(app);
}

fn a_form_may_have_any_number_of_fields(app: &TestApp) {
    let poll = app.poll();
    let fields = "a=1&".repeat(100_000);
    app.post(&poll.vote()).body("application/x-www-form-urlencoded", fields).expect(400);
    app.post(&poll.vote()).body("application/x-www-form-urlencoded; charset=latin1", "%=%&=&&choice").expect(400);
    unharmed(app);
}

fn a_client_that_is_gone_has_voted_all_the_same(app: &TestApp) {
    let poll = app.poll();
    let request = app.post(&poll.vote()).form(&[("choice", &poll.value(0))]).bytes();
    let mut stream = app.visitor().connect();
    stream.write_all(&request).expect("it is taken");
    drop(stream);
    eventually("the vote is counted", || (app.totals(&poll) == [1, 0, 0]).then_some(()));
    app.run(&["recount"]).expect(0);
}

/// Whoever has to log in first is told so before the form is read.
fn a_connection_ends_though_nobody_has_read_the_body(app: &TestApp) {
    let request = || app.post("/admin/polls/question/").form(&[("action", "close_now")]);
    // The first time, each worker opens the database.
    for _ in 0..4 {
        request().expect(302);
    }
    let bytes = request().bytes();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let mut stream = app.visitor().connect();
                stream.write_all(&bytes).expect("it is sent");
                let mut answer = Vec::new();
                stream.read_to_end(&mut answer).expect("the program closes the connection, though the client does not");
                Response::parse(&answer, false).expect(302);
            });
        }
    });
}
