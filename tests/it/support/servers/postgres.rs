//! PostgreSQL.

use std::path::PathBuf;
use std::sync::LazyLock;

use polls::db::migrate;

use super::{execute, fresh_name, program, wait_for};
use crate::support::database::open;
use crate::support::run::{self, Runner};

pub struct Server {
    /// Where the server is, up to the database's name.
    base: String,
}

pub fn server() -> &'static Server {
    static SERVER: LazyLock<Server> = LazyLock::new(Server::start);
    &SERVER
}

impl Server {
    fn start() -> Self {
        let binaries = binaries();
        let runner = Runner::like("postgres");
        let directory = runner.directory("postgres");
        let (data, port) = (directory.join("data"), run::free_port());
        run::prepare(
            runner
                .command(program("initdb", &binaries))
                .args(["--auth=trust", "--username=polls", "--encoding=UTF8", "--no-locale", "--no-sync", "-D"])
                .arg(&data)
                .current_dir(&directory),
        );
        let log = std::fs::File::create(run::directory("postgres-log").join("log")).expect("a log can be made");
        let mut command = runner.command(program("postgres", &binaries));
        command
            .arg("-D")
            .arg(&data)
            .current_dir(&directory)
            .stdout(log.try_clone().expect("it can be shared"))
            .stderr(log);
        for setting in [
            format!("port={port}"),
            "listen_addresses=127.0.0.1".to_owned(),
            format!("unix_socket_directories={}", directory.display()),
            "max_connections=300".to_owned(),
            "fsync=off".to_owned(),
            "full_page_writes=off".to_owned(),
            "timezone=America/New_York".to_owned(),
        ] {
            command.arg("-c").arg(setting);
        }
        run::keep(command, "INT");
        let server = Self { base: format!("postgres://polls:secret@127.0.0.1:{port}/") };
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
