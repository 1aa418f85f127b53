//! The program, or the database server, is killed while people vote.

use polls::db::migrate;

use super::audit::audit;
use super::ledger::Ledger;
use super::voting::{vote_to_the_end, vote_until_killed};
use super::{cycles, report};
use crate::support::database::Database;
use crate::support::servers::{self, mariadb, postgres};
use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![
        on_sqlite(a_program_that_is_killed_loses_no_vote),
        on_servers(a_program_or_a_server_that_is_killed_loses_no_vote),
    ]
}

fn a_program_that_is_killed_loses_no_vote(setup: Setup) {
    let ledger = Ledger::new(setup.poll());
    let app = kill_programs(setup.start(), &ledger, cycles(50));
    finish(&app, &ledger, "SQLite, the program killed", cycles(50));
}

/// 20 % of the cycles kill the program and 5 % the server.
fn a_program_or_a_server_that_is_killed_loses_no_vote(setup: Setup) {
    let engine = setup.engine();
    let mut server = match engine {
        Engine::Mariadb => mariadb::durable("killed"),
        _ => postgres::durable("killed"),
    };
    let setup = setup.with_database(Database::at(engine, server.url().to_owned()));
    migrate::run(&mut setup.open()).expect("an empty database can be migrated");
    let ledger = Ledger::new(setup.poll());
    let app = kill_programs(setup.start(), &ledger, cycles(20));
    for _ in 0..cycles(5) {
        let id = server.id();
        vote_until_killed(app.tcp(), &ledger, || servers::kill(id));
        server.restart();
        audit(&mut app.open(), &ledger).expect_none();
    }
    finish(&app, &ledger, &format!("{engine}, program and server killed"), cycles(20) + cycles(5));
}

fn kill_programs(mut app: TestApp, ledger: &Ledger, cycles: usize) -> TestApp {
    for _ in 0..cycles {
        vote_until_killed(app.tcp(), ledger, || app.signal("KILL"));
        app = app.kill().start();
        audit(&mut app.open(), ledger).expect_none();
    }
    app
}

/// Everything has an answer at last, and every vote is there.
fn finish(app: &TestApp, ledger: &Ledger, what: &str, cycles: usize) {
    vote_to_the_end(app.tcp(), ledger);
    audit(&mut app.open(), ledger).expect_none();
    let votes = ledger.votes().len();
    assert_eq!(app.all_ballots(), i64::try_from(votes).expect("some votes"));
    app.run(&["recount"]).expect(0);
    report(what, cycles, votes);
}
