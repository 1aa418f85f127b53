//! What the database server is set to, or a role or a database of it, weakens nothing: it is set for our sessions, or
//! the program says what is wrong and does not start.

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text};
use polls::db::migrate;

use super::audit::audit;
use super::ledger::Ledger;
use super::voting::{vote_to_the_end, vote_until_killed};
use crate::support::database::Database;
use crate::support::servers::pgbouncer::Pgbouncer;
use crate::support::servers::{self, Killable, mariadb, postgres};
use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![
        on_servers(votes_survive_the_crash_of_a_server_that_is_set_to_lose_them),
        on_servers(what_a_session_inherits_is_set_for_it),
        on_servers(a_server_that_loses_votes_is_refused),
        on_servers(a_server_that_is_set_to_lose_votes_while_the_program_runs),
        on_servers(a_table_that_loses_votes_is_refused),
        on_postgres(a_pooler_is_used_by_session_and_refused_by_transaction).needing(Need::Pgbouncer),
    ]
}

fn durable(engine: Engine, name: &str, mariadb: &'static [&str], postgres: &[&str]) -> Killable {
    match engine {
        Engine::Mariadb => mariadb::durable_with(name, mariadb),
        _ => postgres::durable_with(name, postgres),
    }
}

fn on(setup: Setup, server: &Killable) -> Setup {
    let engine = setup.engine();
    let setup = setup.with_database(Database::at(engine, server.url().to_owned()));
    migrate::run(&mut setup.open()).expect("an empty database can be migrated");
    setup
}

fn administer(server: &Killable, statements: &[&str]) {
    let mut conn = servers::administrator(server.url());
    for statement in statements {
        conn.batch_execute(statement).unwrap_or_else(|error| panic!("{statement}: {error}"));
    }
}

/// PostgreSQL by its role, MariaDB by a session that commits when it is told to.
fn votes_survive_the_crash_of_a_server_that_is_set_to_lose_them(setup: Setup) {
    let engine = setup.engine();
    let mut server = durable(
        engine,
        "weak-session",
        &["--autocommit=0", "--completion-type=CHAIN"],
        &["wal_writer_delay=10s", "wal_writer_flush_after=0"],
    );
    let setup = on(setup, &server);
    if engine == Engine::Postgres {
        administer(
            &server,
            &[
                "ALTER ROLE polls SET synchronous_commit = off",
                "ALTER DATABASE polls SET default_transaction_isolation = 'serializable'",
            ],
        );
    }
    let ledger = Ledger::new(setup.poll());
    let app = setup.start();
    for _ in 0..4 {
        let id = server.id();
        vote_until_killed(app.tcp(), &ledger, || servers::kill(id));
        server.restart();
        audit(&mut app.open(), &ledger).expect_none();
    }
    vote_to_the_end(app.tcp(), &ledger);
    audit(&mut app.open(), &ledger).expect_none();
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Nullable<Text>)]
    value: Option<String>,
}

fn value(conn: &mut polls::db::Connection, expression: &str) -> String {
    let query = match conn {
        polls::db::Connection::Mysql(_) => format!("SELECT CAST({expression} AS CHAR) AS value"),
        _ => format!("SELECT CAST({expression} AS text) AS value"),
    };
    let row: Row = diesel::sql_query(query).get_result(conn).unwrap_or_else(|error| panic!("{expression}: {error}"));
    row.value.unwrap_or_default()
}

/// Variable, what it is set to, what a session of ours has; `SET` and `ALTER` take the second.
const POSTGRES: [(&str, &str, &str); 13] = [
    ("synchronous_commit", "off", "on"),
    ("synchronous_commit", "local", "on"),
    ("synchronous_commit", "remote_write", "on"),
    ("synchronous_commit", "remote_apply", "remote_apply"),
    ("default_transaction_isolation", "'repeatable read'", "read committed"),
    ("default_transaction_isolation", "'serializable'", "read committed"),
    ("default_transaction_deferrable", "on", "off"),
    ("statement_timeout", "'50ms'", "0"),
    ("lock_timeout", "'50ms'", "5s"),
    ("idle_in_transaction_session_timeout", "'50ms'", "1min"),
    ("idle_session_timeout", "'50ms'", "0"),
    ("session_replication_role", "'replica'", "origin"),
    ("transform_null_equals", "on", "off"),
];

