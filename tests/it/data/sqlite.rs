//! SQLite: the file, its mode, what every session relies on.

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sql_types::Text;

use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![
        on_sqlite(a_commit_is_durable_and_keys_are_enforced),
        on_sqlite(the_library_is_new_enough),
        on_sqlite(a_path_may_have_any_characters),
        on_sqlite(a_writer_that_is_slow_does_not_lose_votes),
        on_sqlite(a_writer_that_does_not_end_costs_an_answer_and_nothing_else),
        on_sqlite(a_file_that_is_locked_from_the_start_holds_nobody_else_up),
    ]
}

#[derive(diesel::QueryableByName)]
struct Value {
    #[diesel(sql_type = Text)]
    value: String,
}

fn value(setup: &Setup, sql: &str) -> String {
    let row: Value = diesel::sql_query(format!("SELECT CAST(({sql}) AS TEXT) AS value"))
        .get_result(&mut setup.open())
        .expect("an answer");
    row.value
}

fn a_commit_is_durable_and_keys_are_enforced(setup: Setup) {
    for (pragma, column, expected) in [
        ("journal_mode", "journal_mode", "wal"),
        ("synchronous", "synchronous", "3"),
        ("foreign_keys", "foreign_keys", "1"),
        ("busy_timeout", "timeout", "5000"),
    ] {
        assert_eq!(value(&setup, &format!("SELECT {column} FROM pragma_{pragma}")), expected, "{pragma}");
    }
}

fn the_library_is_new_enough(setup: Setup) {
    let version = value(&setup, "SELECT sqlite_version()");
    let numbers: Vec<u32> = version.split('.').map(|number| number.parse().expect("a number")).collect();
    assert!(numbers >= vec![3, 51, 3], "{version}");
}

fn a_path_may_have_any_characters(setup: Setup) {
    let setup = setup.variable("POLLS_DATABASE_URL", "sqlite:100% 설문 #1?.sqlite3");
    setup.run(&["migrate"]).expect(0);
    assert!(setup.path("100% 설문 #1?.sqlite3").exists());
    setup.start().get("/readyz").expect(200);
}

/// Somebody else's write transaction, held open.
fn write_lock(setup: &Setup) -> polls::db::Connection {
    let mut conn = setup.open();
    diesel::sql_query("BEGIN IMMEDIATE").execute(&mut conn).expect("the lock is free");
    conn
}

fn a_writer_that_is_slow_does_not_lose_votes(app: &TestApp) {
    let poll = app.poll();
    let mut lock = write_lock(app);
    std::thread::scope(|scope| {
        for _ in 0..5 {
            scope.spawn(|| app.post(&poll.vote()).form(&[("choice", &poll.value(0))]).expect(303));
        }
        app.get(&poll.results()).expect(200);
        diesel::sql_query("COMMIT").execute(&mut lock).expect("nothing was written");
    });
    assert_eq!(app.totals(&poll), [5, 0, 0]);
}

fn a_writer_that_does_not_end_costs_an_answer_and_nothing_else(app: &TestApp) {
    let poll = app.poll();
    let lock = write_lock(app);
    let response = app.post(&poll.vote()).form(&[("choice", &poll.value(0))]).expect(503);
    assert!(response.header("retry-after").is_some());
    drop(lock);
    app.post(&poll.vote()).form(&[("choice", &poll.value(0))]).expect(303);
    assert_eq!(app.totals(&poll), [1, 0, 0]);
    app.run(&["recount"]).expect(0);
}

fn a_file_that_is_locked_from_the_start_holds_nobody_else_up(setup: Setup) {
    let mut lock = setup.open();
    lock.batch_execute("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; UPDATE polls_question SET id = id")
        .expect("nobody else is there");
    let app = setup.argument("--workers").argument("1").start();
    std::thread::scope(|scope| {
        let page = scope.spawn(|| app.get("/polls/").expect(503));
        let mut meanwhile = 0;
        while !page.is_finished() {
            app.get("/healthz").expect(200);
            meanwhile += 1;
        }
        assert!(meanwhile > 10, "{meanwhile}");
    });
    drop(lock);
    app.get("/polls/").expect(200);
}
