//! `polls check`: each check finds what it is for, in an installation that is broken on purpose, and nothing in one that
//! is not.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;

use diesel::connection::SimpleConnection as _;

use crate::support::database::Database;
use crate::support::servers::{self, mariadb, postgres};
use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![
        on_every_database(nothing_is_found_where_nothing_is_wrong),
        on_sqlite(what_is_set_unwisely_is_found),
        on_sqlite(a_password_of_mail_that_goes_in_clear_is_found),
        on_sqlite(a_mistake_in_the_settings_is_found_with_the_others),
        on_every_database(a_database_that_is_not_there_is_found),
        on_every_database(a_database_that_lacks_migrations_is_found),
        on_sqlite(a_database_that_takes_no_writes_is_found),
        on_postgres(a_server_that_takes_no_writes_is_found),
        on_servers(a_server_that_loses_votes_is_found),
        on_sqlite(a_file_without_a_log_is_found),
        on_every_database(a_backup_that_is_overdue_is_found),
        on_sqlite(files_that_everybody_may_read_are_found),
        on_sqlite(static_files_that_are_not_those_of_the_program_are_found),
        on_sqlite(what_apache_says_otherwise_is_found),
        on_sqlite(what_is_silenced_is_only_counted),
        on_sqlite(the_report_is_djangos),
        on_sqlite(a_developers_own_machine_is_not_held_to_production),
    ]
}

/// A site with nothing wrong.
fn sound(setup: Setup) -> Setup {
    let setup = setup.settings("static_root = \"static\"\nsecure_ssl_redirect = true");
    setup.run(&["migrate"]).expect(0);
    setup.run(&["collectstatic"]).expect(0);
    fs::set_permissions(setup.path("polls.toml"), Permissions::from_mode(0o640)).expect("its mode can be set");
    for name in ["", "-wal", "-shm"] {
        if let Some(path) = setup.database().url.strip_prefix("sqlite://") {
            let _ = fs::set_permissions(format!("{path}{name}"), Permissions::from_mode(0o640));
        }
    }
    setup
}

/// The ids that are found with their levels, and the exit code.
#[track_caller]
fn found(setup: &Setup, arguments: &[&str]) -> (Vec<String>, i32) {
    let all =
        [&["check", "--format", "json", "--fail-level", "WARNING", "--site-file", "apache.conf"], arguments].concat();
    let finished = setup.run(&all);
    let report: serde_json::Value =
        serde_json::from_str(&finished.stdout).unwrap_or_else(|error| panic!("{error}: {finished:?}"));
    let findings = report["findings"].as_array().expect("a list");
    let text = |finding: &serde_json::Value, key: &str| finding[key].as_str().expect("a text").to_owned();
    for finding in findings {
        assert!(!text(finding, "message").is_empty() && !text(finding, "hint").is_empty(), "{finding}");
    }
    let ids = findings.iter().map(|finding| format!("{} {}", text(finding, "id"), text(finding, "level")));
    (ids.collect(), finished.code.expect("it ended by itself"))
}

/// What is found where a server of the tests, which is set to lose votes, is not counted.
#[track_caller]
fn found_besides(setup: &Setup, arguments: &[&str]) -> Vec<String> {
    let (mut ids, _) = found(setup, arguments);
    ids.retain(|id| id != "polls.W007 WARNING" || !setup.database().is_shared());
    ids
}

fn nothing_is_found_where_nothing_is_wrong(setup: Setup) {
    let setup = sound(setup);
    assert_eq!(found_besides(&setup, &["--deploy"]), [""; 0]);
    if !setup.database().is_shared() {
        assert_eq!(found(&setup, &["--deploy"]).1, 0);
    }
    setup.run(&["check"]).expect(0);
}

