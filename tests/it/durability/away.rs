//! The database is away: everybody hears so within a second, load balancers too, and the log stays short.

use std::fs;
use std::time::{Duration, Instant};

use super::faults::{by_wire, on_a_disk};
use crate::support::*;

/// The longest that anybody waits to hear that it is not now.
const BAR: Duration = Duration::from_secs(1);

/// People who ask at the same time.
const CROWD: usize = 24;

pub fn tests() -> Vec<Test> {
    vec![
        on_servers(pages_say_at_once_that_the_server_is_away),
        on_servers(pages_say_at_once_that_the_server_does_not_answer),
        on_servers(readers_are_shown_pages_from_memory),
        on_servers(a_vote_at_a_frozen_server_is_told_that_it_is_not_known),
        on_sqlite(a_probe_writes),
        on_sqlite(a_repeated_error_is_logged_once_a_second),
    ]
}

#[track_caller]
fn expect_soon(app: &TestApp, path: &str) {
    let stopwatch = Stopwatch::start(app.id());
    let answer = app.get(path).expect(503);
    let took = stopwatch.took();
    assert!(took < BAR, "{path}: {took:?}");
    assert!(path == "/readyz" || answer.header("retry-after").is_some());
}

fn expect_all_soon(app: &TestApp, poll: &Poll) {
    std::thread::scope(|scope| {
        for _ in 0..CROWD {
            scope.spawn(|| {
                for path in [&poll.detail(), "/polls/", "/readyz", &poll.results()] {
                    expect_soon(app, path);
                }
            });
        }
    });
}

fn pages_say_at_once_that_the_server_is_away(setup: Setup) {
    let (app, wire, poll) = by_wire(setup);
    app.get(&poll.detail()).expect(200);
    app.post(&poll.vote()).form(&[("choice", &poll.value(0))]).expect(303);
    wire.cut();
    expect_all_soon(&app, &poll);
    let stopwatch = Stopwatch::start(app.id());
    app.post(&poll.vote()).form(&[("choice", &poll.value(0))]).expect(503);
    let took = stopwatch.took();
    assert!(took < BAR, "{took:?}");
    wire.mend();
    // Nobody tries again for as long as the last try took, at most 200 ms.
    eventually("pages are shown again", || (app.get(&poll.detail()).send().status == 200).then_some(()));
    app.get("/readyz").expect(200);
}

fn pages_say_at_once_that_the_server_does_not_answer(setup: Setup) {
    let (app, wire, poll) = by_wire(setup);
    for _ in 0..CROWD {
        app.get(&poll.detail()).expect(200);
    }
    wire.freeze();
    expect_all_soon(&app, &poll);
    expect_all_soon(&app, &poll);
    wire.mend();
    eventually("pages are shown again", || (app.get(&poll.detail()).send().status == 200).then_some(()));
    app.get("/readyz").expect(200);
}

/// Readers without a session only, nobody who has just voted, and nothing that was never shown.
fn readers_are_shown_pages_from_memory(setup: Setup) {
    let (app, wire, poll) =
        by_wire(setup.variable("POLLS_SERVER__PAGE_CACHE", "true").argument("--workers").argument("1"));
    for frozen in [false, true] {
        let page = app.get(&poll.detail()).expect(200);
        if frozen {
            wire.freeze();
        } else {
            wire.cut();
        }
        let unseen = || app.get(&poll.results()).header("Cookie", "fresh=1").send().status == 503;
        eventually("the database has been found away", || unseen().then_some(()));
        let shown = app.get(&poll.detail()).expect(200);
        assert_eq!((&shown.body, shown.header("etag")), (&page.body, page.header("etag")));
        let head = app.request("HEAD", &poll.detail()).expect(200);
        assert_eq!(head.header("content-length"), page.header("content-length"));
        let tag = page.header("etag").expect("a validator").to_owned();
        app.get(&poll.detail()).header("If-None-Match", tag).expect(304);
        app.get(&poll.detail()).header("Cookie", "fresh=1").expect(503);
        app.get(&poll.detail()).header("Cookie", "sessionid=1").expect(503);
        app.get(&poll.detail()).header("Accept-Language", "ko").expect(503);
        app.get(&poll.results()).expect(503);
        app.get("/readyz").expect(503);
        // Once the second of the page is over, it is one of the past, and the log says so.
        eventually("the log says so", || {
            assert_eq!(app.get(&poll.detail()).expect(200).body, page.body);
            app.log.text().contains("readers are shown pages").then_some(())
        });
        wire.mend();
        eventually("the database is there again", || (app.get("/readyz").send().status == 200).then_some(()));
        app.get(&poll.results()).header("Cookie", "fresh=1").expect(200);
    }
}

