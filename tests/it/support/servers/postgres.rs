//! PostgreSQL.

use std::ffi::OsString;
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

/// A standby of a server, which has the same databases. The server waits for its disk at every commit from now on.
pub fn standby_of(primary: &Killable, name: &str) -> Killable {
    let begin = primary.url().rfind('/').map_or("", |at| &primary.url()[..=at]);
    let (command, base) = with_data(Place::Disk, &format!("postgres-{name}"), &[], |binaries| {
        let mut copy = vec![program("pg_basebackup", binaries).into_os_string()];
        let from = format!("--dbname={begin}postgres");
        copy.extend(["--write-recovery-conf", "--no-sync", "--checkpoint=fast", &from, "-D"].map(Into::into));
        copy
    });
    let standby = Killable::start(command, format!("{base}{}", &primary.url()[begin.len()..]));
    execute(primary.url(), "ALTER SYSTEM SET synchronous_standby_names = '*'");
    execute(primary.url(), "SELECT pg_reload_conf()");
    standby
}

/// Makes a primary of a standby whose primary is gone.
pub fn promote(standby: &Killable) {
    execute(standby.url(), "SELECT pg_promote()");
}

/// A new cluster: how its server is started, and where it will be.
fn prepared(place: Place, name: &str, settings: &[&str]) -> (impl Fn() -> Command + Send + 'static, String) {
    with_data(place, name, settings, |binaries| {
        let mut init = vec![program("initdb", binaries).into_os_string()];
        let arguments = ["--auth=trust", "--username=polls", "--encoding=UTF8", "--no-locale", "--no-sync", "-D"];
        init.extend(arguments.map(Into::into));
        init
    })
}

/// The same with data that a command makes in the directory that is its last argument.
fn with_data(
    place: Place,
    name: &str,
    settings: &[&str],
    make: impl FnOnce(&[PathBuf]) -> Vec<OsString>,
) -> (impl Fn() -> Command + Send + 'static, String) {
    let binaries = binaries();
    let runner = Runner::like("postgres");
    let directory = runner.directory_in(place, name);
    let (data, port) = (directory.join("data"), run::free_port());
    let mut making = make(&binaries).into_iter();
    let maker = making.next().expect("a program");
    run::prepare(runner.command(maker).args(making).arg(&data).current_dir(&directory));
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
pub(super) fn binaries() -> Vec<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut found: Vec<_> = versions.map(|version| version.path().join("bin")).collect();
    found.sort();
    found.reverse();
    found
}