fn what_is_set_unwisely_is_found(setup: Setup) {
    let setup = sound(setup);
    let broken = [
        ("POLLS_SECURE_HSTS_SECONDS", "0", "security.W004"),
        ("POLLS_SECURE_SSL_REDIRECT", "false", "security.W008"),
        ("POLLS_SECRET_KEY", "short", "security.W009"),
        ("POLLS_SECRET_KEY", "abababababababababababababababababababababababababababababab", "security.W009"),
        ("POLLS_SECRET_KEY_FALLBACKS", "former", "security.W025"),
        ("POLLS_SECRET_KEY", "django-insecure-b1k2j3n4m5x6c7v8b9n0m1q2w3e4r5t6y7u8i9o0p1", "security.W009"),
        ("POLLS_DEBUG", "true", "security.W018"),
        ("POLLS_ALLOWED_HOSTS", "*", "polls.W001"),
        ("POLLS_TRUSTED_PROXIES", "0.0.0.0/0", "polls.W002"),
        ("POLLS_TRUSTED_PROXIES", "127.0.0.1,::/0", "polls.W002"),
        ("POLLS_SERVER__BIND", "127.0.0.1:8000", "polls.W003"),
        ("POLLS_LOG__LEVEL", "off", "polls.W005"),
        ("POLLS_LOG__LEVEL", "info,polls.security=error", "polls.W005"),
    ];
    for (name, value, id) in broken {
        let mut command = setup.command(&["check", "--deploy", "--format", "json", "--fail-level", "WARNING"]);
        let output = command.env(name, value).output().expect("it can be started");
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(said.contains(&format!("\"id\": \"{id}\"")), "{name}={value}: {said}");
        assert_eq!(said.matches("\"id\"").count() - said.matches("\"why\"").count(), 1, "{name}={value}: {said}");
        assert_eq!(output.status.code(), Some(3), "{name}={value}: {said}");
    }
    let setup = setup.variable("POLLS_SERVER__BIND", "0.0.0.0:8000").variable("POLLS_TRUSTED_PROXIES", "192.0.2.1");
    assert_eq!(found(&setup, &["--deploy"]), (vec!["polls.W004 WARNING".to_owned()], 3));
    // None of it is wrong on a developer's own machine.
    assert_eq!(found(&setup, &[]).1, 0);
}

fn a_password_of_mail_that_goes_in_clear_is_found(setup: Setup) {
    let setup = sound(setup).settings(
        "[mail]\nbackend = \"smtp\"\nhost = \"mail.example.org\"\nfrom = \"polls@example.org\"\n\
         site_url = \"https://polls.example.org\"\nusername = \"polls\"\npassword_file = \"mail_password\"",
    );
    let file = setup.path("mail_password");
    std::fs::write(&file, "hunter2").expect("a file");
    let mode =
        |mode| std::fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(mode)).expect("a mode");
    mode(0o640);
    assert_eq!(found(&setup, &["--deploy"]), (Vec::new(), 0));
    mode(0o644);
    assert_eq!(found(&setup, &["--deploy"]).0, ["polls.W008 WARNING"]);
    mode(0o640);
    let setup = setup.variable("POLLS_MAIL__TLS", "none");
    assert_eq!(found(&setup, &["--deploy"]), (vec!["polls.W012 WARNING".to_owned()], 3));
    // Within the machine nobody listens.
    let setup = setup.variable("POLLS_MAIL__HOST", "127.0.0.1");
    assert_eq!(found(&setup, &["--deploy"]), (Vec::new(), 0));
}

fn a_mistake_in_the_settings_is_found_with_the_others(setup: Setup) {
    let setup = sound(setup).settings("alowed_hosts = []");
    let (ids, code) = found(&setup, &["--deploy"]);
    assert_eq!((ids, code), (vec!["polls.E001 ERROR".to_owned()], 4));
    // What a server needs, and a command does not.
    let setup = Setup::new(Engine::Sqlite).settings("secret_key = \"\"\nallowed_hosts = []");
    let (ids, code) = found(&setup, &["--deploy"]);
    assert_eq!(ids.iter().filter(|id| *id == "polls.E001 ERROR").count(), 2, "{ids:?}");
    assert!(ids.contains(&"security.W020 WARNING".to_owned()) && code == 4, "{ids:?}");
}

fn a_database_that_is_not_there_is_found(setup: Setup) {
    let setup = sound(setup);
    let url = match setup.engine() {
        Engine::Sqlite => "sqlite:none/polls.sqlite3",
        Engine::Postgres => "postgres://nobody:secret@127.0.0.1:1/none",
        Engine::Mariadb => "mysql://nobody:secret@127.0.0.1:1/none",
    };
    let setup = setup.variable("POLLS_DATABASE_URL", url);
    assert_eq!(found(&setup, &["--deploy"]), (vec!["polls.E002 CRITICAL".to_owned()], 5));
    let said = setup.run(&["check"]).expect(5);
    assert!(!format!("{said:?}").contains("secret"), "{said:?}");
}

fn a_database_that_lacks_migrations_is_found(setup: Setup) {
    let setup = sound(setup);
    setup.execute(
        "DELETE FROM __diesel_schema_migrations WHERE version = (SELECT MAX(version) FROM __diesel_schema_migrations)",
    );
    assert_eq!(found_besides(&setup, &[]), ["polls.E003 ERROR"]);
    setup.run(&["check"]).expect(4);
}