const MARIADB: [(&str, &str, &str); 16] = [
    ("autocommit", "0", "ON"),
    ("completion_type", "'RELEASE'", "NO_CHAIN"),
    ("tx_isolation", "'SERIALIZABLE'", "READ-COMMITTED"),
    ("unique_checks", "0", "ON"),
    ("foreign_key_checks", "0", "ON"),
    ("check_constraint_checks", "0", "ON"),
    ("sql_auto_is_null", "1", "OFF"),
    ("sql_safe_updates", "1", "OFF"),
    ("sql_select_limit", "1", "18446744073709551615"),
    (
        "sql_mode",
        "'ANSI,ORACLE'",
        "PIPES_AS_CONCAT,STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION",
    ),
    ("time_zone", "'+09:00'", "+00:00"),
    ("innodb_lock_wait_timeout", "1", "5"),
    ("wait_timeout", "1", "28800"),
    ("max_statement_time", "0.1", "0.000000"),
    ("lc_messages", "'ko_KR'", "en_US"),
    ("collation_connection", "'latin1_swedish_ci'", "utf8mb4_general_ci"),
];

fn what_a_session_inherits_is_set_for_it(setup: Setup) {
    let engine = setup.engine();
    let server = durable(engine, "inherited", &[], &[]);
    let setup = on(setup, &server);
    let variables: &[_] = if engine == Engine::Postgres { &POSTGRES } else { &MARIADB };
    for (name, weak, ours) in variables {
        match engine {
            Engine::Postgres => administer(&server, &[&format!("ALTER ROLE polls SET {name} = {weak}")]),
            _ => administer(&server, &[&format!("SET GLOBAL {name} = {weak}")]),
        }
        let expression = match engine {
            Engine::Postgres => format!("current_setting('{name}')"),
            _ => format!("@@SESSION.{name}"),
        };
        assert_eq!(value(&mut setup.open(), &expression), *ours, "{name} = {weak}");
    }
    let poll = setup.poll();
    let app = setup.start();
    app.post(&poll.vote()).form(&[("choice", &poll.value(0))]).expect(303);
    app.get(&poll.results()).expect(200);
    assert_eq!(app.totals(&poll), [1, 0, 0]);
}

/// `polls serve` says why it does not start, and how it would.
#[track_caller]
fn expect_refusal(setup: &Setup, why: &str) {
    for arguments in [setup.arguments(), vec!["fastcgi", "--bind", "127.0.0.1:0"]] {
        let refused = setup.run(&arguments);
        let said = refused.stderr;
        assert!(refused.code == Some(1) && said.contains(why), "{arguments:?} without {why:?}: {said}");
        assert!(said.contains("database_may_lose_votes"), "{said}");
    }
}

