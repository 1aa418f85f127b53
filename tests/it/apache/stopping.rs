//! A program that is told to stop finishes the request that it has begun, and one that is started again is
//! found at once.

use std::process::Command;

use diesel::connection::SimpleConnection as _;

use crate::support::servers::{Front, Site, Way};
use crate::support::*;

pub fn tests() -> Vec<Test> {
    let tests = [
        on_sqlite(http_on_a_unix_socket),
        on_sqlite(http_over_tcp),
        on_sqlite(fastcgi_on_a_unix_socket),
        on_sqlite(fastcgi_over_tcp),
        on_sqlite(fastcgi_that_apache_started),
        on_sqlite(a_daemon_that_comes_back_is_found_at_once),
    ];
    tests.map(|test| test.needing(Need::Apache)).into()
}

fn http_on_a_unix_socket(setup: Setup) {
    stop_while_voting(Site::new(setup, "/").open_by(Way::EmbeddedUnix));
}

fn http_over_tcp(setup: Setup) {
    stop_while_voting(Site::new(setup, "/").open_by(Way::EmbeddedTcp));
}

fn fastcgi_on_a_unix_socket(setup: Setup) {
    stop_while_voting(Site::new(setup, "/").open_by(Way::FastcgiUnix));
}

fn fastcgi_over_tcp(setup: Setup) {
    stop_while_voting(Site::new(setup, "/").open_by(Way::FastcgiTcp));
}

fn fastcgi_that_apache_started(setup: Setup) {
    stop_while_voting(Site::new(setup, "/").open_by(Way::Fcgid));
}

/// Meanwhile visitors are told to come again.
fn a_daemon_that_comes_back_is_found_at_once(setup: Setup) {
    let site = Site::new(setup, "/");
    let poll = site.poll();
    // Each of the ways takes as long as Apache may keep its connections.
    std::thread::scope(|scope| {
        for way in [Way::EmbeddedUnix, Way::EmbeddedTcp, Way::FastcgiUnix, Way::FastcgiTcp] {
            let (site, poll) = (&site, &poll);
            scope.spawn(move || comes_back(site, way, poll));
        }
    });
    assert_eq!(site.totals(&poll), [0, 0, 4]);
}

fn comes_back(site: &Site, way: Way, poll: &Poll) {
    let mut front = site.open_by(way);
    // More than one, so that Apache keeps connections that will have died.
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| front.door.get(&poll.detail()).expect(200));
        }
    });
    let mut daemon = front.daemon.take().expect("there is a daemon");
    daemon.process.signal("TERM");
    assert_eq!(daemon.process.ended().code(), Some(0), "{}", daemon.process.text());
    let away = front.door.get(&poll.detail()).expect(503);
    assert!(away.header("retry-after").is_some(), "{way:?}");
    front.daemon = Some(site.daemon_again(way, &daemon));
    for _ in 0..12 {
        front.door.get(&poll.detail()).expect(200);
    }
    front.door.post(&poll.vote()).form(&[("choice", &poll.value(2))]).expect(303);
}

/// The vote waits for a database that is kept busy until the program has heard that it shall stop.
fn stop_while_voting(mut front: Front<'_>) {
    let poll = front.site.poll();
    let mut busy = front.site.open();
    busy.batch_execute("BEGIN IMMEDIATE").expect("the database can be kept busy");
    let answer = std::thread::scope(|scope| {
        let request = front.door.post(&poll.vote()).form(&[("choice", &poll.value(1))]);
        let voter = scope.spawn(move || request.send());
        let program = eventually("the program has the request", || program_at_work(&front));
        send_term(program);
        match &front.daemon {
            Some(daemon) => eventually("it is stopping", || (!daemon.takes_connections()).then_some(())),
            None => eventually("it is stopping", || listens_no_more(program).then_some(())),
        }
        busy.batch_execute("ROLLBACK").expect("the database can be let go");
        voter.join().expect("there is an answer")
    });
    assert_eq!(answer.expect(303).location(), front.door.path(&poll.results()));
    assert_eq!((front.site.totals(&poll), front.site.ballots(&poll)), (vec![0, 1, 0], vec![0, 1, 0]));
    match &mut front.daemon {
        Some(daemon) => assert_eq!(daemon.process.ended().code(), Some(0), "{}", daemon.process.text()),
        None => eventually("Apache saw it end in order", || {
            let log = front.apache.error_log();
            log.contains("terminated by calling exit(), return code: 0").then_some(())
        }),
    }
    front.site.run(&["recount"]).expect(0);
}

/// The process that has opened the database, which it does for its first request.
fn program_at_work(front: &Front<'_>) -> Option<u32> {
    let daemon = front.daemon.as_ref().map(|daemon| vec![daemon.process.id()]);
    let processes = daemon.unwrap_or_else(|| front.apache.descendants());
    let database = front.site.database().url.replace("sqlite://", "");
    processes.into_iter().find(|process| open_files(*process).contains(&database))
}

/// mod_fcgid's socket is on standard input, which nobody closes; where the program listens is a copy.
fn listens_no_more(process: u32) -> bool {
    let Ok(socket) = std::fs::read_link(format!("/proc/{process}/fd/0")) else {
        return true;
    };
    let socket = socket.display().to_string();
    open_files(process).iter().filter(|file| **file == socket).count() < 2
}

fn open_files(process: u32) -> Vec<String> {
    let files = std::fs::read_dir(format!("/proc/{process}/fd")).into_iter().flatten().flatten();
    files.filter_map(|file| Some(std::fs::read_link(file.path()).ok()?.display().to_string())).collect()
}

fn send_term(process: u32) {
    let status = Command::new("sh").arg("-c").arg(format!("kill -s TERM {process}")).status();
    assert!(status.is_ok_and(|status| status.success()));
}
