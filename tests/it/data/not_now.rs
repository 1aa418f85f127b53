//! What a database cannot do now is told as that, and what it can do again is done again.

use std::time::Duration;

use diesel::connection::SimpleConnection as _;
use polls::db::migrate;

use crate::support::database::{Database, open};
use crate::support::servers::{self, Killable, mariadb, postgres};
use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![
        on_servers(a_row_that_another_program_has_locked),
        on_servers(a_table_that_another_program_changes),
        on_servers(a_server_that_takes_no_writes),
        on_servers(a_server_that_ends_every_session),
        on_servers(a_server_that_lets_nobody_in),
        on_sqlite(a_file_that_is_broken),
    ]
}

/// Every page and the vote as long as the cause is there.
#[track_caller]
fn expect_refusal(app: &TestApp, poll: &Poll) {
    let refused = app.post(&poll.vote()).form(&[("choice", &poll.value(0))]).expect(503);
    assert!(refused.header("retry-after").is_some());
}

#[track_caller]
fn expect_vote(app: &TestApp, poll: &Poll) {
    app.post(&poll.vote()).form(&[("choice", &poll.value(0))]).expect(303);
}

fn durable(setup: Setup, name: &str, user: bool) -> (Setup, Killable) {
    let engine = setup.engine();
    let server = match engine {
        Engine::Mariadb => mariadb::durable(name),
        _ => postgres::durable(name),
    };
    let setup = setup.with_database(Database::at(engine, server.url().to_owned()));
    migrate::run(&mut setup.open()).expect("an empty database can be migrated");
    let mut url = server.url().to_owned();
    if user {
        // Somebody who may not do what only an administrator may.
        let statements = match engine {
            Engine::Mariadb => "CREATE USER voter@'%' IDENTIFIED BY 'secret'; GRANT ALL ON polls.* TO voter@'%'",
            _ => {
                "CREATE ROLE voter LOGIN; GRANT ALL ON ALL TABLES IN SCHEMA public TO voter; \
                  GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO voter"
            }
        };
        setup.open().batch_execute(statements).expect("a user can be made");
        url = url.replace("//polls:", "//voter:");
    }
    (setup.variable("POLLS_DATABASE_URL", &url), server)
}

fn a_row_that_another_program_has_locked(app: &TestApp) {
    let poll = app.poll();
    let mut other = app.open();
    other.batch_execute("BEGIN").expect("a transaction can be begun");
    other.batch_execute("UPDATE polls_choice SET votes = votes").expect("nobody else has it");
    // The writer waits for the row longer than the voter is kept waiting: the same vote is sent again, by its key.
    let vote = || {
        let request = app.post(&poll.vote()).header("Idempotency-Key", "0123456789abcdef01234567");
        request.form(&[("choice", &poll.value(0))])
    };
    assert!(vote().expect(503).header("retry-after").is_some());
    other.batch_execute("ROLLBACK").expect("it can be undone");
    vote().expect(303);
    assert_eq!((app.totals(&poll), app.ballots(&poll)), (vec![1, 0, 0], vec![1, 0, 0]));
}

/// PostgreSQL: "cached plan must not change result type".
fn a_table_that_another_program_changes(app: &TestApp) {
    let poll = app.poll();
    for width in 300..303 {
        // Often enough that every connection has prepared its statements.
        std::thread::scope(|scope| {
            for _ in 0..16 {
                scope.spawn(|| app.get(&poll.detail()).expect(200));
                scope.spawn(|| app.get("/polls/").expect(200));
                scope.spawn(|| expect_vote(app, &poll));
            }
        });
        for (table, column) in [("polls_question", "question_text"), ("polls_choice", "choice_text")] {
            app.execute(&match app.engine() {
                Engine::Mariadb => format!("ALTER TABLE {table} MODIFY {column} varchar({width}) NOT NULL"),
                _ => format!("ALTER TABLE {table} ALTER {column} TYPE varchar({width})"),
            });
        }
        for _ in 0..20 {
            app.get(&poll.detail()).expect(200);
            app.get("/polls/").expect(200);
            expect_vote(app, &poll);
        }
        app.get("/readyz").expect(200);
    }
    assert_eq!(app.totals(&poll), [108, 0, 0]);
}

