//! MariaDB.

use std::process::Command;
use std::sync::LazyLock;

use super::{Killable, execute, fresh_name, program, wait_for};
use crate::support::run::{self, Runner};

pub struct Server {
    /// Where the server is, up to the database's name.
    base: String,
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
    let (command, base) = prepared(&format!("mariadb-{name}"), settings);
    let server = Killable::start(command, format!("{base}mysql"));
    execute(server.url(), "CREATE DATABASE polls");
    server.with_url(format!("{base}polls"))
}

/// A new installation: how its server is started, and where it will be.
fn prepared(name: &str, settings: &'static [&str]) -> (impl Fn() -> Command + Send + 'static, String) {
    let runner = Runner::like("mysql");
    let directory = runner.directory(name);
    let (data, port) = (directory.join("data"), run::free_port());
    // Of its own: a server that starts deletes the temporary tables of every other one in the same directory.
    let temporary = runner.directory(&format!("{name}-tmp"));
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
        let (command, base) = prepared("mariadb", &THROW_AWAY);
        run::keep(command(), "TERM");
        let server = Self { base };
        wait_for(&server.url("mysql"));
        server
    }

    pub fn empty_database(&self) -> String {
        let name = fresh_name();
        execute(&self.url("mysql"), &format!("CREATE DATABASE {name}"));
        self.url(&name)
    }

    pub fn drop_database(&self, url: &str) {
        let name = url.trim_start_matches(&self.base);
        execute(&self.url("mysql"), &format!("DROP DATABASE {name}"));
    }

    fn url(&self, name: &str) -> String {
        format!("{}{name}", self.base)
    }
}