fn a_server_that_loses_votes_is_refused(setup: Setup) {
    let engine = setup.engine();
    let servers: &[(&str, &'static [&str], &[&str])] = match engine {
        Engine::Postgres => &[
            ("fsync = off", &[], &["fsync=off"]),
            ("full_page_writes = off", &[], &["full_page_writes=off"]),
            ("zero_damaged_pages = on", &[], &["zero_damaged_pages=on"]),
        ],
        _ => &[
            ("innodb_flush_log_at_trx_commit = 2", &["--innodb-flush-log-at-trx-commit=2"], &[]),
            ("innodb_doublewrite = OFF", &["--innodb-doublewrite=0"], &[]),
            ("innodb_flush_method = nosync", &["--innodb-flush-method=nosync"], &[]),
            ("sync_binlog = 0", &["--log-bin=log", "--sync-binlog=0"], &[]),
        ],
    };
    let mut setup = setup;
    for (why, mariadb, postgres) in servers {
        let server = durable(engine, &format!("losing-{}", &why[..why.find(' ').expect("a name")]), mariadb, postgres);
        setup = on(setup, &server);
        expect_refusal(&setup, why);
        let accepted = setup.variable("POLLS_DATABASE_MAY_LOSE_VOTES", "true").start();
        accepted.get("/readyz").expect(200);
        setup = accepted.stop().variable("POLLS_DATABASE_MAY_LOSE_VOTES", "false");
    }
}

/// Every new connection looks.
fn a_server_that_is_set_to_lose_votes_while_the_program_runs(setup: Setup) {
    let engine = setup.engine();
    let server = durable(engine, "changed", &[], &[]);
    let setup = on(setup, &server);
    let poll = setup.poll();
    let app = setup.start();
    app.post(&poll.vote()).form(&[("choice", &poll.value(0))]).expect(303);
    match engine {
        Engine::Postgres => administer(
            &server,
            &[
                "ALTER SYSTEM SET fsync = off",
                "SELECT pg_reload_conf(), pg_sleep(0.5)",
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'polls' AND pid <> pg_backend_pid()",
            ],
        ),
        _ => {
            administer(&server, &["SET GLOBAL innodb_flush_log_at_trx_commit = 0"]);
            // Its own session among them.
            let _ = servers::administrator(server.url()).batch_execute("KILL USER polls");
        }
    }
    let refused = app.post(&poll.vote()).form(&[("choice", &poll.value(0))]).expect(503);
    assert!(refused.header("retry-after").is_some());
    app.get("/readyz").expect(503);
    app.log.wait_for("database_may_lose_votes");
    match engine {
        Engine::Postgres => {
            administer(&server, &["ALTER SYSTEM RESET fsync", "SELECT pg_reload_conf(), pg_sleep(0.5)"]);
        }
        _ => administer(&server, &["SET GLOBAL innodb_flush_log_at_trx_commit = 1"]),
    }
    eventually("votes are taken again", || {
        (app.post(&poll.vote()).form(&[("choice", &poll.value(0))]).send().status == 303).then_some(())
    });
    assert_eq!(app.totals(&poll), [2, 0, 0]);
}

fn a_table_that_loses_votes_is_refused(setup: Setup) {
    let engine = setup.engine();
    let server = durable(engine, "table", &[], &[]);
    let setup = on(setup, &server);
    match engine {
        Engine::Postgres => {
            setup.execute("ALTER TABLE polls_ballot SET UNLOGGED");
            expect_refusal(&setup, "polls_ballot is UNLOGGED");
        }
        _ => {
            let statements = "SET foreign_key_checks = 0; DROP TABLE polls_deleted_ballot; \
                              CREATE TABLE polls_deleted_ballot (id bigint) ENGINE = MyISAM";
            setup.open().batch_execute(statements).expect("the table can be changed");
            expect_refusal(&setup, "polls_deleted_ballot is in the engine MyISAM");
        }
    }
}

fn a_pooler_is_used_by_session_and_refused_by_transaction(setup: Setup) {
    let server = setup.database().url.clone();
    let poll = setup.poll();
    let by_transaction = Pgbouncer::start(&server, "transaction");
    let setup = setup.variable("POLLS_DATABASE_URL", &by_transaction.url);
    let refused = setup.run(&setup.arguments()).expect(1).stderr;
    assert!(refused.contains("pool_mode = session"), "{refused}");
    let findings = setup.run(&["check"]).expect(4).stdout;
    assert!(findings.contains("polls.E018"), "{findings}");
    let by_session = Pgbouncer::start(&server, "session");
    let app = setup.variable("POLLS_DATABASE_URL", &by_session.url).start();
    app.post(&poll.vote()).form(&[("choice", &poll.value(0))]).expect(303);
    app.get("/readyz").expect(200);
    assert_eq!(app.totals(&poll), [1, 0, 0]);
}