fn a_server_that_takes_no_writes(setup: Setup) {
    let (setup, server) = durable(setup, "read-only", true);
    let poll = setup.poll();
    let app = setup.start();
    expect_vote(&app, &poll);
    app.get("/readyz").expect(200);
    let (on, off): (&[&str], &[&str]) = match app.engine() {
        Engine::Mariadb => (&["SET GLOBAL read_only = 1"], &["SET GLOBAL read_only = 0"]),
        _ => (
            &["ALTER SYSTEM SET default_transaction_read_only = on", "SELECT pg_reload_conf(), pg_sleep(0.5)"],
            &["ALTER SYSTEM RESET default_transaction_read_only", "SELECT pg_reload_conf(), pg_sleep(0.5)"],
        ),
    };
    let mut administrator = servers::administrator(server.url());
    administrator.batch_execute("SELECT 1").expect("an administrator is there");
    let mut tell = |statements: &[&str]| {
        for statement in statements {
            let statement = statement.replace("ALTER", "SET default_transaction_read_only = off; ALTER");
            for part in statement.split("; ") {
                administrator.batch_execute(part).unwrap_or_else(|error| panic!("{part}: {error}"));
            }
        }
    };
    tell(on);
    std::thread::sleep(Duration::from_millis(600));
    for _ in 0..5 {
        expect_refusal(&app, &poll);
        app.get(&poll.results()).expect(200);
        app.get("/readyz").expect(503);
    }
    tell(off);
    eventually("votes are taken again", || {
        (app.post(&poll.vote()).form(&[("choice", &poll.value(0))]).send().status == 303).then_some(())
    });
    app.get("/readyz").expect(200);
    assert_eq!(app.totals(&poll), [2, 0, 0]);
}

fn a_server_that_ends_every_session(setup: Setup) {
    let (setup, server) = durable(setup, "sessions", true);
    let poll = setup.poll();
    let app = setup.start();
    let mut administrator = servers::administrator(server.url());
    for _ in 0..5 {
        expect_vote(&app, &poll);
        app.get(&poll.results()).expect(200);
        administrator
            .batch_execute(match app.engine() {
                Engine::Mariadb => "KILL USER voter",
                _ => "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'voter'",
            })
            .expect("they can be ended");
    }
    // Neither a reader nor a voter notices.
    expect_vote(&app, &poll);
    app.get(&poll.results()).expect(200);
    assert_eq!(app.totals(&poll), [6, 0, 0]);
}

fn a_server_that_lets_nobody_in(setup: Setup) {
    let (setup, server) = durable(setup, "full", true);
    let poll = setup.poll();
    let mut administrator = servers::administrator(server.url());
    let (full, free): (&str, &str) = match setup.engine() {
        Engine::Mariadb => {
            ("ALTER USER voter@'%' WITH MAX_USER_CONNECTIONS 1", "ALTER USER voter@'%' WITH MAX_USER_CONNECTIONS 0")
        }
        _ => ("ALTER ROLE voter CONNECTION LIMIT 0", "ALTER ROLE voter CONNECTION LIMIT -1"),
    };
    administrator.batch_execute(full).expect("a limit can be set");
    let url = server.url().replace("//polls:", "//voter:");
    let taken = setup.engine().eq(&Engine::Mariadb).then(|| open(&url));
    let app = setup.start();
    for path in ["/polls/", &poll.detail(), "/readyz"] {
        let stopwatch = Stopwatch::start(app.id());
        app.get(path).expect(503);
        let took = stopwatch.took();
        assert!(took < Duration::from_secs(1), "{path}: {took:?}");
    }
    expect_refusal(&app, &poll);
    drop(taken);
    administrator.batch_execute(free).expect("it can be lifted");
    eventually("votes are taken again", || {
        (app.post(&poll.vote()).form(&[("choice", &poll.value(0))]).send().status == 303).then_some(())
    });
    assert_eq!(app.totals(&poll), [1, 0, 0]);
}

fn a_file_that_is_broken(setup: Setup) {
    let poll = setup.poll();
    let app = setup.start();
    expect_vote(&app, &poll);
    let setup = app.stop();
    let whole = std::fs::read(setup.path("polls.sqlite3")).expect("the file can be read");
    for (what, broken) in [("no database", vec![b'x'; whole.len()]), ("malformed", whole[..whole.len() / 2].to_vec())] {
        std::fs::write(setup.path("polls.sqlite3"), broken).expect("the file can be written");
        let finished = setup.run(&["recount"]);
        assert_ne!(finished.code, Some(0), "{what}");
    }
    // A stopped program may leave its log; beside a log the broken file is refused at the start.
    let _ = std::fs::remove_file(setup.path("polls.sqlite3-wal"));
    std::fs::write(setup.path("polls.sqlite3"), vec![b'x'; whole.len()]).expect("the file can be written");
    let app = setup.start();
    app.get(&poll.detail()).expect(503);
    expect_refusal(&app, &poll);
    app.get("/readyz").expect(503);
}
