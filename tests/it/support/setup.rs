//! How an app is set up before it is started: its directory, its database, its settings.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use polls::db::Connection;
use tempfile::TempDir;

use super::app::{Finished, Process, TestApp};
use super::database::{Database, Engine};
use super::process::tied;
use super::run::Place;

/// The first of `allowed_hosts`, unless a test sets others.
pub const HOST: &str = "polls.example.org";

/// The production site of a test: complete settings, a migrated database, nothing else in its directory.
pub struct Setup {
    database: OnceLock<Database>,
    engine: Engine,
    directory: TempDir,
    development: bool,
    settings: String,
    log_file: Option<PathBuf>,
    variables: Vec<(String, String)>,
    arguments: Vec<String>,
}

impl Setup {
    pub fn new(engine: Engine) -> Self {
        Self::at(Place::Memory, engine)
    }

    /// The same with its directory in memory or on a disk.
    pub fn at(place: Place, engine: Engine) -> Self {
        Self {
            database: OnceLock::new(),
            engine,
            directory: place.directory("polls-test-"),
            development: false,
            settings: String::new(),
            log_file: None,
            variables: Vec::new(),
            arguments: Vec::new(),
        }
    }

    /// As on the first day: no settings at all, and `./polls.sqlite3` is not there yet.
    pub fn development(mut self) -> Self {
        self.development = true;
        self.without_tables()
    }

    /// A database with our tables and nothing in them.
    #[track_caller]
    pub fn empty(engine: Engine) -> Self {
        let setup = Self::new(engine).without_tables();
        setup.run(&["migrate"]).expect(0);
        setup
    }

    /// With a database that nobody has migrated.
    pub fn without_tables(mut self) -> Self {
        self.database = OnceLock::from(Database::empty(self.engine, self.directory.path()));
        self
    }

    /// With a database of the test's own.
    pub fn with_database(mut self, database: Database) -> Self {
        self.database = OnceLock::from(database);
        self
    }

    /// Lines for `polls.toml`, TOML as an administrator writes it.
    pub fn settings(mut self, toml: &str) -> Self {
        self.settings.push_str(toml);
        self.settings.push('\n');
        self
    }

    /// A variable of the environment.
    pub fn variable(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Where to listen, besides or instead of a free loopback port.
    pub fn bind(self, address: &str) -> Self {
        self.argument("--bind").argument(address)
    }

    /// Listens at a unix socket of the directory.
    pub fn bind_unix(self, name: &str) -> Self {
        let path = self.path(name);
        self.bind(&format!("unix:{}", path.display()))
    }

    /// One more argument of the command line.
    pub fn argument(mut self, argument: &str) -> Self {
        self.arguments.push(argument.to_owned());
        self
    }

    /// Below a path such as `/vote` instead of at `/`.
    pub fn mounted_at(self, mount: &str) -> Self {
        self.settings(&format!("script_name = \"{mount}\""))
    }

    /// Logs to a file of the directory instead of standard error.
    pub fn log_to(mut self, name: &str) -> Self {
        self.log_file = Some(self.path(name));
        self.variable("POLLS_LOG__FILE", name)
    }

    pub fn engine(&self) -> Engine {
        self.engine
    }

    /// A path in the site's own directory, where its commands run.
    pub fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// Whether the settings make a proxy of whoever connects from this machine.
    pub fn trusts_proxies(&self) -> bool {
        self.settings.contains("trusted_proxies")
    }

    pub fn log_file(&self) -> Option<&Path> {
        self.log_file.as_deref()
    }

    pub fn database(&self) -> &Database {
        self.database.get_or_init(|| Database::migrated(self.engine, self.directory.path()))
    }

    /// A connection of the test's own.
    pub fn open(&self) -> Connection {
        self.database().open()
    }

    /// `polls …` with these settings, in this directory, for a test to run.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = tied(env!("CARGO_BIN_EXE_polls"));
        command.args(arguments).current_dir(self.directory.path()).stdin(Stdio::null());
        if !self.development {
            command.env("POLLS_DATABASE_URL", &self.database().url);
            // A server that all tests share is fast, and safe from nothing.
            if self.database().is_shared() {
                command.env("POLLS_DATABASE_MAY_LOSE_VOTES", "true");
            }
            // What a test itself writes to a server, the site may take a moment to notice.
            command.env("POLLS_SERVER__PAGE_CACHE", if self.engine == Engine::Sqlite { "true" } else { "false" });
        }
        if !self.development || !self.settings.is_empty() {
            let (path, toml) = (self.path("polls.toml"), self.toml());
            // A process that is just starting is not to find half of it.
            if !std::fs::read_to_string(&path).is_ok_and(|written| written == toml) {
                std::fs::write(path, toml).expect("the settings can be written");
            }
        }
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        command
    }

    /// Runs a command to its end.
    #[track_caller]
    pub fn run(&self, arguments: &[&str]) -> Finished {
        let mut command = self.command(arguments);
        let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("polls can be started");
        Finished::of(Process(child))
    }

    /// `polls serve` on a free port, once it listens.
    #[track_caller]
    pub fn start(self) -> TestApp {
        TestApp::start(self)
    }

    /// The arguments of `polls serve`.
    pub fn arguments(&self) -> Vec<&str> {
        let bound = self.arguments.iter().any(|argument| argument == "--bind");
        let free_port: &[&str] = if bound { &[] } else { &["--bind", "127.0.0.1:0"] };
        ["serve"]
            .into_iter()
            .chain(free_port.iter().copied())
            .chain(self.arguments.iter().map(String::as_str))
            .collect()
    }

    /// What a test did not set and production needs, then what it did set.
    fn toml(&self) -> String {
        let needed = [
            ("debug", "false".to_owned()),
            ("secret_key", format!("\"{}\"", "correct horse battery staple ".repeat(2))),
            ("allowed_hosts", format!("[\"{HOST}\", \"127.0.0.1\", \"[::1]\", \"localhost\"]")),
        ];
        let given = |key: &str| self.settings.lines().any(|line| line.split([' ', '=']).next() == Some(key));
        let missing = needed.iter().filter(|(key, _)| !self.development && !given(key));
        let defaults = missing.fold(String::new(), |lines, (key, value)| lines + &format!("{key} = {value}\n"));
        defaults + &self.settings
    }
}
