//! A SQLite file that is not as `migrate` and the program left it: a backup that was brought back.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use diesel::connection::SimpleConnection as _;
use polls::db::Connection;

use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![
        on_sqlite(a_file_in_rollback_mode_is_put_into_wal_mode),
        on_sqlite(a_file_that_is_not_ours_keeps_its_mode),
        on_sqlite(a_backup_beside_the_log_of_the_live_file_is_refused).needing(Need::Python),
        on_sqlite(a_log_is_not_thrown_away_with_its_file_gone),
        on_sqlite(a_backup_beside_the_journal_of_the_live_file_is_refused),
        on_sqlite(a_file_and_its_own_log_are_taken_wherever_they_are),
        on_sqlite(a_log_that_another_program_wrote_alone_is_taken).needing(Need::Python),
        on_sqlite(a_backup_that_is_moved_in_while_the_program_runs_is_not_spoilt),
    ]
}

const FILE: &str = "polls.sqlite3";

/// Bytes 18 and 19 of the file: 2 is WAL mode.
fn is_wal(path: &Path) -> bool {
    fs::read(path).expect("the file can be read")[18..20] == [2, 2]
}

#[track_caller]
fn vote(app: &TestApp, poll: &Poll, times: usize) {
    for _ in 0..times {
        app.post(&poll.vote()).form(&[("choice", &poll.value(0))]).expect(303);
    }
}

/// `polls serve` ends at once, and says which file is in the way and what to run; nothing is changed.
#[track_caller]
fn expect_refusal(setup: &Setup, ending: &str) {
    let files = |ending: &str| fs::read(setup.path(&format!("{FILE}{ending}"))).ok();
    let before = (files(""), files(ending));
    for arguments in [setup.arguments(), vec!["fastcgi", "--bind", "127.0.0.1:0"], vec!["recount"]] {
        let refused = setup.run(&arguments);
        assert_eq!(refused.code, Some(1), "{arguments:?}: {}{}", refused.stdout, refused.stderr);
        let command = format!("{FILE}{ending}.old'` and start again");
        assert!(refused.stderr.contains(&command) && refused.stderr.contains("run `mv '"), "{}", refused.stderr);
    }
    assert!(before == (files(""), files(ending)), "a file was changed");
}

fn a_file_in_rollback_mode_is_put_into_wal_mode(setup: Setup) {
    let poll = setup.poll();
    let mut setup = setup;
    for how in ["VACUUM INTO", "DELETE", "TRUNCATE", "PERSIST"] {
        let path = setup.path(FILE);
        let mut conn = setup.open();
        if how == "VACUUM INTO" {
            let copy = setup.path("copy");
            conn.batch_execute(&format!("VACUUM INTO '{}'", copy.display())).expect("it can be copied");
            drop(conn);
            fs::rename(copy, &path).expect("it can be moved");
        } else {
            conn.batch_execute(&format!("PRAGMA journal_mode = {how}")).expect("nobody else has it");
            drop(conn);
        }
        assert!(!is_wal(&path), "{how}");
        let app = setup.start();
        app.log.wait_for("it is in WAL mode from now on");
        vote(&app, &poll, 1);
        assert!(is_wal(&path), "{how}");
        setup = app.stop();
    }
    assert_eq!(setup.totals(&poll), [4, 0, 0]);
    setup.run(&["recount"]).expect(0);
}

fn a_file_that_is_not_ours_keeps_its_mode(setup: Setup) {
    let setup = setup.without_tables();
    setup.open().batch_execute("CREATE TABLE others (id)").expect("a table can be made");
    let app = setup.start();
    app.get("/readyz").expect(503);
    assert!(!is_wal(&app.path(FILE)));
}

/// How a backup is made of a file that is being written.
const BACKUPS: [&str; 5] = ["VACUUM INTO", ".backup", ".dump", "cp", "cp of another site"];

