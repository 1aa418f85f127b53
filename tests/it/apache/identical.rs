//! A page is the same bytes, whichever way it came.

use crate::support::servers::{Door, Site, Way};
use crate::support::*;

pub fn tests() -> Vec<Test> {
    let tests = [on_sqlite(every_way_gives_the_same_bytes), on_sqlite(every_way_gives_the_same_bytes_below_a_path)];
    tests.map(|test| test.needing(Need::Apache)).into()
}

fn every_way_gives_the_same_bytes(setup: Setup) {
    compare(&Site::new(setup, "/"));
}

fn every_way_gives_the_same_bytes_below_a_path(setup: Setup) {
    compare(&Site::new(setup, "/vote/"));
}

/// One site, open by every way at once, and directly.
fn compare(site: &Site) {
    let poll =
        site.question("Où aller <b>?</b>").choices(["서울", "\"Quoted\" & co"]).choice_with_votes("Rome", 12).create();
    site.bookmark(Some("Rust"), "https://www.rust-lang.org/");
    for _ in 0..22 {
        site.poll();
    }
    let (_daemon, direct) = site.direct();
    let expected = answers(&direct, &poll);
    for way in Way::ALL {
        let front = site.open_by(way);
        for (expected, answer) in expected.iter().zip(answers(&front.door, &poll)) {
            assert_eq!(answer, *expected, "{way:?}");
        }
    }
    assert_eq!(site.all_ballots(), 0);
}

/// What was asked, and what of the answer must not depend on the way.
#[derive(Debug, PartialEq, Eq)]
struct Answer {
    asked: String,
    status: u16,
    headers: Vec<(&'static str, Option<String>)>,
    body: String,
}

const HEADERS: [&str; 14] = [
    "allow",
    "cache-control",
    "content-encoding",
    "content-language",
    "content-security-policy",
    "content-type",
    "cross-origin-opener-policy",
    "etag",
    "location",
    "permissions-policy",
    "referrer-policy",
    "set-cookie",
    "vary",
    "x-content-type-options",
];

fn answers(door: &Door, poll: &Poll) -> Vec<Answer> {
    let (detail, results, vote) = (poll.detail(), poll.results(), poll.vote());
    let second = "/polls/?page=2";
    let paths = ["/", "/polls/", second, &detail, &results, "/bookmark/", "/bookmark/1/", "/polls", "/nothing/"];
    let more = ["/polls/?page=9", "/polls%2F1/", "/%20", "/polls/1/?a=%22%3Cb%3E&c='", "/healthz", "/readyz", &vote];
    let winding =
        ["//polls/", "/./polls/", "/polls/../polls/", "/%70olls/", "/static/../polls/", "/static/%2e%2e/polls/"];
    let mut answers = Vec::new();
    for path in paths.into_iter().chain(more).chain(winding) {
        for language in ["en", "ko-KR,ko;q=0.9", "fr"] {
            for accept in ["text/html", "application/json"] {
                // A page names the host for which it was made.
                let request = door.get(path).host(HOST).header("Accept-Language", language).header("Accept", accept);
                answers.push(Answer::new(format!("GET {path} in {language} as {accept}"), &request.send()));
            }
        }
        let packed = door.get(path).host(HOST).header("Accept-Encoding", "gzip");
        answers.push(Answer::new(format!("GET {path} compressed"), &packed.send()));
        let asked = format!("HEAD {path}");
        answers.push(Answer::new(asked, &door.request("HEAD", path).host(HOST).send()));
    }
    let post = |path: &str| door.post(path).host(HOST).header("Accept-Language", "en");
    let next = door.path("/polls/");
    for (asked, request) in [
        ("a vote for nothing", post(&vote).form(&[])),
        ("a vote for what is not there", post(&vote).multipart(&[("choice", "999")])),
        ("JSON", post(&vote).body("application/json", "{}")),
        ("a vote from elsewhere", post(&vote).header("Sec-Fetch-Site", "cross-site").form(&[])),
        ("a language", post("/i18n/setlang/").form(&[("language", "ko"), ("next", &next)])),
        ("no language", post("/i18n/setlang/").form(&[("language", "tlh")])),
        ("a body for a list", post("/polls/").form(&[])),
        ("another method", door.request("DELETE", "/polls/")),
        ("another method still", door.request("OPTIONS", "/polls/")),
        ("another host", door.get("/polls/").host("evil.example")),
    ] {
        answers.push(Answer::new(asked.to_owned(), &request.send()));
    }
    answers
}

impl Answer {
    fn new(asked: String, answer: &Response) -> Self {
        let mut body = String::from_utf8(answer.unpacked()).expect("text");
        // The id of the request, in a page and in a document.
        for (start, end) in [("<code>", "</code>"), ("\"request_id\":\"", "\"")] {
            if let Some((before, rest)) = body.split_once(start) {
                let (_, after) = rest.split_once(end).expect("the id ends");
                body = format!("{before}{start}ID{end}{after}");
            }
        }
        // Apache writes a list without spaces.
        let headers = HEADERS.map(|name| (name, answer.header(name).map(|value| value.replace(", ", ","))));
        Self { asked, status: answer.status, headers: headers.into(), body }
    }
}
