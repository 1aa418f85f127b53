//! Bodies, targets and paths at the edge of what is allowed, and beyond.

use crate::support::servers::{Door, Front};
use crate::support::*;

const FORM: &str = "application/x-www-form-urlencoded";
const MEBIBYTE: usize = 1 << 20;

/// The site's own page for a status, and not one of the web server's.
#[track_caller]
pub fn own_page(answer: &Response) -> Html {
    let page = answer.html();
    assert_eq!((page.count("header.site-header"), page.text(".error-status")), (1, answer.status.to_string()));
    page
}

/// A form that votes for the first choice and is as long as is asked for.
fn form_of(length: usize, poll: &Poll) -> Vec<u8> {
    let mut form = format!("choice={}&padding=", poll.value(0)).into_bytes();
    form.resize(length, b'x');
    form
}

/// Exactly 1 MiB is read and counted; a byte more is refused with the site's own page.
pub fn a_mebibyte_is_counted_and_a_byte_more_refused(front: &Front<'_>) {
    bodies(&front.door, front.site);
}

pub fn bodies(door: &Door, site: &Setup) {
    let poll = site.poll();
    let vote = door.post(&poll.vote());
    vote.body(FORM, form_of(MEBIBYTE, &poll)).expect(303);
    let refused = door.post(&poll.vote()).body(FORM, form_of(MEBIBYTE + 1, &poll)).expect(413);
    own_page(&refused);
    assert_eq!(site.totals(&poll), [1, 0, 0]);
    for pieces in [1, 3, 7] {
        chunked(door, &poll, &form_of(200, &poll), pieces).expect(303);
    }
    chunked(door, &poll, &form_of(MEBIBYTE, &poll), 40).expect(303);
    own_page(&chunked(door, &poll, &form_of(MEBIBYTE + 1, &poll), 40).expect(413));
    assert_eq!(site.totals(&poll), [5, 0, 0]);
    assert_eq!(site.ballots(&poll), [5, 0, 0]);
}

/// Votes with a body whose length is not said beforehand, in several chunks.
fn chunked(door: &Door, poll: &Poll, body: &[u8], pieces: usize) -> Response {
    let host = door.origin.trim_start_matches("http://");
    let path = door.path(&poll.vote());
    let mut request = format!(
        "POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: {FORM}\r\nTransfer-Encoding: chunked\r\n\
         Connection: close\r\n\r\n"
    )
    .into_bytes();
    for piece in body.chunks(body.len().div_ceil(pieces)) {
        request.extend_from_slice(format!("{:x}\r\n", piece.len()).as_bytes());
        request.extend_from_slice(piece);
        request.extend_from_slice(b"\r\n");
    }
    request.extend_from_slice(b"0\r\n\r\n");
    Response::parse(&door.visitor.raw(&request), false)
}

/// Paths that decode to something else, and targets that are long, are judged by the site.
pub fn odd_targets_reach_the_site_as_they_are(front: &Front<'_>) {
    odd_targets(&front.door, front.site);
}

pub fn odd_targets(door: &Door, site: &Setup) {
    let poll = site.poll();
    let id = poll.id;
    for path in [
        format!("/polls%2F{id}/"),
        format!("/polls/{id}%2Fresults/"),
        format!("/polls/%20{id}/"),
        format!("/polls/{id}%20/"),
        "/%20".to_owned(),
        "/polls/abc/".to_owned(),
        "/polls/99999999999999999999/".to_owned(),
        "/polls/-1/".to_owned(),
        "/nothing/?next=/polls/".to_owned(),
        "/%EC%95%88%EB%85%95/".to_owned(),
    ] {
        own_page(&door.get(&path).expect(404));
    }
    let target = |length: usize| {
        let start = door.path("/polls/?");
        let query = "x".repeat(length - start.len());
        door.visitor.get(&(start + &query))
    };
    target(8192).expect(200);
    own_page(&target(8193).expect(414));
    own_page(&target(12_000).expect(414));
    assert_eq!(site.all_ballots(), 0);
}

/// What programs ask for as JSON they get as JSON, when something is wrong too.
pub fn errors_are_pages_or_json(front: &Front<'_>) {
    let (door, poll) = (&front.door, front.site.poll());
    let document = door.get("/nothing/").header("Accept", "application/json").expect(404);
    assert_eq!(document.header("content-type"), Some("application/json"));
    assert_eq!(document.json()["status"], 404);
    let refused = door.request("DELETE", "/polls/").expect(405);
    assert_eq!(refused.header("allow"), Some("GET, HEAD"));
    own_page(&refused);
    own_page(&door.post(&poll.vote()).body("application/json", "{}").expect(415));
    let unchosen = door.post(&poll.vote()).form(&[]).expect(400);
    assert_eq!(unchosen.html().text("[role=alert]"), "You didn't select a choice.");
    assert_eq!(front.site.all_ballots(), 0);
}

/// A query without "=" reaches a CGI program as arguments; it stays a query.
pub fn a_query_is_no_command_line(front: &Front<'_>) {
    let door = &front.door;
    let home = door.get("/").expect(200).html().text("h1");
    for query in ["createsuperuser+--noinput", "migrate", "--help", "-V", "--config+/etc/passwd", "recount", "-d+x%00"]
    {
        let answer = door.get(&format!("/?{query}")).expect(200);
        assert_eq!(answer.html().text("h1"), home, "{query}");
    }
}
