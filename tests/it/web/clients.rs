//! Clients that people have: telnet, curl, Python.

use std::io::{Read as _, Write as _};
use std::process::{Command, Stdio};

use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![
        on_sqlite(a_person_at_telnet_is_served),
        on_every_database(two_requests_sent_at_once_are_answered_in_order),
        on_sqlite(the_old_protocol_votes_as_well),
        on_sqlite(curl_votes_and_reads_the_results).needing(Need::Curl),
        on_sqlite(python_votes_and_reads_the_results).needing(Need::Python),
    ]
}

fn a_person_at_telnet_is_served(app: &TestApp) {
    let mut stream = app.visitor().connect();
    for byte in format!("GET /healthz HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\n\r\n").bytes() {
        stream.write_all(&[byte]).expect("it is taken");
        stream.flush().expect("it is sent");
    }
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).expect("an answer");
    assert_eq!(Response::parse(&answer, false).expect(200).text(), "ok\n");
}

fn two_requests_sent_at_once_are_answered_in_order(app: &TestApp) {
    let first = format!("HEAD /polls/ HTTP/1.1\r\nHost: {HOST}\r\n\r\n");
    let second = format!("GET /nothing/ HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\n\r\n");
    // First from the database, then from memory.
    for _ in 0..3 {
        let answers = app.visitor().raw(format!("{first}{second}").as_bytes());
        let end = answers.windows(4).position(|four| four == b"\r\n\r\n").expect("a first answer") + 4;
        Response::parse(&answers[..end], true).expect(200);
        Response::parse(&answers[end..], false).expect(404);
    }
}

fn the_old_protocol_votes_as_well(app: &TestApp) {
    let poll = app.poll();
    let body = format!("choice={}", poll.value(0));
    let response = app.raw(format!(
        "POST {} HTTP/1.0\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
        poll.vote(),
        body.len(),
    ));
    assert_eq!(response.expect(303).location(), poll.results());
    assert_eq!(app.totals(&poll), [1, 0, 0]);
}

/// Runs a client and returns what it printed.
fn printed(command: &mut Command) -> String {
    let output = command.stdin(Stdio::null()).output().expect("tests/run installs the client");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {errors}");
    String::from_utf8(output.stdout).expect("UTF-8")
}

fn curl_votes_and_reads_the_results(app: &TestApp) {
    let poll = app.poll();
    let site = format!("http://127.0.0.1:{}", app.port());
    let curl = |arguments: &[&str]| {
        printed(Command::new("curl").args(["--silent", "--show-error", "--location"]).args(arguments))
    };
    let choice = format!("choice={}", poll.value(1));
    let results = curl(&["--data", &choice, &format!("{site}{}", poll.vote())]);
    assert!(results.contains("1 vote in all"), "{results}");
    let results = curl(&["--form", &choice, &format!("{site}{}", poll.vote())]);
    assert!(results.contains("2 votes in all"), "{results}");
    assert_eq!(curl(&["--http1.0", &format!("{site}/healthz")]), "ok\n");
    let packed = curl(&["--compressed", "--head", &format!("{site}/static/img/icon.svg")]);
    assert!(packed.starts_with("HTTP/1.1 200"), "{packed}");
    assert_eq!(app.totals(&poll), [0, 2, 0]);
}

const PYTHON: &str = r#"
import http.client, sys, urllib.parse, urllib.request
site, vote, choice = sys.argv[1:]
form = urllib.parse.urlencode({"choice": choice})
with urllib.request.urlopen(f"http://{site}{vote}", form.encode()) as results:
    assert results.status == 200 and results.url.endswith("/results/"), results.url
    assert "1 vote in all" in results.read().decode()
connection = http.client.HTTPConnection(site)
for _ in range(2):
    connection.request("POST", vote, form, {"Content-Type": "application/x-www-form-urlencoded"})
    answer = connection.getresponse()
    assert answer.status == 303 and answer.read() == b"", answer.status
connection.request("GET", "/polls/")
print(connection.getresponse().status)
"#;

fn python_votes_and_reads_the_results(app: &TestApp) {
    let poll = app.poll();
    let site = format!("127.0.0.1:{}", app.port());
    let said = printed(Command::new("python3").args(["-c", PYTHON, &site, &poll.vote(), &poll.value(2)]));
    assert_eq!(said, "200\n");
    assert_eq!(app.totals(&poll), [0, 0, 3]);
}
