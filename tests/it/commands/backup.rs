//! `polls backup` and `polls restore`: everything, from every database into every other, or nothing.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Read as _, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;

use crate::support::database::Database;
use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![
        on_sqlite(every_database_is_restored_from_every_other).needing(Need::Postgres).needing(Need::Mariadb),
        on_every_database(a_backup_under_votes_has_every_vote_or_none_of_it),
        on_every_database(a_database_with_something_in_it_is_left_alone),
        on_sqlite(a_file_that_has_changed_is_refused),
        on_sqlite(a_file_is_for_nobody_else_and_there_when_it_is_whole),
        on_sqlite(sessions_are_in_it_when_asked_for),
        on_sqlite(totals_that_do_not_fit_are_told),
        on_sqlite(a_database_that_django_made_is_backed_up_before_it_is_adopted),
        on_sqlite(many_ballots_need_no_more_memory),
        on_every_database(an_odd_text_comes_back_as_it_was),
    ]
}

/// Polls that were voted on, people with passwords and rights, bookmarks, a log with something that was deleted.
fn filled(setup: Setup) -> Setup {
    let app = setup.start();
    let poll = app
        .question("어느 것? 🗳 \"quoted\" \\ 'single'")
        .choice_with_votes("Yes\ttab", 5)
        .choices(["No", "<b>"])
        .create();
    let gone = app.poll();
    for turn in 0..6 {
        app.post(&poll.vote()).form(&[("choice", &poll.value(turn % 2))]).expect(303);
        app.post(&gone.vote()).form(&[("choice", &gone.value(1))]).expect(303);
    }
    let person = app.administrator("ada");
    app.user("관리자").staff().may("polls.view_question").create();
    app.bookmark(None, "https://example.org/?a=1&b='2'");
    let fields = [("title", "한글 제목"), ("url", "https://example.org/added/")];
    person.submit("/admin/bookmark/bookmark/add/", &fields).expect(303);
    person.submit("/admin/auth/group/add/", &[("name", "Editors")]).expect(303);
    person.post(&format!("/admin/polls/question/{}/delete/", gone.id), &[("post", "yes")]).expect(303);
    let secret = app.poll();
    app.execute(&format!("UPDATE polls_question SET voters = 'browser', is_secret = (1 = 1) WHERE id = {}", secret.id));
    let style = app.get(&format!("/polls/browser/{}/view.css", secret.id)).expect(200);
    let cookie = style.headers("set-cookie")[1].split(';').next().unwrap_or_default().to_owned();
    app.post(&secret.vote()).header("Cookie", &cookie).form(&[("choice", &secret.value(0))]).expect(303);
    assert_eq!(app.totals(&poll), [8, 3, 0]);
    assert!(app.count("polls_deleted_ballot") == 6 && app.count("admin_change") >= 3);
    app.stop()
}

fn empty(engine: Engine) -> Setup {
    let setup = Setup::new(engine);
    let database = Database::empty(engine, &setup.path("."));
    setup.with_database(database)
}

/// The lines of a backup.
fn lines(file: &Path) -> Vec<String> {
    let mut text = String::new();
    GzDecoder::new(fs::File::open(file).expect("a backup")).read_to_string(&mut text).expect("it can be read");
    text.lines().map(str::to_owned).collect()
}

/// What its manifest says of the tables.
fn tables(file: &Path) -> BTreeMap<String, serde_json::Value> {
    let manifest: serde_json::Value = serde_json::from_str(lines(file).last().expect("a line")).expect("JSON");
    serde_json::from_value(manifest["manifest"]["tables"].clone()).expect("tables")
}

#[track_caller]
fn back_up(setup: &Setup, name: &str) -> std::path::PathBuf {
    let said = setup.run(&["backup", name]).expect(0).stdout;
    assert!(said.ends_with("every total fits.\n"), "{said}");
    setup.path(name)
}

