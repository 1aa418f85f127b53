//! A page is the same bytes for everyone, so it can be kept.

use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![
        on_every_database(a_page_is_the_same_bytes_for_two_visitors),
        on_sqlite(nobody_is_given_an_identity_by_reading_or_voting),
        on_sqlite(a_page_says_what_it_depends_on),
        on_sqlite(a_page_that_has_not_changed_is_not_sent_again),
        on_sqlite(a_shared_cache_is_sent_every_page_whole),
        on_sqlite(head_is_get_without_the_body),
    ]
}

fn pages(poll: &Poll) -> Vec<String> {
    vec!["/".into(), "/polls/".into(), poll.detail(), poll.results(), "/bookmark/".into()]
}

fn a_page_is_the_same_bytes_for_two_visitors(app: &TestApp) {
    let poll = app.poll();
    app.bookmark(Some("Rust"), "https://www.rust-lang.org/");
    for path in pages(&poll) {
        let first = app.get(&path).header("User-Agent", "one").expect(200);
        app.post(&poll.vote()).form(&[]).expect(400);
        let second = app.get(&path).header("User-Agent", "two").header("Cookie", "strange=1").expect(200);
        assert!(first.body == second.body, "{path}");
        assert_eq!(first.lasting_headers(), second.lasting_headers(), "{path}");
    }
}

fn nobody_is_given_an_identity_by_reading_or_voting(app: &TestApp) {
    let poll = app.poll();
    let vote = app.post(&poll.vote()).form(&[("choice", &poll.value(0))]).expect(303);
    let cookies = vote.headers("set-cookie");
    assert_eq!(cookies[0], "fresh=1; HttpOnly; SameSite=Lax; Path=/; Max-Age=2");
    // What was voted for: the same for everybody who votes so.
    assert!(cookies[1].starts_with(&format!("chosen={}_{}-1.", poll.id, poll.value(0))), "{}", cookies[1]);
    assert!(cookies[1].contains(&format!("; Path={}; ", poll.results())), "{}", cookies[1]);
    assert_eq!(cookies.len(), 2);
    let refused = app.post(&poll.vote()).form(&[]).expect(400);
    let read = pages(&poll).into_iter().map(|path| app.get(&path).expect(200));
    for response in read.chain([refused, app.get("/nothing/").expect(404)]) {
        assert_eq!(response.header("set-cookie"), None);
        assert!(!response.text().contains("csrf"), "{}", response.text());
    }
}

fn a_page_says_what_it_depends_on(app: &TestApp) {
    let poll = app.poll();
    for path in pages(&poll) {
        let response = app.get(&path).expect(200);
        assert_eq!(response.header("vary"), Some("Accept-Encoding, Accept-Language, Cookie"), "{path}");
        assert_eq!(response.header("cache-control"), Some("max-age=0, s-maxage=1, must-revalidate"), "{path}");
        assert!(response.header("etag").is_some_and(|tag| tag.starts_with("W/\"")), "{path}");
    }
    assert_eq!(app.post(&poll.vote()).form(&[]).expect(400).header("cache-control"), Some("no-store"));
}

fn a_page_that_has_not_changed_is_not_sent_again(app: &TestApp) {
    let poll = app.poll();
    let first = app.get(&poll.results()).expect(200);
    let tag = first.header("etag").expect("a validator").to_owned();
    for known in [tag.clone(), format!("\"other\", {tag}"), tag.replace("W/", ""), "*".to_owned()] {
        let again = app.get(&poll.results()).header("If-None-Match", &known).expect(304);
        assert_eq!((again.header("etag"), again.header("vary")), (Some(tag.as_str()), first.header("vary")), "{known}");
    }
    app.post(&poll.vote()).form(&[("choice", &poll.value(0))]).expect(303);
    app.get(&poll.results()).header("If-None-Match", &tag).expect(200);
    app.get(&poll.results()).header("If-None-Match", &tag).header("Accept-Language", "ko").expect(200);
}

/// After a 304 Apache would keep the page without its body.
fn a_shared_cache_is_sent_every_page_whole(app: &TestApp) {
    let poll = app.poll();
    for path in pages(&poll) {
        let get = || app.get(&path).header("X-Shared-Cache", "on");
        let first = get().expect(200);
        let tag = first.header("etag").expect("a validator");
        assert!(get().header("If-None-Match", tag).expect(200).body == first.body, "{path}");
        app.get(&path).header("If-None-Match", tag).expect(304);
    }
}

fn head_is_get_without_the_body(app: &TestApp) {
    let poll = app.poll();
    let others = ["/static/img/icon.svg", "/healthz", "/readyz", "/nothing/", "/polls", "/polls/abc/"];
    for path in pages(&poll).iter().map(String::as_str).chain(others) {
        // An error page shows its request's id, which has the same length in both.
        let (get, head) = (app.get(path).send(), app.request("HEAD", path).send());
        assert_eq!((get.status, get.lasting_headers()), (head.status, head.lasting_headers()), "{path}");
        let length = get.body.len().to_string();
        assert_eq!(head.header("content-length"), Some(length.as_str()), "{path}");
    }
}
