//! SIGTERM drains; SIGHUP reopens the log.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![
        on_sqlite(told_to_stop_an_idle_program_stops),
        on_every_database(told_to_stop_the_program_finishes_the_vote_in_flight),
        on_sqlite(a_client_that_does_not_finish_is_not_waited_for_without_end),
        on_sqlite(at_a_hangup_the_log_is_opened_again),
    ]
}

fn told_to_stop_an_idle_program_stops(setup: Setup) {
    for name in ["TERM", "INT"] {
        let mut app = Setup::new(setup.engine()).start();
        app.get("/").expect(200);
        app.signal(name);
        assert!(app.ended().success(), "{name}");
        app.log.wait_for("Stopped.");
    }
}

/// A vote whose last byte has not been sent; the program is reading it.
fn half_a_vote(app: &TestApp, poll: &Poll) -> (Box<dyn Stream>, u8) {
    let body = format!("choice={}", poll.value(0)).into_bytes();
    let (last, first) = body.split_last().expect("a body");
    let mut stream = app.visitor().connect();
    let head = format!(
        "POST {} HTTP/1.1\r\nHost: {HOST}\r\nContent-Type: application/x-www-form-urlencoded\r\n\
         Content-Length: {}\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n",
        poll.vote(),
        body.len(),
    );
    stream.write_all(head.as_bytes()).expect("it is taken");
    let mut told = [0; 25];
    stream.read_exact(&mut told).expect("an interim answer");
    assert_eq!(&told, b"HTTP/1.1 100 Continue\r\n\r\n");
    stream.write_all(first).expect("it is taken");
    (stream, *last)
}

fn told_to_stop_the_program_finishes_the_vote_in_flight(app: Setup) {
    let mut app = app.start();
    let poll = app.poll();
    let (mut stream, last) = half_a_vote(&app, &poll);
    app.signal("TERM");
    let address = ("127.0.0.1", app.port());
    eventually("new connections are refused", || TcpStream::connect(address).is_err().then_some(()));
    stream.write_all(&[last]).expect("it is taken");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).expect("an answer");
    Response::parse(&answer, false).expect(303);
    assert!(app.ended().success());
    assert_eq!((app.totals(&poll), app.ballots(&poll)), (vec![1, 0, 0], vec![1, 0, 0]));
}

fn a_client_that_does_not_finish_is_not_waited_for_without_end(setup: Setup) {
    let mut app = setup.settings("[server]\nshutdown_timeout = 1").start();
    let poll = app.poll();
    let (_stream, _) = half_a_vote(&app, &poll);
    app.signal("TERM");
    assert!(app.ended().success());
    assert_eq!(app.totals(&poll), [0, 0, 0]);
}

fn at_a_hangup_the_log_is_opened_again(setup: Setup) {
    let app = setup.log_to("polls.log").start();
    app.get("/polls/").expect(200);
    fs::rename(app.path("polls.log"), app.path("polls.log.1")).expect("the log can be moved");
    app.get("/bookmark/").expect(200);
    app.signal("HUP");
    let reopened = || fs::read_to_string(app.path("polls.log")).ok().filter(|text| text.contains("Reopened the log."));
    eventually("the log is opened again", reopened);
    app.get("/nothing/").expect(404);
    let (old, new) = (app.path("polls.log.1"), app.path("polls.log"));
    let (old, new) = (fs::read_to_string(old).expect("the old log"), fs::read_to_string(new).expect("the new log"));
    assert!(old.contains("GET /polls/ 200") && old.contains("GET /bookmark/ 200"), "{old}");
    assert!(new.contains("GET /nothing/ 404") && !new.contains("GET /polls/"), "{new}");
}
