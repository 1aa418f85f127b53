//! PostgreSQL.

use std::path::PathBuf;
use std::process::Command;
use std::sync::LazyLock;

use polls::db::migrate;

use super::{Killable, execute, fresh_name, program, wait_for};
use crate::support::database::open;
use crate::support::run::{self, Place, Runner};

pub struct Server {
    /// Where the server is, up to the database's name.
    base: String,
}

pub fn server() -> &'static Server {
    static SERVER: LazyLock<Server> = LazyLock::new(Server::start);
    &SERVER
}

/// The settings of a server whose databases end with the run: fast, and safe from nothing.
const THROW_AWAY: [&str; 2] = ["fsync=off", "full_page_writes=off"];

/// A server of a test's own that keeps what it has committed, with an empty database and its URL; its directory has
/// the name.
pub fn durable(name: &str) -> Killable {
    durable_with(name, &[])
}

/// The same with settings of the server.
pub fn durable_with(name: &str, settings: &[&str]) -> Killable {
    let (command, base) = prepared(Place::Disk, &format!("postgres-{name}"), settings);
    let server = Killable::start(command, format!("{base}postgres"));
    execute(server.url(), "CREATE DATABASE polls");
    server.with_url(format!("{base}polls"))
}

/// A new cluster: how its server is started, and where it will be.
fn prepared(place: Place, name: &str, settings: &[&str]) -> (impl Fn() -> Command + Send + 'static, String) {
    let binaries = binaries();
    let runner = Runner::like("postgres");
    let directory = runner.directory_in(place, name);
    let (data, port) = (directory.join("data"), run::free_port());
    run::prepare(
        runner
            .command(program("initdb", &binaries))
            .args(["--auth=trust", "--username=polls", "--encoding=UTF8", "--no-locale", "--no-sync", "-D"])
            .arg(&data)
            .current_dir(&directory),
    );
    let log = std::fs::File::create(run::directory(&format!("{name}-log")).join("log")).expect("a log can be made");
    let mut all = vec![
        format!("port={port}"),
        "listen_addresses=127.0.0.1".to_owned(),
        format!("unix_socket_directories={}", directory.display()),
        "max_connections=300".to_owned(),
        "timezone=America/New_York".to_owned(),
    ];
    all.extend(settings.iter().map(|setting| (*setting).to_owned()));
    let command = move || {
        let mut command = runner.command(program("postgres", &binaries));
        command.arg("-D").arg(&data).current_dir(&directory);
        command.stdout(log.try_clone().expect("it can be shared")).stderr(log.try_clone().expect("likewise"));
        command.args(all.iter().flat_map(|setting| ["-c", setting]));
        command
    };
    (command, format!("postgres://polls:secret@127.0.0.1:{port}/"))
}

impl Server {
    fn start() -> Self {
        let (command, base) = prepared(Place::Memory, "postgres", &THROW_AWAY);
        run::keep(command(), "INT");
        let server = Self { base };
        wait_for(&server.url("postgres"));
        server.prepare_template();
        server
    }

    fn prepare_template(&self) {
        execute(&self.url("postgres"), "CREATE DATABASE template");
        migrate::run(&mut open(&self.url("template"))).expect("an empty database can be migrated");
    }

    pub fn migrated_database(&self) -> String {
        self.create("template")
    }

    pub fn empty_database(&self) -> String {
        self.create("template0")
    }

    pub fn drop_database(&self, url: &str) {
        let name = url.trim_start_matches(&self.base);
        execute(&self.url("postgres"), &format!("DROP DATABASE {name} WITH (FORCE)"));
    }

    fn create(&self, template: &str) -> String {
        let name = fresh_name();
        execute(&self.url("postgres"), &format!("CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY"));
        self.url(&name)
    }

    fn url(&self, name: &str) -> String {
        format!("{}{name}", self.base)
    }
}

/// Where Debian (and others) put the server's programs, the newest first.
fn binaries() -> Vec<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut found: Vec<_> = versions.map(|version| version.path().join("bin")).collect();
    found.sort();
    found.reverse();
    found
}
