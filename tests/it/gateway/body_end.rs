//! CGI and FastCGI without what the shipped Apache files say of a body: what does not prove its own end is refused.

use std::io::Write as _;
use std::process::Stdio;

use crate::support::*;

const FORM: &str = "application/x-www-form-urlencoded";

/// What the web server says, the body's media type, the body, and the status of the answer.
type Case = (&'static [(&'static str, &'static str)], &'static str, &'static str, u16);

const PART: &str = "--x\r\nContent-Disposition: form-data; name=\"choice\"\r\n\r\n1\r\n--x";
const MULTIPART: &str = "multipart/form-data; boundary=x";

const CASES: &[Case] = &[
    (&[("SERVER_PROTOCOL", "HTTP/1.0"), ("CONTENT_LENGTH", "8")], FORM, "choice=1", 303),
    (&[("SERVER_PROTOCOL", "HTTP/1.1"), ("CONTENT_LENGTH", "8")], FORM, "choice=1", 303),
    (&[("SERVER_PROTOCOL", "HTTP/1.1"), ("CONTENT_LENGTH", "9")], FORM, "choice=1", 400),
    (&[("SERVER_PROTOCOL", "HTTP/1.1"), ("HTTP_TRANSFER_ENCODING", "chunked")], FORM, "choice=1", 411),
    (
        &[("SERVER_PROTOCOL", "HTTP/1.1"), ("HTTP_TRANSFER_ENCODING", "chunked"), ("HTTP_X_BODY_LENGTH", "chunked")],
        FORM,
        "choice=1",
        303,
    ),
    (&[("SERVER_PROTOCOL", "HTTP/2.0"), ("HTTP_TRANSFER_ENCODING", "chunked")], FORM, "choice=1", 411),
    // Another web server, which says nothing of the client's own length.
    (&[("SERVER_PROTOCOL", "HTTP/2.0"), ("CONTENT_LENGTH", "8")], FORM, "choice=1", 303),
    (&[("SERVER_PROTOCOL", "HTTP/2.0"), ("CONTENT_LENGTH", "9")], FORM, "choice=1", 400),
    // The web server's own length is not the client's, who said none.
    (&[("CONTENT_LENGTH", "8"), ("HTTP_X_BODY_LENGTH", "")], FORM, "choice=1", 411),
    (&[("SERVER_PROTOCOL", "HTTP/2.0"), ("CONTENT_LENGTH", "8"), ("HTTP_X_BODY_LENGTH", "8")], FORM, "choice=1", 303),
    (&[("SERVER_PROTOCOL", "HTTP/2.0"), ("CONTENT_LENGTH", "8"), ("HTTP_X_BODY_LENGTH", "9")], FORM, "choice=1", 400),
    (&[("SERVER_PROTOCOL", "HTTP/2.0"), ("HTTP_TRANSFER_ENCODING", "chunked")], MULTIPART, PART, 400),
    // What mod_fcgid makes of a line that should be a chunk's size.
    (&[("SERVER_PROTOCOL", "HTTP/1.1"), ("CONTENT_LENGTH", "9")], FORM, "choice=1\n", 400),
    (&[("SERVER_PROTOCOL", "HTTP/1.1"), ("CONTENT_LENGTH", "12")], FORM, "choice=1&x=\n", 400),
];

pub fn tests() -> Vec<Test> {
    vec![on_sqlite(a_body_counts_when_its_end_is_proved), on_sqlite(only_the_closing_boundary_ends_a_multipart_body)]
}

/// The answer of a CGI process to a vote.
fn vote(setup: &Setup, poll: &Poll, variables: &[(&str, &str)], media: &str, body: &str) -> u16 {
    let mut command = setup.command(&[]);
    command.envs([
        ("GATEWAY_INTERFACE", "CGI/1.1"),
        ("REMOTE_ADDR", "192.0.2.1"),
        ("HTTP_HOST", HOST),
        ("REQUEST_METHOD", "POST"),
        ("REQUEST_URI", &poll.vote()),
        ("CONTENT_TYPE", media),
    ]);
    command.envs(variables.iter().copied()).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut process = command.spawn().expect("polls can be started");
    process.stdin.take().expect("a pipe").write_all(body.as_bytes()).expect("it reads");
    let said = process.wait_with_output().expect("it ends").stdout;
    let text = String::from_utf8_lossy(&said);
    let status = text.strip_prefix("Status: ").and_then(|rest| rest.get(..3)?.parse().ok());
    status.unwrap_or_else(|| panic!("{text}"))
}

fn a_body_counts_when_its_end_is_proved(setup: Setup) {
    let poll = setup.poll();
    assert_eq!(poll.value(0), "1");
    let mut counted = 0;
    for (variables, media, body, status) in CASES {
        assert_eq!(vote(&setup, &poll, variables, media, body), *status, "{variables:?} {body:?}");
        counted += i64::from(*status == 303);
        assert_eq!(setup.all_ballots(), counted, "{variables:?} {body:?}");
    }
}

/// HTTP/2 without a length, cut off at every byte.
fn only_the_closing_boundary_ends_a_multipart_body(setup: Setup) {
    let poll = setup.poll();
    let unknown = [("SERVER_PROTOCOL", "HTTP/2.0"), ("HTTP_TRANSFER_ENCODING", "chunked")];
    let whole = format!("{PART}--");
    for length in (1..whole.len()).step_by(3).chain(PART.len() - 6..whole.len()) {
        let status = vote(&setup, &poll, &unknown, MULTIPART, &whole[..length]);
        assert_eq!(status, 400, "{:?}", &whole[..length]);
    }
    assert_eq!(setup.all_ballots(), 0);
    for end in ["", "\r\n"] {
        assert_eq!(vote(&setup, &poll, &unknown, MULTIPART, &format!("{whole}{end}")), 303, "{end:?}");
    }
}
