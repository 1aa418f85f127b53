//! Production needs a key and names, and changes no database by itself.

use crate::support::content::finished;
use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![
        on_sqlite(a_key_and_names_are_needed_wherever_others_can_reach_us),
        on_every_database(with_migrations_missing_every_page_is_unavailable_until_they_are_there),
        on_sqlite(a_database_file_is_never_made),
        on_sqlite(a_migrated_database_stays_empty),
        on_sqlite(a_short_key_is_warned_of),
        on_sqlite(a_service_without_a_settings_file_is_no_development),
    ]
}

fn a_key_and_names_are_needed_wherever_others_can_reach_us(setup: Setup) {
    let setup = setup.development();
    let file = setup.path("debug.toml");
    std::fs::write(&file, "debug = false\n").expect("a file can be written");
    let socket = format!("unix:{}", setup.path("polls.sock").display());
    let in_production = |setup: &Setup, arguments: &[&str]| {
        let said = setup.run(arguments).expect(1).stderr;
        assert!(said.contains("secret_key") && said.contains("allowed_hosts"), "{arguments:?}: {said}");
        assert!(!setup.path("polls.sqlite3").exists());
    };
    in_production(&setup, &["serve", "--bind", "0.0.0.0:0"]);
    in_production(&setup, &["serve", "--bind", "127.0.0.1:0", "--bind", "0.0.0.0:0"]);
    in_production(&setup, &["serve", "--bind", &socket]);
    in_production(&setup, &["serve", "--bind", "127.0.0.1:0", "--config", "debug.toml"]);
    in_production(&setup, &["fastcgi", "--bind", "127.0.0.1:0"]);
    in_production(&setup.variable("POLLS_DEBUG", "false"), &["serve", "--bind", "127.0.0.1:0"]);
}

fn with_migrations_missing_every_page_is_unavailable_until_they_are_there(setup: Setup) {
    let setup = setup.without_tables();
    // On SQLite, an empty file in the place of none.
    drop(setup.open());
    let app = setup.start();
    for path in ["/", "/polls/", "/bookmark/", "/nothing/"] {
        let response = app.get(path).expect(503);
        assert!(response.header("retry-after").is_some());
        assert_eq!(response.html().count("h1"), 1);
    }
    app.post("/polls/1/vote/").form(&[("choice", "1")]).expect(503);
    assert_eq!(app.get("/").header("Accept", "application/json").expect(503).json()["status"], 503);
    app.log.wait_for("polls migrate");
    app.run(&["migrate"]).expect(0);
    app.get("/polls/").expect(200);
    app.get("/readyz").expect(200);
    assert_eq!(app.get("/polls/").expect(200).html().count("main li"), 0);
}

fn a_database_file_is_never_made(setup: Setup) {
    let app = setup.without_tables().start();
    app.get("/polls/").expect(503);
    assert!(!app.path("polls.sqlite3").exists());
    app.run(&["migrate"]).expect(0);
    app.get("/polls/").expect(200);
}

fn a_migrated_database_stays_empty(app: &TestApp) {
    assert_eq!(app.get("/polls/").expect(200).html().count("main li"), 0);
    assert_eq!(app.get("/bookmark/").expect(200).html().count("main li"), 0);
}

fn a_short_key_is_warned_of(setup: Setup) {
    let app = setup.settings("secret_key = \"hunter2\"").start();
    let warning = app.log.wait_for("secret_key has 7 characters");
    assert!(warning.contains("WARN") && !app.log.text().contains("hunter2"), "{warning}");
}

/// systemd tells the process that it starts its own id, and so does this shell.
fn a_service_without_a_settings_file_is_no_development(setup: Setup) {
    let setup = setup.development();
    let mut command = tied("sh");
    command.args(["-c", "SYSTEMD_EXEC_PID=$$ exec \"$0\" \"$@\"", env!("CARGO_BIN_EXE_polls")]);
    let said = finished(command.args(["serve", "--bind", "127.0.0.1:0"]).current_dir(setup.path("."))).expect(1).stderr;
    for word in ["secret_key", "allowed_hosts", "no settings file", "systemd has started it"] {
        assert!(said.contains(word), "{word}: {said}");
    }
    assert!(!setup.path("polls.sqlite3").exists());
}