fn a_database_that_takes_no_writes_is_found(setup: Setup) {
    let setup = sound(setup);
    // Root may write what nobody may; a trigger holds for everybody.
    setup.execute(
        "CREATE TRIGGER full BEFORE INSERT ON __diesel_schema_migrations BEGIN SELECT RAISE(ABORT, 'disk is full'); END",
    );
    assert_eq!(found(&setup, &[]), (vec!["polls.E004 CRITICAL".to_owned()], 5));
}

fn a_server_that_takes_no_writes_is_found(setup: Setup) {
    let setup = sound(setup);
    let name = setup.database().url.rsplit('/').next().expect("a name").split('?').next().expect("a name").to_owned();
    let mut conn = servers::administrator(&setup.database().url);
    conn.batch_execute(&format!("ALTER DATABASE \"{name}\" SET default_transaction_read_only = on"))
        .expect("it is ours");
    assert_eq!(found_besides(&setup, &[]), ["polls.E004 CRITICAL"]);
}

fn a_server_that_loses_votes_is_found(setup: Setup) {
    let server = match setup.engine() {
        Engine::Mariadb => mariadb::durable_with("check", &["--innodb-flush-log-at-trx-commit=2"]),
        _ => postgres::durable_with("check", &["full_page_writes=off"]),
    };
    let engine = setup.engine();
    let setup = sound(setup.with_database(Database::at(engine, server.url().to_owned())));
    assert_eq!(found(&setup, &[]), (vec!["polls.E005 ERROR".to_owned()], 4));
    let setup = setup.settings("database_may_lose_votes = true");
    assert_eq!(found(&setup, &[]).0, ["polls.W007 WARNING"]);
}

fn a_backup_that_is_overdue_is_found(setup: Setup) {
    let setup = sound(setup);
    let age = |table: &str, column: &str| {
        let sql = format!("UPDATE {table} SET {column} = '2025-01-02 03:04:05'");
        setup.open().batch_execute(&sql).expect("it can be changed");
    };
    age("__diesel_schema_migrations", "run_on");
    assert_eq!(found_besides(&setup, &["--deploy"]), ["polls.W013 WARNING"]);
    assert_eq!(found_besides(&setup, &[]), [""; 0]);
    setup.run(&["backup", "backup.gz"]).expect(0);
    assert_eq!(found_besides(&setup, &["--deploy"]), [""; 0]);
    age("ops_last_done", "done_at");
    assert_eq!(found_besides(&setup, &["--deploy"]), ["polls.W013 WARNING"]);
}

fn a_file_without_a_log_is_found(setup: Setup) {
    let setup = sound(setup);
    setup.open().batch_execute("PRAGMA journal_mode = DELETE").expect("nobody else uses it");
    assert_eq!(found(&setup, &[]), (vec!["polls.W006 WARNING".to_owned()], 3));
    setup.run(&["check"]).expect(0);
}

fn files_that_everybody_may_read_are_found(setup: Setup) {
    let setup = sound(setup).settings("secret_key = \"\"\nsecret_key_file = \"key\"");
    let files = ["polls.toml", "key"].map(|name| setup.path(name));
    fs::write(&files[1], "correct horse battery staple correct horse battery staple").expect("a file");
    let database = setup.database().url.strip_prefix("sqlite://").expect("a path").to_owned();
    // Written once, so that it is not written anew below.
    setup.run(&["check"]);
    for path in [&files[0], &files[1], &database.into()] {
        fs::set_permissions(&files[0], Permissions::from_mode(0o640)).expect("its mode can be set");
        fs::set_permissions(&files[1], Permissions::from_mode(0o640)).expect("its mode can be set");
        fs::set_permissions(path, Permissions::from_mode(0o644)).expect("its mode can be set");
        let said = setup.run(&["check"]).expect(0).stdout;
        assert!(said.contains("(polls.W008)") && said.contains("mode 0644"), "{}: {said}", path.display());
        let name = path.file_name().expect("a name").to_string_lossy();
        assert!(said.contains(&format!("{name} is open to everybody")), "{said}");
        assert_eq!(said.matches("polls.W008").count(), 1, "{said}");
        fs::set_permissions(path, Permissions::from_mode(0o640)).expect("its mode can be set");
    }
}

