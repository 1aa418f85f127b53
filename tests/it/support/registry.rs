//! What a test is: a plain function, and what it needs.
//!
//! Each module lists its tests in `pub fn tests()`. A function that is missing there is dead code, and
//! the compiler says so.

use std::any::type_name;
use std::fmt;
use std::sync::Arc;

use libtest_mimic::Trial;

use super::run::Place;
use super::{Engine, Setup, TestApp, durations};

/// What is not there on every machine; `tests/run` installs it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Need {
    Postgres,
    Mariadb,
    Patroni,
    Pgbouncer,
    Apache,
    Nginx,
    Prometheus,
    Curl,
    Python,
    Django,
    Http2,
    Counters,
    Smtp,
    ApiClients,
    Chromium,
    Axe,
    Debian,
    SeededBugs,
}

impl fmt::Display for Need {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Postgres => "PostgreSQL",
            Self::Mariadb => "MariaDB",
            Self::Patroni => "Patroni and etcd",
            Self::Pgbouncer => "PgBouncer",
            Self::Apache => "Apache",
            Self::Nginx => "nginx",
            Self::Prometheus => "Prometheus",
            Self::Curl => "curl",
            Self::Python => "Python",
            Self::Django => "Django",
            Self::Http2 => "the HTTP/2 client h2",
            Self::Counters => "the counters of ballots in Python",
            Self::Smtp => "the mail server aiosmtpd",
            Self::ApiClients => "schemathesis and a client for linkding",
            Self::Chromium => "Chromium",
            Self::Axe => "axe-core",
            Self::Debian => "Debian's dpkg, as root",
            Self::SeededBugs => "the feature seeded-bugs",
        })
    }
}

/// The function of a test: of the running app, of an app that it sets up itself, or of nothing.
pub trait Body<Shape>: Send + Sync + 'static {
    fn run(&self, setup: Setup);
}

impl<F: Fn(&TestApp) + Send + Sync + 'static> Body<&'static TestApp> for F {
    fn run(&self, setup: Setup) {
        self(&setup.start());
    }
}

impl<F: Fn(Setup) + Send + Sync + 'static> Body<Setup> for F {
    fn run(&self, setup: Setup) {
        self(setup);
    }
}

impl<F: Fn() + Send + Sync + 'static> Body<()> for F {
    fn run(&self, _: Setup) {
        self();
    }
}

/// A test; one trial for each database it runs on.
pub struct Test {
    name: String,
    engines: &'static [Engine],
    needs: Vec<Need>,
    run: Arc<dyn Fn(Setup) + Send + Sync>,
}

/// A test that needs Rust alone.
pub fn on_sqlite<Shape, B: Body<Shape>>(body: B) -> Test {
    Test::new(body, &[Engine::Sqlite])
}

/// A test that is run on each database.
pub fn on_every_database<Shape, B: Body<Shape>>(body: B) -> Test {
    Test::new(body, &Engine::ALL)
}

/// A test that is run on each database that is a server.
pub fn on_servers<Shape, B: Body<Shape>>(body: B) -> Test {
    Test::new(body, &Engine::SERVERS)
}

/// A test that is run on PostgreSQL.
pub fn on_postgres<Shape, B: Body<Shape>>(body: B) -> Test {
    Test::new(body, &[Engine::Postgres])
}

/// A test that is run on MariaDB.
pub fn on_mariadb<Shape, B: Body<Shape>>(body: B) -> Test {
    Test::new(body, &[Engine::Mariadb])
}

impl Test {
    fn new<Shape, B: Body<Shape>>(body: B, engines: &'static [Engine]) -> Self {
        // The path of the function itself, without the crate's name.
        let path = type_name::<B>();
        let name = path.split_once("::").map_or(path, |(_, path)| path).to_owned();
        Self { name, engines, needs: Vec::new(), run: Arc::new(move |setup| body.run(setup)) }
    }

    /// Adds something the test needs besides its database.
    pub fn needing(mut self, need: Need) -> Self {
        self.needs.push(need);
        self
    }

    /// The trials and what each needs.
    pub fn trials(&self) -> impl Iterator<Item = (Trial, Vec<Need>)> {
        self.engines.iter().map(|&engine| {
            let name = match self.engines {
                [_] => self.name.clone(),
                _ => format!("{}::{engine}", self.name),
            };
            let run = Arc::clone(&self.run);
            let is_on_disk = ["data::", "durability::"].iter().any(|room| self.name.starts_with(room));
            let place = if is_on_disk { Place::Disk } else { Place::Memory };
            let trial = Trial::test(name.clone(), move || {
                durations::measured(&name, || run(Setup::at(place, engine)));
                Ok(())
            });
            (trial, self.needs.iter().copied().chain(engine.need()).collect())
        })
    }
}