fn every_database_is_restored_from_every_other(_: Setup) {
    for from in Engine::ALL {
        let source = filled(Setup::new(from));
        let file = back_up(&source, "backup.gz");
        let wanted = tables(&file);
        assert!(wanted["polls_ballot"]["rows"] == 7 && wanted["polls_deleted_ballot"]["rows"] == 6, "{wanted:?}");
        for to in Engine::ALL {
            let target = empty(to);
            let path = file.display().to_string();
            let said = target.run(&["restore", &path]).expect(0).stdout;
            assert!(said.contains("was read back"), "{said}");
            // And back: the same rows, and numbers that are given from there on.
            assert_eq!(tables(&back_up(&target, "again.gz")), wanted, "from {from} to {to}");
            target.run(&["recount"]).expect(0);
            target.run(&["migrate", "--check"]).expect(0);
            let app = target.start();
            let ada = app.person();
            assert!(ada.log_in("ada", PASSWORD).status == 303 && ada.is_logged_in(), "from {from} to {to}");
            let editor = app.logged_in("관리자");
            editor.get("/admin/polls/question/").expect(200);
            assert_eq!(editor.get("/admin/auth/user/").status, 403);
            let poll = app.question("New?").choices(["Yes"]).create();
            app.post(&poll.vote()).form(&[("choice", &poll.value(0))]).expect(303);
            assert_eq!(app.count(&format!("polls_question WHERE id = {}", poll.id)), 1);
            // 2 was the number of the poll that is gone; it is not given again.
            assert_eq!(poll.id, 4, "from {from} to {to}");
            assert_eq!(app.count("polls_participation"), 1);
            app.run(&["recount"]).expect(0);
        }
    }
}

fn a_backup_under_votes_has_every_vote_or_none_of_it(setup: Setup) {
    let engine = setup.engine();
    let app = setup.start();
    let poll = app.question("Well?").choice_with_votes("Yes", 5).choices(["No"]).create();
    let (over, acknowledged) = (AtomicBool::new(false), AtomicI64::new(0));
    std::thread::scope(|scope| {
        for person in 0..4 {
            let (app, poll, over, acknowledged) = (&app, &poll, &over, &acknowledged);
            scope.spawn(move || {
                while !over.load(Ordering::Relaxed) {
                    app.post(&poll.vote()).form(&[("choice", &poll.value(person % 2))]).expect(303);
                    acknowledged.fetch_add(1, Ordering::SeqCst);
                }
            });
        }
        for round in 0..4 {
            let before = acknowledged.load(Ordering::SeqCst);
            eventually("people vote", || (acknowledged.load(Ordering::SeqCst) > before + 20).then_some(()));
            let least = acknowledged.load(Ordering::SeqCst);
            let file = back_up(&app, &format!("{round}.gz"));
            let most = acknowledged.load(Ordering::SeqCst) + 4;
            let ballots = tables(&file)["polls_ballot"]["rows"].as_i64().expect("a number");
            assert!((least..=most).contains(&ballots), "{least} <= {ballots} <= {most}");
        }
        over.store(true, Ordering::Relaxed);
    });
    let target = empty(engine);
    target.run(&["restore", &app.path("3.gz").display().to_string()]).expect(0);
    target.run(&["recount"]).expect(0);
}

fn a_database_with_something_in_it_is_left_alone(setup: Setup) {
    let engine = setup.engine();
    let source = filled(setup);
    let file = back_up(&source, "backup.gz").display().to_string();
    let said = source.run(&["restore", &file]).expect(1).stderr;
    assert!(said.contains("not empty") && said.contains("rows in polls_question"), "{said}");
    let target = empty(engine);
    target.run(&["migrate"]).expect(0);
    target.bookmark(None, "https://example.org/");
    let said = target.run(&["restore", &file]).expect(1).stderr;
    assert!(said.contains("1 rows in bookmark_bookmark"), "{said}");
    assert_eq!((target.count("bookmark_bookmark"), target.count("polls_question")), (1, 0));
    // What `migrate` has made is no content.
    target.execute("DELETE FROM bookmark_bookmark");
    target.run(&["restore", &file]).expect(0);
    assert_eq!(target.count("bookmark_bookmark"), 2);
}

