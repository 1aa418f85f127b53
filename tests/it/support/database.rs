//! A database of a test's own, on whichever engine the trial is for.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use polls::db::{Connection, Create, migrate};

use super::registry::Need;
use super::run;
use super::servers::{mariadb, postgres};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
    Mariadb,
}

impl Engine {
    pub const ALL: [Self; 3] = [Self::Sqlite, Self::Postgres, Self::Mariadb];
    pub const SERVERS: [Self; 2] = [Self::Postgres, Self::Mariadb];

    pub fn need(self) -> Option<Need> {
        match self {
            Self::Sqlite => None,
            Self::Postgres => Some(Need::Postgres),
            Self::Mariadb => Some(Need::Mariadb),
        }
    }
}

impl fmt::Display for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
            Self::Mariadb => "mariadb",
        })
    }
}

/// A database that ends with its test.
pub struct Database {
    pub engine: Engine,
    /// As `database_url` takes it.
    pub url: String,
    /// Whether its server is shared with other tests, so that it has to be removed there.
    shared: bool,
}

impl Database {
    /// A new one with all migrations.
    pub fn migrated(engine: Engine, directory: &Path) -> Self {
        match engine {
            Engine::Sqlite => {
                let path = directory.join("polls.sqlite3");
                std::fs::copy(sqlite_template(), &path).expect("the template can be copied");
                Self::at(engine, sqlite_url(&path))
            }
            Engine::Postgres => Self { engine, url: postgres::server().migrated_database(), shared: true },
            Engine::Mariadb => Self { engine, url: mariadb::server().migrated_database(), shared: true },
        }
    }

    /// A new one without a table; on SQLite the file is not there yet.
    pub fn empty(engine: Engine, directory: &Path) -> Self {
        let url = match engine {
            Engine::Sqlite => return Self::at(engine, sqlite_url(&directory.join("polls.sqlite3"))),
            Engine::Postgres => postgres::server().empty_database(),
            Engine::Mariadb => mariadb::server().empty_database(),
        };
        Self { engine, url, shared: true }
    }

    /// One that is the test's own, with its server.
    pub fn at(engine: Engine, url: String) -> Self {
        Self { engine, url, shared: false }
    }

    /// Whether it is on a server with those of other tests.
    pub fn is_shared(&self) -> bool {
        self.shared && self.engine != Engine::Sqlite
    }

    pub fn open(&self) -> Connection {
        open(&self.url)
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        match self.engine {
            Engine::Sqlite => {}
            _ if !self.shared => {}
            Engine::Postgres => postgres::server().drop_database(&self.url),
            Engine::Mariadb => mariadb::server().drop_database(&self.url),
        }
    }
}

pub fn open(url: &str) -> Connection {
    try_open(url).unwrap_or_else(|error| panic!("{url} cannot be opened: {error}"))
}

pub fn try_open(url: &str) -> Result<Connection, String> {
    Connection::open(&url.parse()?, Create::IfMissing).map_err(|error| error.to_string())
}

fn sqlite_url(path: &Path) -> String {
    format!("sqlite://{}", path.display())
}

/// A migrated file, made once.
fn sqlite_template() -> &'static Path {
    static TEMPLATE: LazyLock<PathBuf> = LazyLock::new(|| {
        let file = run::directory("sqlite").join("template.sqlite3");
        // Closing the connection brings everything from the write-ahead log into the file.
        migrate::run(&mut open(&sqlite_url(&file))).expect("an empty file can be migrated");
        file
    });
    &TEMPLATE
}
