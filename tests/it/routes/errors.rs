//! What goes wrong has a page of the site's own look, and a document for programs.

use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![
        on_sqlite(every_error_has_a_page_and_a_document),
        on_sqlite(an_error_of_ours_says_nothing_of_why),
        on_sqlite(an_error_page_speaks_the_visitors_language),
        on_sqlite(other_methods_are_refused_with_those_that_are_not),
        on_sqlite(a_body_of_a_mebibyte_is_read_and_a_byte_more_is_not),
        on_sqlite(a_form_of_25000_fields_is_read_and_one_more_is_not),
        on_sqlite(a_target_of_eight_kibibytes_is_read_and_a_byte_more_is_not),
        on_sqlite(the_limit_of_a_body_can_be_set),
    ]
}

fn every_error_has_a_page_and_a_document(app: &TestApp) {
    let poll = app.poll();
    let (vote, long) = (poll.vote(), format!("/polls/?{}", "x".repeat(9000)));
    let provoked = |status: u16| match status {
        400 => app.get("/").host("evil.example"),
        403 => app.post(&vote).header("Origin", "https://evil.example").form(&[]),
        404 => app.get("/nothing/"),
        405 => app.request("DELETE", "/polls/"),
        413 => app.post(&vote).body("application/x-www-form-urlencoded", vec![b'x'; (1 << 20) + 1]),
        414 => app.get(&long),
        _ => app.post(&vote).body("application/json", "{}"),
    };
    for status in [400, 403, 404, 405, 413, 414, 415] {
        let response = provoked(status).header("Accept", "text/html,application/xhtml+xml,*/*;q=0.8").expect(status);
        let page = response.html();
        assert_eq!(page.count("h1"), 1, "{status}");
        assert!(page.attributes("a", "href").contains(&"/".to_owned()), "{status}: a way on");
        assert!(!page.text("main code").is_empty(), "{status}: the request's id");
        assert_eq!(response.header("cache-control"), Some("no-store"), "{status}");

        let document = provoked(status).header("Accept", "application/json").expect(status);
        assert_eq!(document.header("content-type"), Some("application/json"), "{status}");
        let document = document.json();
        assert_eq!(document["status"], status);
        assert_eq!(document["error"], page.text("h1"));
        assert!(document["request_id"].as_str().is_some_and(|id| !id.is_empty()));
    }
    assert_eq!(app.all_ballots(), 0);
}

fn an_error_of_ours_says_nothing_of_why(app: &TestApp) {
    app.get("/bookmark/").expect(200);
    app.execute("ALTER TABLE bookmark_bookmark RENAME TO gone");
    let response = app.get("/bookmark/").expect(500);
    let (page, text) = (response.html(), response.text());
    assert!(!text.contains("bookmark_bookmark") && !text.contains("SELECT"), "{text}");
    let id = page.text("main code");
    let line = app.log.wait_for(&id);
    assert!(line.contains("ERROR") || app.log.text().contains("no such table"), "{line}");
    assert_eq!(app.get("/bookmark/").header("Accept", "application/json").expect(500).json()["status"], 500);
    app.get("/polls/").expect(200);
}

fn an_error_page_speaks_the_visitors_language(app: &TestApp) {
    let page = app.get("/nothing/").header("Accept-Language", "ko").expect(404);
    assert_eq!(page.html().text("h1"), "페이지를 찾을 수 없습니다");
    assert_eq!(page.header("vary"), Some("Accept, Accept-Encoding, Accept-Language, Cookie"));
}

fn other_methods_are_refused_with_those_that_are_not(app: &TestApp) {
    let poll = app.poll();
    for path in ["/", "/polls/", &poll.detail(), &poll.results(), "/bookmark/", "/healthz", "/readyz"] {
        for method in ["POST", "PUT", "PATCH", "DELETE", "BREW"] {
            let response = app.request(method, path).header("Content-Length", "0").expect(405);
            assert_eq!(response.header("allow"), Some("GET, HEAD"), "{method} {path}");
        }
    }
    for method in ["PUT", "PATCH", "DELETE"] {
        assert_eq!(app.request(method, &poll.vote()).expect(405).header("allow"), Some("GET, HEAD, POST"), "{method}");
    }
    for method in ["GET", "HEAD", "PUT", "DELETE"] {
        assert_eq!(app.request(method, "/i18n/setlang/").expect(405).header("allow"), Some("POST"), "{method}");
    }
}

/// A form of exactly that many bytes that votes for the first choice.
fn form_of(length: usize, poll: &Poll) -> String {
    let start = format!("choice={}&padding=", poll.value(0));
    let padding = "x".repeat(length - start.len());
    start + &padding
}

fn a_body_of_a_mebibyte_is_read_and_a_byte_more_is_not(app: &TestApp) {
    let poll = app.poll();
    let form = |length| app.post(&poll.vote()).body("application/x-www-form-urlencoded", form_of(length, &poll));
    form(1 << 20).expect(303);
    form((1 << 20) + 1).expect(413);
    assert_eq!(app.totals(&poll), [1, 0, 0]);
}

fn a_form_of_25000_fields_is_read_and_one_more_is_not(app: &TestApp) {
    let poll = app.poll();
    let form = |fields: usize| format!("choice={}{}", poll.value(0), "&a".repeat(fields - 1));
    let vote = |fields| app.post(&poll.vote()).body("application/x-www-form-urlencoded", form(fields));
    vote(25_000).expect(303);
    vote(25_001).expect(400);
    assert_eq!(app.totals(&poll), [1, 0, 0]);
}

fn a_target_of_eight_kibibytes_is_read_and_a_byte_more_is_not(app: &TestApp) {
    let target = |length: usize| format!("/polls/?{}", "x".repeat(length - "/polls/?".len()));
    app.get(&target(8192)).expect(200);
    app.get(&target(8193)).expect(414);
    app.get(&target(30_000)).expect(414);
}

fn the_limit_of_a_body_can_be_set(setup: Setup) {
    let app = setup.settings("data_upload_max_memory_size = 2048").start();
    let poll = app.poll();
    app.post(&poll.vote()).body("application/x-www-form-urlencoded", form_of(2048, &poll)).expect(303);
    app.post(&poll.vote()).body("application/x-www-form-urlencoded", form_of(2049, &poll)).expect(413);
    assert_eq!(app.totals(&poll), [1, 0, 0]);
}