fn a_file_that_has_changed_is_refused(setup: Setup) {
    let source = filled(setup);
    let file = back_up(&source, "backup.gz");
    let whole = fs::read(&file).expect("a backup");
    let refused = |bytes: &[u8], what: &str| {
        fs::write(source.path("broken.gz"), bytes).expect("a file can be written");
        let said = source.run(&["backup", "--check", "broken.gz"]);
        assert_eq!(said.code, Some(1), "{what}: {said:?}");
        assert!(said.stderr.starts_with("polls: broken.gz: ") && said.stdout.is_empty(), "{what}: {said:?}");
    };
    // Past the head of gzip, in which there is a date that nobody needs.
    for at in (10..whole.len()).step_by(whole.len() / 40) {
        let mut bytes = whole.clone();
        bytes[at] ^= 1 << (at % 8);
        refused(&bytes, &format!("byte {at}"));
    }
    for length in [0, 1, 20, whole.len() / 2, whole.len() - 9, whole.len() - 1] {
        refused(&whole[..length], &format!("{length} bytes"));
    }
    refused(&[&whole[..], b"more"].concat(), "more behind it");
    // By somebody who knows gzip.
    let packed = |lines: &[String]| {
        let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
        for line in lines {
            writeln!(packed, "{line}").expect("memory");
        }
        packed.finish().expect("memory")
    };
    let lines = lines(&file);
    refused(&packed(&lines[..lines.len() - 1]), "no manifest");
    refused(&packed(&[&lines[..], &lines[..1]].concat()), "a line behind the manifest");
    for (index, line) in lines.iter().enumerate() {
        let without: Vec<_> =
            lines.iter().enumerate().filter(|(at, _)| *at != index).map(|(_, line)| line.clone()).collect();
        refused(&packed(&without), line);
    }
    let more: Vec<_> = lines.iter().map(|line| line.replacen(",8,", ",9,", 1)).collect();
    assert_ne!(more, lines);
    refused(&packed(&more), "another total");
    let newer: Vec<_> = lines.iter().map(|line| line.replacen("\"format\":1", "\"format\":2", 1)).collect();
    refused(&packed(&newer), "another form");
    // Such a file is not even begun with.
    fs::write(source.path("broken.gz"), packed(&more)).expect("a file can be written");
    let target = empty(Engine::Sqlite);
    target.run(&["restore", &source.path("broken.gz").display().to_string()]).expect(1);
    assert!(!target.path("polls.sqlite3").exists() || target.run(&["showmigrations"]).stdout.contains("[ ]"));
}

fn a_file_is_for_nobody_else_and_there_when_it_is_whole(setup: Setup) {
    let setup = filled(setup);
    let file = back_up(&setup, "backup.gz");
    let mode = fs::metadata(&file).expect("a file").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let text = lines(&file).join("\n");
    assert!(text.contains("\"sqlite:") && !text.contains("correct horse battery staple"), "{text}");
    // The one that was there stays until there is another, and nothing is left of what came to nothing.
    fs::write(setup.path("old.gz"), "old").expect("a file");
    setup.execute("ALTER TABLE polls_question RENAME TO elsewhere");
    let said = setup.run(&["backup", "old.gz"]).expect(1).stderr;
    assert!(said.contains("polls migrate"), "{said}");
    assert_eq!(fs::read_to_string(setup.path("old.gz")).expect("it is there"), "old");
    let said = setup.run(&["backup", "none/backup.gz"]).expect(1).stderr;
    assert!(said.contains("none/") || said.contains("polls migrate"), "{said}");
    let left = fs::read_dir(setup.path(".")).expect("a directory").flatten();
    let left: Vec<_> = left.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    assert!(!left.iter().any(|name| name.contains(".part")), "{left:?}");
    let said = setup.run(&["backup", "--check", "none.gz"]).expect(1).stderr;
    assert!(said.contains("none.gz: No such file"), "{said}");
}

fn sessions_are_in_it_when_asked_for(setup: Setup) {
    let app = setup.start();
    let person = app.administrator("ada");
    assert!(person.is_logged_in());
    assert!(!tables(&back_up(&app, "without.gz")).contains_key("django_session"));
    app.run(&["backup", "--with-sessions", "with.gz"]).expect(0);
    assert_eq!(tables(&app.path("with.gz"))["django_session"]["rows"], 1);
    let target = empty(Engine::Sqlite);
    target.run(&["restore", &app.path("with.gz").display().to_string()]).expect(0);
    assert_eq!(target.count("django_session"), 1);
}

