//! MariaDB.

use std::fs::{self, File};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::LazyLock;

use polls::db::migrate;

use super::{Killable, execute, fresh_name, program, wait_for};
use crate::support::database::open;
use crate::support::process::tied;
use crate::support::run::{self, Place, Runner};

pub struct Server {
    /// Where the server is, up to the database's name.
    base: String,
    /// A file with the statements that make the tables of a migrated database. To run them takes a third of the time
    /// that the migrations take.
    tables: PathBuf,
}

pub fn server() -> &'static Server {
    static SERVER: LazyLock<Server> = LazyLock::new(Server::start);
    &SERVER
}

/// The settings of a server whose databases end with the run: fast, and safe from nothing.
const THROW_AWAY: [&str; 3] =
    ["--innodb-flush-method=nosync", "--innodb-flush-log-at-trx-commit=0", "--innodb-doublewrite=0"];

/// A server of a test's own that keeps what it has committed, with an empty database and its URL; its directory has
/// the name.
pub fn durable(name: &str) -> Killable {
    durable_with(name, &[])
}

/// The same with settings of the server.
pub fn durable_with(name: &str, settings: &'static [&str]) -> Killable {
    let (command, base) = prepared(Place::Disk, &format!("mariadb-{name}"), settings);
    let server = Killable::start(command, format!("{base}mysql"));
    execute(server.url(), "CREATE DATABASE polls");
    server.with_url(format!("{base}polls"))
}

/// A new installation: how its server is started, and where it will be.
fn prepared(place: Place, name: &str, settings: &'static [&str]) -> (impl Fn() -> Command + Send + 'static, String) {
    let runner = Runner::like("mysql");
    let directory = runner.directory_in(place, name);
    let (data, port) = (directory.join("data"), run::free_port());
    // Of its own: a server that starts deletes the temporary tables of every other one in the same directory.
    let temporary = runner.directory_in(place, &format!("{name}-tmp"));
    run::prepare(
        runner
            .command(program("mariadb-install-db", &[]))
            .args(["--no-defaults", "--auth-root-authentication-method=normal", "--skip-test-db"])
            .arg(format!("--datadir={}", data.display()))
            .arg(format!("--tmpdir={}", temporary.display()))
            .current_dir(&directory),
    );
    let log_directory = run::directory(&format!("{name}-log"));
    let users = log_directory.join("users.sql");
    let grant = "CREATE USER IF NOT EXISTS polls@'%' IDENTIFIED BY 'secret'; GRANT ALL ON *.* TO polls@'%' WITH GRANT OPTION;\n";
    std::fs::write(&users, grant.replace("; ", ";\n")).expect("a file can be written");
    let log = std::fs::File::create(log_directory.join("log")).expect("a log can be made");
    let command = move || {
        let mut command = runner.command(program("mariadbd", &[]));
        command
            .args([
                "--no-defaults",
                "--bind-address=127.0.0.1",
                "--skip-name-resolve",
                "--character-set-server=utf8mb4",
            ])
            .args(["--max-connections=300", "--innodb-buffer-pool-size=64M", "--default-time-zone=-05:00"])
            .args(settings)
            .arg(format!("--port={port}"))
            .arg(format!("--datadir={}", data.display()))
            .arg(format!("--tmpdir={}", temporary.display()))
            .arg(format!("--socket={}", directory.join("socket").display()))
            .arg(format!("--pid-file={}", directory.join("pid").display()))
            .arg(format!("--init-file={}", users.display()))
            .current_dir(&directory)
            .stdout(log.try_clone().expect("it can be shared"))
            .stderr(log.try_clone().expect("likewise"));
        command
    };
    (command, format!("mysql://polls:secret@127.0.0.1:{port}/"))
}

impl Server {
    fn start() -> Self {
        let (command, base) = prepared(Place::Memory, "mariadb", &THROW_AWAY);
        run::keep(command(), "TERM");
        let server = Self { base, tables: run::directory("mariadb-template").join("tables.sql") };
        wait_for(&server.url("mysql"));
        server.write_tables();
        server
    }

    fn write_tables(&self) {
        let url = self.empty_database();
        migrate::run(&mut open(&url)).expect("an empty database can be migrated");
        let mut dump = self.client("mariadb-dump");
        dump.args(["--skip-opt", "--create-options", "--extended-insert", "--skip-comments"]).arg(self.name(&url));
        let dump = dump.output().expect("mariadb-dump can be started");
        assert!(dump.status.success(), "mariadb-dump: {}", String::from_utf8_lossy(&dump.stderr));
        fs::write(&self.tables, dump.stdout).expect("a file can be written");
        self.drop_database(&url);
    }

    pub fn migrated_database(&self) -> String {
        let url = self.empty_database();
        let tables = File::open(&self.tables).expect("the statements were written");
        let made = self.client("mariadb").arg(self.name(&url)).stdin(tables).output().expect("mariadb can be started");
        assert!(made.status.success(), "mariadb: {}", String::from_utf8_lossy(&made.stderr));
        url
    }

    /// One of MariaDB's own clients, at this server.
    fn client(&self, name: &str) -> Command {
        let port = self.base.trim_end_matches('/').rsplit(':').next().unwrap_or_default();
        let mut command = tied(program(name, &[]));
        command.args(["--no-defaults", "--host=127.0.0.1", "--user=polls", "--password=secret"]);
        command.args(["--default-character-set=utf8mb4", &format!("--port={port}")]).stdin(Stdio::null());
        command
    }

    pub fn empty_database(&self) -> String {
        let name = fresh_name();
        execute(&self.url("mysql"), &format!("CREATE DATABASE {name}"));
        self.url(&name)
    }

    pub fn drop_database(&self, url: &str) {
        execute(&self.url("mysql"), &format!("DROP DATABASE {}", self.name(url)));
    }

    fn name<'a>(&self, url: &'a str) -> &'a str {
        url.trim_start_matches(&self.base)
    }

    fn url(&self, name: &str) -> String {
        format!("{}{name}", self.base)
    }
}