fn back_up(setup: &Setup, how: &str) -> PathBuf {
    let (live, backup) = (setup.path(FILE), setup.path("backup"));
    let mut conn = setup.open();
    match how {
        "VACUUM INTO" => conn.batch_execute(&format!("VACUUM INTO '{}'", backup.display())).expect("it can be copied"),
        ".backup" | ".dump" => {
            let script = "import sqlite3, sys\nlive, copy = (sqlite3.connect(path) for path in sys.argv[2:])\n\
                          live.backup(copy) if sys.argv[1] == '.backup' else copy.executescript('\\n'.join(live.iterdump()))\n";
            let done = Command::new("python3").args(["-c", script, how]).args([&live, &backup]).status();
            assert!(done.expect("python3 is there").success());
        }
        "cp" => {
            fs::copy(&live, &backup).expect("it can be copied");
        }
        _ => {
            let other = Setup::new(Engine::Sqlite);
            let poll = other.poll();
            let app = other.start();
            vote(&app, &poll, 3);
            fs::copy(app.stop().path(FILE), &backup).expect("it can be copied");
        }
    }
    backup
}

fn a_backup_beside_the_log_of_the_live_file_is_refused(setup: Setup) {
    let mut setup = setup;
    for how in BACKUPS {
        let poll = setup.poll();
        let app = setup.start();
        vote(&app, &poll, 5);
        let backup = back_up(&app, how);
        // What was voted until then is in the file, what comes is in the log.
        app.open().batch_execute("PRAGMA wal_checkpoint(TRUNCATE)").expect("nobody reads");
        vote(&app, &poll, 3);
        setup = app.kill();
        fs::rename(&backup, setup.path(FILE)).expect("it can be moved");
        expect_refusal(&setup, "-wal");
        // What it says to run.
        fs::rename(setup.path(&format!("{FILE}-wal")), setup.path("old")).expect("it can be moved");
        let app = setup.start();
        app.get("/readyz").expect(200);
        assert_eq!(integrity(&mut app.open()), "ok", "{how}");
        setup = app.stop();
        setup.run(&["recount"]).expect(0);
    }
}

fn integrity(conn: &mut Connection) -> String {
    #[derive(diesel::QueryableByName)]
    struct Row {
        #[diesel(sql_type = diesel::sql_types::Text)]
        integrity_check: String,
    }
    let row: Row = diesel::RunQueryDsl::get_result(diesel::sql_query("PRAGMA integrity_check"), conn).expect("a row");
    row.integrity_check
}

fn a_log_is_not_thrown_away_with_its_file_gone(setup: Setup) {
    let poll = setup.poll();
    let app = setup.start();
    vote(&app, &poll, 5);
    let setup = app.kill();
    let (path, aside) = (setup.path(FILE), setup.path("aside"));
    fs::rename(&path, &aside).expect("it can be moved");
    for empty in [false, true] {
        if empty {
            fs::write(&path, "").expect("it can be written");
        }
        let refused = setup.run(&["migrate"]);
        assert!(refused.code == Some(1) && refused.stderr.contains("-wal"), "{}{}", refused.stdout, refused.stderr);
    }
    fs::rename(&aside, &path).expect("it can be moved back");
    assert_eq!(setup.start().totals(&poll), [5, 0, 0]);
}

/// A transaction that was broken off half-way in the live file, which is as Django has it.
fn a_backup_beside_the_journal_of_the_live_file_is_refused(setup: Setup) {
    let poll = setup.poll();
    let (journal, kept, backup) = (setup.path(&format!("{FILE}-journal")), setup.path("kept"), setup.path("backup"));
    let mut conn = setup.open();
    conn.batch_execute("PRAGMA journal_mode = DELETE").expect("nobody else has it");
    fs::copy(setup.path(FILE), &backup).expect("it can be copied");
    for id in 0..3 {
        conn.batch_execute(&format!("UPDATE polls_choice SET choice_text = '{id}'")).expect("it can be written");
    }
    let filler = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000) \
                  INSERT INTO polls_question (question_text, pub_date) SELECT hex(randomblob(90)), '2026-01-01' FROM n";
    conn.batch_execute(filler).expect("rows can be written");
    conn.batch_execute("PRAGMA cache_size = 5; BEGIN; UPDATE polls_question SET question_text = hex(randomblob(90))")
        .expect("rows can be written");
    fs::copy(&journal, &kept).expect("the journal is there");
    let half = fs::read(setup.path(FILE)).expect("the file can be read");
    conn.batch_execute("ROLLBACK").expect("it can be undone");
    drop(conn);
    // Its own file takes it: SQLite undoes what was half done.
    fs::write(setup.path(FILE), half).expect("the file can be written");
    fs::copy(&kept, &journal).expect("it can be put there");
    setup.run(&["migrate"]).expect(0);
    assert_eq!(integrity(&mut setup.open()), "ok");
    assert!(!journal.exists());
    fs::rename(&backup, setup.path(FILE)).expect("it can be moved");
    fs::copy(&kept, &journal).expect("it can be put there");
    expect_refusal(&setup, "-journal");
    fs::remove_file(&journal).expect("it can be moved away");
    let app = setup.start();
    vote(&app, &poll, 1);
}

