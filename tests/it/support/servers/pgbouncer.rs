//! PgBouncer before a PostgreSQL server.

use std::fs;

use super::{Logged, program, wait_for};
use crate::support::run::{self, Runner};

pub struct Pgbouncer {
    /// The server's URL, by way of the pooler.
    pub url: String,
    _process: Logged,
}

impl Pgbouncer {
    /// `mode`: when a connection of the pooler to the server may be used for another client.
    pub fn start(server: &str, mode: &str) -> Self {
        let (begin, database) = server.rsplit_once('/').expect("a URL");
        let (user, host) = begin.rsplit_once('@').expect("a user");
        let server_port = host.rsplit(':').next().expect("a port");
        let (runner, port) = (Runner::like("postgres"), run::free_port());
        let directory = runner.directory(&format!("pgbouncer-{mode}"));
        let settings = directory.join("pgbouncer.ini");
        let text = format!(
            "[databases]\n* = host=127.0.0.1 port={server_port} user=polls\n[pgbouncer]\nlisten_addr = 127.0.0.1\n\
             listen_port = {port}\nunix_socket_dir =\nauth_type = any\npool_mode = {mode}\n"
        );
        fs::write(&settings, text).expect("a file can be written");
        let mut command = runner.command(program("pgbouncer", &[]));
        command.arg(&settings).current_dir(&directory);
        let process = Logged::start(command, run::directory(&format!("pgbouncer-{mode}-log")).join("log"));
        let url = format!("{user}@127.0.0.1:{port}/{database}");
        wait_for(&url);
        Self { url, _process: process }
    }
}
