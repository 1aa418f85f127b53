//! The harness sees what it is for: with each of these bugs switched on, it finds what the bug does.
//!
//! The switches are in builds with the feature `seeded-bugs` alone, which nobody ships.

use polls::db::migrate;

use super::audit::{Findings, audit};
use super::disk::Disk;
use super::ledger::Ledger;
use super::voting::vote_until_killed;
use crate::support::database::Database;
use crate::support::servers::{self, postgres};
use crate::support::*;

/// Cycles within which a bug has to show.
const ENOUGH: usize = 100;

pub fn tests() -> Vec<Test> {
    let tests = [
        on_sqlite(an_answer_before_the_commit_is_seen),
        on_postgres(an_answer_before_the_server_wrote_to_the_disk_is_seen),
        on_sqlite(a_commit_that_is_not_synced_is_seen),
        on_sqlite(a_dropped_batch_is_seen),
        on_sqlite(a_retry_that_counts_again_is_seen),
        on_sqlite(a_total_without_its_ballots_is_seen),
    ];
    tests.into_iter().map(|test| test.needing(Need::SeededBugs)).collect()
}

fn an_answer_before_the_commit_is_seen(setup: Setup) {
    let found = first_findings(setup, "answer-before-commit");
    assert!(found.lost > 0, "{found}");
}

fn an_answer_before_the_server_wrote_to_the_disk_is_seen(setup: Setup) {
    let mut server = postgres::durable("careless");
    let setup = setup.with_database(Database::at(Engine::Postgres, server.url().to_owned()));
    migrate::run(&mut setup.open()).expect("an empty database can be migrated");
    let ledger = Ledger::new(setup.poll());
    let app = setup.variable("POLLS_SEEDED_BUG", "answer-before-disk").start();
    for _ in 0..ENOUGH {
        let id = server.id();
        vote_until_killed(app.tcp(), &ledger, || servers::kill(id));
        server.restart();
        let found = audit(&mut app.open(), &ledger);
        if found != Findings::default() {
            assert!(found.lost > 0, "{found}");
            return;
        }
    }
    panic!("it was not seen in {ENOUGH} cycles");
}

fn a_commit_that_is_not_synced_is_seen(setup: Setup) {
    let ledger = Ledger::new(setup.poll());
    let (disk, setup) = Disk::under(setup.variable("POLLS_SEEDED_BUG", "synchronous-normal"));
    let (mut setup, mut random) = (setup, Random::new());
    for _ in 0..ENOUGH {
        let app = setup.start();
        vote_until_killed(app.tcp(), &ledger, || app.signal("KILL"));
        setup = app.kill();
        disk.lose_power(&mut random);
        let found = audit(&mut disk.open_copy(), &ledger);
        if found != Findings::default() {
            assert!(found.lost > 0, "{found}");
            return;
        }
    }
    panic!("it was not seen in {ENOUGH} cycles");
}

fn a_dropped_batch_is_seen(setup: Setup) {
    let found = first_findings(setup, "dropped-batch");
    assert!(found.lost > 0, "{found}");
}

fn a_retry_that_counts_again_is_seen(setup: Setup) {
    let found = first_findings(setup, "doubled-retry");
    assert!(found.doubled > 0, "{found}");
}

fn a_total_without_its_ballots_is_seen(setup: Setup) {
    let found = first_findings(setup, "total-without-ballots");
    assert!(found.mismatched > 0, "{found}");
}

/// What the harness first finds wrong with a program that has a bug.
#[track_caller]
fn first_findings(setup: Setup, bug: &str) -> Findings {
    let ledger = Ledger::new(setup.poll());
    let mut app = setup.variable("POLLS_SEEDED_BUG", bug).start();
    for _ in 0..ENOUGH {
        vote_until_killed(app.tcp(), &ledger, || app.signal("KILL"));
        app = app.kill().start();
        let findings = audit(&mut app.open(), &ledger);
        if findings != Findings::default() {
            return findings;
        }
    }
    panic!("{bug} was not seen in {ENOUGH} cycles");
}
