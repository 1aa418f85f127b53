//! What the program stands on fails for a while: a clear answer to everybody meanwhile, and then all is well.

use std::fs;
use std::path::PathBuf;

use diesel::connection::SimpleConnection as _;

use super::disk::preloaded;
use super::wire::Wire;
use crate::support::*;

/// Requests that are refused before the cause is gone.
const REFUSALS: usize = 20;

pub fn tests() -> Vec<Test> {
    vec![
        on_sqlite(a_disk_that_is_full),
        on_sqlite(a_disk_that_became_read_only),
        on_sqlite(a_database_that_another_program_has_locked),
        on_servers(a_database_server_that_is_gone),
        on_servers(a_database_server_that_does_not_answer),
    ]
}

/// The site as long as its database takes no votes: everyone is told to come back, and the program lives.
#[track_caller]
fn expect_refusal(app: &TestApp, poll: &Poll) {
    let refused = app.post(&poll.vote()).form(&[("choice", &poll.value(0))]).expect(503);
    assert!(refused.header("retry-after").is_some_and(|seconds| seconds.parse::<u32>().is_ok()));
    assert_eq!(refused.html().text(".error-status"), "503");
    app.get("/healthz").expect(200);
}

#[track_caller]
fn expect_vote(app: &TestApp, poll: &Poll) {
    app.post(&poll.vote()).form(&[("choice", &poll.value(0))]).expect(303);
}

/// Exactly so many votes are there.
#[track_caller]
fn expect_counted(app: &TestApp, poll: &Poll, votes: i32) {
    assert_eq!((app.totals(poll), app.all_ballots()), (vec![votes, 0, 0], i64::from(votes)));
    app.run(&["recount"]).expect(0);
}

/// A site on a disk that can be spoilt by a file of a name.
pub fn on_a_disk(setup: Setup, spoilt_by: &str) -> (Setup, PathBuf) {
    let directory = fs::canonicalize(setup.path(".")).expect("the directory is there");
    let spoilt = directory.join("spoilt");
    let text = |path: PathBuf| path.to_str().expect("the path is text").to_owned();
    let setup = preloaded(setup, &text(directory.join("polls.sqlite3")));
    (setup.variable(spoilt_by, &text(spoilt.clone())), spoilt)
}

fn spoilt_disk(setup: Setup, spoilt_by: &str) {
    let (setup, spoilt) = on_a_disk(setup, spoilt_by);
    let poll = setup.poll();
    let app = setup.start();
    expect_vote(&app, &poll);
    fs::write(&spoilt, "").expect("a file can be written");
    for _ in 0..REFUSALS {
        expect_refusal(&app, &poll);
        app.get(&poll.results()).expect(200);
    }
    fs::remove_file(&spoilt).expect("it can be removed");
    expect_vote(&app, &poll);
    app.get("/readyz").expect(200);
    expect_counted(&app, &poll, 2);
}

fn a_disk_that_is_full(setup: Setup) {
    spoilt_disk(setup, "DISK_FULL");
}

fn a_disk_that_became_read_only(setup: Setup) {
    spoilt_disk(setup, "DISK_READ_ONLY");
}

/// Locked for readers too, before anybody has read.
fn a_database_that_another_program_has_locked(setup: Setup) {
    let poll = setup.poll();
    let app = setup.start();
    let mut other = app.open();
    other
        .batch_execute("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; UPDATE polls_question SET id = id")
        .expect("nobody else has it");
    std::thread::scope(|scope| {
        let pages: Vec<_> = (0..8).map(|_| scope.spawn(|| app.get(&poll.detail()).expect(503))).collect();
        let vote = scope.spawn(|| expect_refusal(&app, &poll));
        // Asked over and over again while the others wait for the lock.
        while !vote.is_finished() {
            app.get("/healthz").expect(200);
        }
        for page in pages {
            assert!(page.join().expect("an answer").header("retry-after").is_some());
        }
    });
    drop(other);
    expect_vote(&app, &poll);
    app.get(&poll.detail()).expect(200);
    expect_counted(&app, &poll, 1);
}

/// A site whose database server is reached by a wire that can be cut.
pub fn by_wire(setup: Setup) -> (TestApp, Wire, Poll) {
    let url = setup.database().url.clone();
    let (start, rest) = url.split_once("127.0.0.1:").expect("a loopback address");
    let (port, name) = rest.split_once('/').expect("a database");
    let wire = Wire::to(port.parse().expect("a port"));
    let poll = setup.poll();
    let app = setup.variable("POLLS_DATABASE_URL", &format!("{start}127.0.0.1:{}/{name}", wire.port())).start();
    (app, wire, poll)
}

fn a_database_server_that_is_gone(setup: Setup) {
    let (app, wire, poll) = by_wire(setup);
    expect_vote(&app, &poll);
    app.get(&poll.detail()).expect(200);
    wire.cut();
    for _ in 0..REFUSALS {
        expect_refusal(&app, &poll);
    }
    app.get("/readyz").expect(503);
    wire.mend();
    // Between two tries to reach a server there is a pause, in which votes are refused at once.
    eventually("the server is reached again", || (app.get("/readyz").send().status == 200).then_some(()));
    expect_vote(&app, &poll);
    app.get(&poll.detail()).expect(200);
    expect_counted(&app, &poll, 2);
}

fn a_database_server_that_does_not_answer(setup: Setup) {
    let (app, wire, poll) = by_wire(setup);
    expect_vote(&app, &poll);
    wire.freeze();
    std::thread::scope(|scope| {
        let votes: Vec<_> = (0..REFUSALS).map(|_| scope.spawn(|| expect_vote(&app, &poll))).collect();
        for _ in 0..REFUSALS {
            app.get("/healthz").expect(200);
        }
        wire.mend();
        for vote in votes {
            vote.join().expect("it is counted");
        }
    });
    let votes = i32::try_from(REFUSALS).expect("a small number") + 1;
    expect_counted(&app, &poll, votes);
}