fn static_files_that_are_not_those_of_the_program_are_found(setup: Setup) {
    let setup = sound(setup);
    let root = setup.path("static");
    let style = fs::read_dir(root.join("css")).expect("styles").flatten().map(|entry| entry.path());
    let style = style.into_iter().find(|path| path.extension().is_some_and(|end| end == "css")).expect("a style");
    let text = fs::read(&style).expect("a style");
    fs::write(&style, "old").expect("it can be written");
    assert_eq!(found(&setup, &["--deploy"]).0, ["polls.W010 WARNING"]);
    fs::remove_file(&style).expect("it is there");
    assert_eq!(found(&setup, &[]).0, ["polls.W010 WARNING"]);
    fs::write(&style, text).expect("it can be written");
    assert_eq!(found(&setup, &[]).1, 0);
    fs::write(root.join("errors/404.html"), "<h1>old</h1>").expect("it can be written");
    assert_eq!(found(&setup, &[]).0, ["polls.W010 WARNING"]);
    fs::remove_dir_all(&root).expect("it is there");
    assert_eq!(found(&setup, &[]).0, ["polls.W010 WARNING"]);
    let setup = setup.variable("POLLS_STATIC_ROOT", "");
    assert_eq!(found(&setup, &["--deploy"]).0, ["polls.W009 WARNING"]);
}

fn what_apache_says_otherwise_is_found(setup: Setup) {
    let setup = sound(setup);
    let printed =
        |arguments: &[&str]| setup.run(&[&["apache-config", "--mode", "embedded"], arguments].concat()).stdout;
    let right = printed(&[]);
    fs::write(setup.path("apache.conf"), &right).expect("a file can be written");
    assert_eq!(found(&setup, &["--deploy"]).1, 0);
    fs::write(setup.path("apache.conf"), printed(&["--mount", "/vote/"])).expect("a file can be written");
    assert_eq!(found(&setup, &["--deploy"]), (vec!["polls.E006 ERROR".to_owned()], 4));
    let elsewhere = format!("Define POLLS_STATIC \"/srv/static\"\n{right}");
    fs::write(setup.path("apache.conf"), elsewhere).expect("a file can be written");
    assert_eq!(found(&setup, &["--deploy"]), (vec!["polls.E007 ERROR".to_owned()], 4));
}

fn what_is_silenced_is_only_counted(setup: Setup) {
    let setup = sound(setup).variable("POLLS_SECURE_SSL_REDIRECT", "false");
    assert_eq!(found(&setup, &["--deploy"]).0, ["security.W008 WARNING"]);
    let setup = setup.settings("silenced_system_checks = [\"security.W008\"]");
    fs::set_permissions(setup.path("polls.toml"), Permissions::from_mode(0o640)).expect("its mode can be set");
    let said = setup.run(&["check", "--deploy", "--fail-level", "WARNING"]);
    // The settings were just written anew, with the mode that everything in the directory has.
    assert!(said.stdout.contains("1 silenced)") && !said.stdout.contains("(security.W008)"), "{said:?}");
    let said = setup.variable("POLLS_SILENCED_SYSTEM_CHECKS", "W008").run(&["check"]).expect(4).stdout;
    assert!(said.contains("expected the id of a check"), "{said}");
}

fn the_report_is_djangos(setup: Setup) {
    let setup = sound(setup).variable("POLLS_SECURE_HSTS_SECONDS", "0");
    let said = setup.run(&["check", "--deploy", "--site-file", "none"]).expect(0).stdout;
    assert!(said.starts_with("System check identified some issues:\n\nWARNINGS:\n?: (security.W004) "), "{said}");
    assert!(said.contains("\n\tHINT: ") && said.contains("Always right here: security.W001, "), "{said}");
    assert!(said.ends_with("\nSystem check identified 1 issue (0 silenced).\n"), "{said}");
    setup.run(&["check", "--deploy", "--fail-level", "warning", "--site-file", "none"]).expect(3);
    setup.run(&["check", "--fail-level", "LOUD"]).expect(2);
    assert_eq!(setup.run(&["check"]).expect(0).stdout, "System check identified no issues (0 silenced).\n");
}

fn a_developers_own_machine_is_not_held_to_production(setup: Setup) {
    let setup = setup.development();
    setup.run(&["migrate"]).expect(0);
    let said = setup.run(&["check", "--fail-level", "WARNING"]).expect(0).stdout;
    assert_eq!(said, "System check identified no issues (0 silenced).\n");
    let (ids, code) = found(&setup, &["--deploy"]);
    assert!(ids.contains(&"security.W018 WARNING".to_owned()) && code == 3, "{ids:?}");
}
