//! All that a database holds, to tell whether anything has changed.

use std::process::Command;

use diesel::prelude::*;

use super::app::Finished;
use super::process::tied;
use super::{Engine, Setup};

/// The file itself on SQLite, elsewhere what the database's own program dumps.
#[track_caller]
pub fn content(setup: &Setup) -> Vec<u8> {
    let url = setup.database().url.as_str();
    match setup.engine() {
        Engine::Sqlite => std::fs::read(sqlite_path(setup)).expect("the file can be read"),
        Engine::Postgres => {
            let dump = finished(tied("pg_dump").arg(format!("--dbname={url}"))).expect(0).stdout;
            // Newer versions guard a dump by a random word.
            let lasting =
                dump.lines().filter(|line| !line.starts_with("\\restrict") && !line.starts_with("\\unrestrict"));
            lasting.collect::<Vec<_>>().join("\n").into_bytes()
        }
        Engine::Mariadb => {
            let (server, name) = url.rsplit_once('/').expect("a URL names a database");
            let (_, port) = server.rsplit_once(':').expect("a URL names a port");
            let mut dump = tied("mariadb-dump");
            dump.args(["--no-defaults", "--host=127.0.0.1", "--user=polls", "--skip-dump-date"]);
            dump.arg(format!("--port={port}")).arg(name).env("MYSQL_PWD", "secret");
            finished(&mut dump).expect(0).stdout.into_bytes()
        }
    }
}

/// Changes the database and leaves an SQLite file in Django's journal mode, as our own connections do not.
#[track_caller]
pub fn execute(setup: &Setup, sql: &str) {
    match setup.engine() {
        Engine::Sqlite => {
            let mut file = SqliteConnection::establish(sqlite_path(setup)).expect("the file can be opened");
            diesel::sql_query(sql).execute(&mut file).unwrap_or_else(|error| panic!("{sql}: {error}"));
        }
        Engine::Postgres | Engine::Mariadb => {
            setup.execute(sql);
        }
    }
}

/// Runs somebody else's program to its end, however much it prints.
#[track_caller]
pub fn finished(command: &mut Command) -> Finished {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    Finished { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
}

fn sqlite_path(setup: &Setup) -> &str {
    setup.database().url.trim_start_matches("sqlite://")
}
