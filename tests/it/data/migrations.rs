//! `polls migrate`, `polls migrate --check`, `polls showmigrations`.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Stdio;

use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![
        on_sqlite(the_three_sets_have_the_same_names),
        on_every_database(migrating_makes_the_tables_once),
        on_every_database(a_check_names_what_is_missing_and_changes_nothing),
        on_every_database(two_that_migrate_at_once_do_not_collide),
        on_every_database(tables_that_are_not_ours_are_refused_unchanged),
        on_every_database(half_of_an_app_is_refused_unchanged),
        on_sqlite(a_database_that_cannot_be_reached_is_named),
        on_sqlite(a_check_makes_no_file),
    ]
}

/// The names of one set, from its directories.
fn names(database: &str) -> BTreeSet<String> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(database);
    let entries = fs::read_dir(&directory).expect("the migrations").map(|entry| entry.expect("a migration").path());
    let with_both = entries.inspect(|path| {
        assert!(path.join("up.sql").is_file() && path.join("down.sql").is_file(), "{}", path.display());
    });
    with_both.map(|path| path.file_name().expect("a name").to_string_lossy().into_owned()).collect()
}

fn the_three_sets_have_the_same_names() {
    let sqlite = names("sqlite");
    assert!(!sqlite.is_empty());
    assert_eq!(names("postgres"), sqlite);
    assert_eq!(names("mysql"), sqlite);
}

fn migrating_makes_the_tables_once(setup: Setup) {
    let setup = setup.without_tables();
    let first = setup.run(&["migrate"]).expect(0).stdout;
    for name in names("sqlite") {
        assert!(first.contains(&format!("{name}: applied")), "{first}");
    }
    assert_eq!(setup.run(&["migrate"]).expect(0).stdout, "No migrations to apply.\n");
    let poll = setup.poll();
    let app = setup.start();
    app.get(&poll.detail()).expect(200);
}

/// What `showmigrations` prints where all have the same mark.
fn listed(mark: &str) -> String {
    names("sqlite").iter().fold(String::new(), |list, name| list + &format!("[{mark}] {name}\n"))
}

fn a_check_names_what_is_missing_and_changes_nothing(setup: Setup) {
    let setup = setup.without_tables();
    // On SQLite, an empty file in the place of none.
    drop(setup.open());
    for _ in 0..2 {
        let missing = setup.run(&["migrate", "--check"]).expect(1).stdout;
        assert!(names("sqlite").iter().all(|name| missing.contains(name)), "{missing}");
        assert_eq!(setup.run(&["showmigrations"]).expect(0).stdout, listed(" "));
    }
    setup.run(&["migrate"]).expect(0);
    assert_eq!(setup.run(&["migrate", "--check"]).expect(0).stdout, "");
    assert_eq!(setup.run(&["showmigrations"]).expect(0).stdout, listed("X"));
}

fn two_that_migrate_at_once_do_not_collide(setup: Setup) {
    let setup = setup.without_tables();
    let start = || setup.command(&["migrate"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("polls");
    let (one, two) = (start(), start());
    let outputs = [one, two].map(|child| child.wait_with_output().expect("it ends"));
    for output in &outputs {
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    let applied: usize =
        outputs.iter().map(|output| String::from_utf8_lossy(&output.stdout).matches(": applied").count()).sum();
    assert_eq!(applied, names("sqlite").len());
    setup.run(&["migrate", "--check"]).expect(0);
}

fn tables_that_are_not_ours_are_refused_unchanged(setup: Setup) {
    let setup = setup.without_tables();
    setup.execute(
        "CREATE TABLE polls_question (id integer PRIMARY KEY, question_text varchar(200), asked_by integer NOT NULL)",
    );
    setup.execute("CREATE TABLE polls_choice (id bigint PRIMARY KEY, choice_text varchar(200), votes varchar(9), question_id bigint)");
    let refusal = setup.run(&["migrate"]).expect(1).stderr;
    for fault in [
        "polls_question.pub_date is missing",
        "polls_question.asked_by",
        "polls_choice.votes is varchar",
        "nothing was changed",
    ] {
        let found = refusal.contains(fault) || refusal.contains(&fault.replace("varchar", "character varying"));
        assert!(found, "{fault}: {refusal}");
    }
    setup.execute("INSERT INTO polls_question (id, question_text, asked_by) VALUES (1, 'still mine', 7)");
    assert!(setup.run(&["showmigrations"]).expect(0).stdout.lines().all(|line| line.starts_with("[ ]")));
}

fn half_of_an_app_is_refused_unchanged(setup: Setup) {
    let setup = setup.without_tables();
    setup.execute(
        "CREATE TABLE bookmark_bookmark (id bigint PRIMARY KEY, title varchar(100), url varchar(200) NOT NULL)",
    );
    setup.execute("CREATE TABLE polls_choice (id bigint PRIMARY KEY, choice_text varchar(200), votes integer, question_id bigint)");
    let refusal = setup.run(&["migrate"]).expect(1).stderr;
    assert!(refusal.contains("polls_question is missing beside polls_choice"), "{refusal}");
    assert!(!refusal.contains("bookmark"), "{refusal}");
}

fn a_database_that_cannot_be_reached_is_named(setup: Setup) {
    let setup = setup.variable("POLLS_DATABASE_URL", "sqlite:no/such/directory/polls.sqlite3");
    let refusal = setup.run(&["migrate"]).expect(1).stderr;
    assert!(refusal.contains("cannot open sqlite:no/such/directory/polls.sqlite3"), "{refusal}");
}

fn a_check_makes_no_file(setup: Setup) {
    let setup = setup.without_tables();
    setup.run(&["migrate", "--check"]).expect(1);
    setup.run(&["showmigrations"]).expect(1);
    setup.run(&["recount"]).expect(1);
    assert!(!setup.path("polls.sqlite3").exists());
}