/// It stays one vote, also if it is sent again while the first waits.
fn a_vote_at_a_frozen_server_is_told_that_it_is_not_known(setup: Setup) {
    let (app, wire, poll) = by_wire(setup);
    app.post(&poll.vote()).form(&[("choice", &poll.value(0))]).expect(303);
    wire.freeze();
    let vote = || {
        let request = app.post(&poll.vote()).form(&[("choice", &poll.value(1))]);
        request.header("Idempotency-Key", "0123456789abcdef01234567").send()
    };
    std::thread::scope(|scope| {
        let votes: Vec<_> = (0..4)
            .map(|_| {
                scope.spawn(|| {
                    let stopwatch = Stopwatch::start(app.id());
                    assert_eq!(vote().status, 503);
                    let took = stopwatch.took();
                    assert!(took < Duration::from_secs(6), "{took:?}");
                })
            })
            .collect();
        for vote in votes {
            vote.join().expect("it is told");
        }
    });
    wire.mend();
    eventually("it is counted", || (vote().status == 303).then_some(()));
    vote().expect(303);
    assert_eq!((app.totals(&poll), app.all_ballots()), (vec![1, 1, 0], 2));
    app.run(&["recount"]).expect(0);
}

/// A disk that is full still reads.
fn a_probe_writes(setup: Setup) {
    for spoilt_by in ["DISK_FULL", "DISK_READ_ONLY"] {
        let (setup, spoilt) = on_a_disk(Setup::new(setup.engine()), spoilt_by);
        let poll = setup.poll();
        let app = setup.start();
        app.get("/readyz").expect(200);
        fs::write(&spoilt, "").expect("a file can be written");
        // What was found is good for half a second.
        std::thread::sleep(Duration::from_millis(600));
        expect_soon(&app, "/readyz");
        app.get(&poll.detail()).expect(200);
        fs::remove_file(&spoilt).expect("it can be removed");
        app.get("/readyz").expect(200);
    }
}

fn a_repeated_error_is_logged_once_a_second(setup: Setup) {
    let (setup, spoilt) = on_a_disk(setup, "DISK_FULL");
    let poll = setup.poll();
    let app = setup.start();
    fs::write(&spoilt, "").expect("a file can be written");
    let begun = Instant::now();
    let mut refused = 0;
    while begun.elapsed() < Duration::from_millis(2500) {
        app.post(&poll.vote()).form(&[("choice", &poll.value(0))]).expect(503);
        refused += 1;
    }
    assert!(refused > 50, "{refused}");
    // Each of the three that speak: at once, after each second, and what is left.
    let lines = |text: &str| app.log.text().lines().filter(|line| line.contains(text)).count();
    app.log.wait_for_lines(3, "Votes could not be written");
    for text in ["Votes could not be written", "Votes are written again", "503 Service Unavailable"] {
        assert!((2..=5).contains(&lines(text)), "{text}: {}", lines(text));
    }
    let counted = || -> u64 {
        let times = |line: &str| -> Option<u64> {
            line.split("times=").nth(1)?.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
        };
        app.log.text().lines().filter(|line| line.contains("503 Service")).filter_map(times).sum()
    };
    eventually("all are counted", || (counted() == refused).then_some(()));
}