/// As after a crash of the machine, and on another one: both files were copied, owned anew, touched.
fn a_file_and_its_own_log_are_taken_wherever_they_are(setup: Setup) {
    let poll = setup.poll();
    let app = setup.start();
    vote(&app, &poll, 5);
    app.open().batch_execute("PRAGMA wal_checkpoint(TRUNCATE)").expect("nobody reads");
    vote(&app, &poll, 3);
    let mut setup = app.kill();
    for (moved, votes) in [("the log first", 8), ("the file first", 9), ("both linked", 10)] {
        let names = if moved == "the log first" { ["-wal", ""] } else { ["", "-wal"] };
        for name in names {
            let (path, aside) = (setup.path(&format!("{FILE}{name}")), setup.path("aside"));
            if moved == "both linked" {
                fs::rename(&path, setup.path(&format!("real{name}"))).expect("it can be moved");
            } else {
                fs::copy(&path, &aside).expect("it can be copied");
                fs::rename(&aside, &path).expect("it can be moved");
            }
        }
        if moved == "both linked" {
            std::os::unix::fs::symlink(setup.path("real"), setup.path(FILE)).expect("a link can be made");
        }
        let _ = fs::remove_file(setup.path(&format!("{FILE}-shm")));
        let app = setup.start();
        assert_eq!(app.totals(&poll), [votes, 0, 0], "{moved}");
        vote(&app, &poll, 1);
        setup = app.kill();
    }
}

/// Django's transactions have no stamp of ours, and may leave page 1 alone.
fn a_log_that_another_program_wrote_alone_is_taken(setup: Setup) {
    let poll = setup.poll();
    let app = setup.start();
    vote(&app, &poll, 2);
    let setup = app.stop();
    let script = "import os, sqlite3, sys\nconn = sqlite3.connect(sys.argv[1])\n\
                  conn.execute('UPDATE polls_choice SET choice_text = ? WHERE id = ?', ('changed', sys.argv[2]))\n\
                  conn.commit()\nos._exit(0)\n";
    let done = Command::new("python3").args(["-c", script]).arg(setup.path(FILE)).arg(poll.value(1)).status();
    assert!(done.expect("python3 is there").success());
    assert!(fs::metadata(setup.path(&format!("{FILE}-wal"))).expect("a log was left").len() > 0);
    let app = setup.start();
    app.get(&poll.detail()).expect(200).html();
    assert!(app.get(&poll.detail()).expect(200).text().contains("changed"));
    vote(&app, &poll, 1);
    assert_eq!(app.totals(&poll), [3, 0, 0]);
}

fn a_backup_that_is_moved_in_while_the_program_runs_is_not_spoilt(setup: Setup) {
    let poll = setup.poll();
    let app = setup.start();
    vote(&app, &poll, 5);
    let backup = back_up(&app, "VACUUM INTO");
    app.open().batch_execute("PRAGMA wal_checkpoint(TRUNCATE)").expect("nobody reads");
    vote(&app, &poll, 3);
    fs::rename(&backup, app.path(FILE)).expect("it can be moved");
    let mut counted = 5;
    for _ in 0..20 {
        let answer = app.post(&poll.vote()).form(&[("choice", &poll.value(0))]).send();
        counted += i32::from(answer.status == 303);
    }
    let setup = app.kill();
    if setup.run(&["recount"]).code != Some(0) {
        fs::rename(setup.path(&format!("{FILE}-wal")), setup.path("old")).expect("it can be moved");
    }
    assert_eq!(integrity(&mut setup.open()), "ok");
    assert_eq!(setup.totals(&poll), [counted, 0, 0]);
}
