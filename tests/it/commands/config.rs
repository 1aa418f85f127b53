//! `polls config show`: every setting with where it came from.

use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![
        on_sqlite(every_setting_is_shown_with_its_source),
        on_sqlite(the_changed_settings_are_shown_alone),
        on_sqlite(the_later_source_wins),
        on_sqlite(secrets_are_never_shown),
        on_sqlite(a_variable_gives_a_list_with_commas),
        on_sqlite(the_commented_example_has_no_mistake),
    ]
}

/// Value and source of a setting; a value may be empty.
#[track_caller]
fn shown(output: &str, key: &str) -> (String, String) {
    let line = output.lines().find(|line| line.split_whitespace().next() == Some(key));
    let line = line.unwrap_or_else(|| panic!("{key} is not shown:\n{output}"));
    let (value, source) = line[key.len()..].rsplit_once("  ").expect("a value and its source");
    (value.trim().to_owned(), source.to_owned())
}

fn every_setting_is_shown_with_its_source(setup: Setup) {
    let setup = setup.settings("[server]\nworkers = 3").variable("POLLS_TIME_ZONE", "Asia/Seoul");
    let output = setup.run(&["config", "show"]).expect(0).stdout;
    assert_eq!(shown(&output, "server.workers"), ("3".into(), "polls.toml".into()));
    assert_eq!(shown(&output, "time_zone"), ("Asia/Seoul".into(), "POLLS_TIME_ZONE".into()));
    assert_eq!(shown(&output, "language_code"), ("en".into(), "default".into()));
    for key in [
        "debug",
        "secret_key",
        "secret_key_file",
        "secret_key_fallbacks",
        "allowed_hosts",
        "database_url",
        "static_root",
        "static_url",
        "script_name",
    ] {
        shown(&output, key);
    }
    for key in
        ["trusted_proxies", "csrf_trusted_origins", "secure_ssl_redirect", "server.bind", "log.level", "log.format"]
    {
        shown(&output, key);
    }
}

fn the_changed_settings_are_shown_alone(setup: Setup) {
    let setup = setup.settings("[server]\nworkers = 3");
    let output = setup.run(&["config", "show", "--changed"]).expect(0).stdout;
    assert_eq!(shown(&output, "server.workers").0, "3");
    assert!(!output.contains("default") && !output.contains("server.keep_alive"), "{output}");
}

fn the_later_source_wins(setup: Setup) {
    let setup = setup.settings("[server]\nworkers = 3\nkeep_alive = 9").variable("POLLS_SERVER__WORKERS", "4");
    std::fs::write(setup.path("other.toml"), "debug = false\n[server]\nworkers = 5\n").expect("a file can be written");
    let output = setup.run(&["config", "show"]).expect(0).stdout;
    assert_eq!(shown(&output, "server.workers"), ("4".into(), "POLLS_SERVER__WORKERS".into()));
    assert_eq!(shown(&output, "server.keep_alive"), ("9".into(), "polls.toml".into()));
    let output = setup.run(&["--config", "other.toml", "config", "show"]).expect(0).stdout;
    assert_eq!(shown(&output, "server.keep_alive").1, "default");
    let output = setup.variable("POLLS_CONFIG", "other.toml").run(&["config", "show"]).expect(0).stdout;
    assert_eq!(shown(&output, "debug"), ("false".into(), "other.toml".into()));
}

fn secrets_are_never_shown(setup: Setup) {
    let setup = setup.settings("secret_key = \"hunter2\"").variable("POLLS_DATABASE_URL", "sqlite:hunter3");
    let output = setup.run(&["config", "show"]).expect(0).stdout;
    assert_eq!(shown(&output, "secret_key").0, "********");
    assert!(!output.contains("hunter2"), "{output}");
    if cfg!(feature = "postgres") {
        let setup =
            setup.variable("POLLS_DATABASE_URL", "postgres://polls:hunter3@db.example.org/polls?sslmode=require");
        let output = setup.run(&["config", "show"]).expect(0).stdout;
        assert_eq!(shown(&output, "database_url").0, "postgres://polls:********@db.example.org/polls?sslmode=require");
    }
}

fn a_variable_gives_a_list_with_commas(setup: Setup) {
    let setup =
        setup.variable("POLLS_ALLOWED_HOSTS", "a.example, .b.example").variable("POLLS_SECURE_SSL_REDIRECT", "true");
    let output = setup.run(&["config", "show"]).expect(0).stdout;
    assert_eq!(shown(&output, "allowed_hosts").0, "[a.example, .b.example]");
    assert_eq!(shown(&output, "secure_ssl_redirect").0, "true");
}

fn the_commented_example_has_no_mistake(setup: Setup) {
    let example = concat!(env!("CARGO_MANIFEST_DIR"), "/deploy/polls.toml");
    std::fs::write(setup.path("secret"), "correct horse battery staple correct horse battery staple").expect("a file");
    let setup = setup.variable("POLLS_SECRET_KEY_FILE", "secret");
    setup.run(&["--config", example, "config", "show"]).expect(0);
}