fn totals_that_do_not_fit_are_told(setup: Setup) {
    let setup = filled(setup);
    setup.execute("UPDATE polls_choice SET votes = 100 WHERE id = 1");
    let said = setup.run(&["backup", "backup.gz"]).expect(3).stdout;
    assert!(said.contains("has the total 100, expected 8") && said.contains("1 of 6 totals do not fit"), "{said}");
    setup.run(&["backup", "--check", "backup.gz"]).expect(3);
    let target = empty(Engine::Sqlite);
    target.run(&["restore", &setup.path("backup.gz").display().to_string()]).expect(3);
    target.run(&["recount"]).expect(1);
}

fn a_database_that_django_made_is_backed_up_before_it_is_adopted(setup: Setup) {
    let setup = filled(setup);
    // As Django leaves it: without our columns, our tables, and what we write down.
    for statement in [
        "DELETE FROM polls_ballot",
        "DROP TABLE polls_deleted_ballot",
        "DROP TABLE polls_deleted_choice",
        "DROP TABLE __diesel_schema_migrations",
        "ALTER TABLE polls_choice DROP COLUMN opening_votes",
        "CREATE TABLE other_app (id integer PRIMARY KEY)",
    ] {
        setup.execute(statement);
    }
    let file = back_up(&setup, "backup.gz");
    assert!(!tables(&file).contains_key("polls_deleted_ballot") && !tables(&file).contains_key("other_app"));
    let target = empty(Engine::Sqlite);
    target.run(&["restore", &file.display().to_string()]).expect(0);
    target.run(&["recount"]).expect(0);
}

fn many_ballots_need_no_more_memory(setup: Setup) {
    let poll = setup.question("Many?").choices(["Yes"]).create();
    let many = 150_000;
    setup.execute(&format!(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {many}) \
         INSERT INTO polls_ballot (question_id, choice_id, voter, cast_at) \
         SELECT {}, {}, printf('%032x', i), '2026-11-30 12:00:00' FROM n",
        poll.id, poll.choices[0]
    ));
    setup.execute(&format!("UPDATE polls_choice SET votes = {many}, opening_votes = 0"));
    let within = |setup: &Setup, arguments: &[&str]| {
        let polls = setup.command(arguments);
        let mut command = Command::new("prlimit");
        command.args(["--data=50331648", "--"]).arg(polls.get_program()).args(polls.get_args());
        command.current_dir(setup.path("."));
        command.env_clear().envs(polls.get_envs().filter_map(|(name, value)| Some((name, value?))));
        let output = command.output().expect("it can be started");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{arguments:?}: {} {said}", output.status);
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    let said = within(&setup, &["backup", "backup.gz"]);
    assert!(said.contains("1 choices, 150000 ballots: every total fits."), "{said}");
    let target = empty(Engine::Sqlite);
    within(&target, &["restore", &setup.path("backup.gz").display().to_string()]);
    assert_eq!(target.all_ballots(), many);
}

fn an_odd_text_comes_back_as_it_was(setup: Setup) {
    let engine = setup.engine();
    let odd = [
        "",
        " ",
        "null",
        "[1]",
        "{\"a\":1}",
        "a\\nb\\\\",
        "line\r\nline\u{2028}",
        "\u{1}\u{7f}\u{feff}",
        "e\u{301} é 👩‍👩‍👧",
    ];
    // With Django's permissions, which a restore writes where they are missing.
    setup.run(&["migrate"]).expect(0);
    for text in odd {
        setup.question(text).choices([text]).create();
    }
    let file = back_up(&setup, "backup.gz");
    let target = empty(engine);
    target.run(&["restore", &file.display().to_string()]).expect(0);
    assert_eq!(tables(&back_up(&target, "again.gz")), tables(&file));
    assert_eq!(target.count("polls_question"), i64::try_from(odd.len()).expect("a small number"));
}
