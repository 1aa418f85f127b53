//! Prometheus, which asks one app for its numbers, with the files of `deploy/prometheus`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use super::logged::Logged;
use super::program;
use crate::support::process::eventually;
use crate::support::run;

pub struct Prometheus {
    port: u16,
    _process: Logged,
    _directory: tempfile::TempDir,
}

/// Where the files are.
pub fn files() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy/prometheus")
}

/// Runs promtool; its output.
pub fn promtool(arguments: &[&str]) -> Output {
    let mut command = Command::new(program("promtool", &[]));
    command.args(arguments).output().expect("promtool can be started")
}

impl Prometheus {
    /// Asks the server at a port of this machine, every 200 ms instead of every 15 s.
    #[track_caller]
    pub fn start(target: u16) -> Self {
        let directory = tempfile::tempdir().expect("a directory can be made");
        let settings = fs::read_to_string(files().join("prometheus.yml")).expect("it can be read");
        let settings = settings.replace("127.0.0.1:80", &format!("127.0.0.1:{target}")).replace("15s", "200ms");
        fs::write(directory.path().join("prometheus.yml"), settings).expect("it can be written");
        fs::copy(files().join("alerts.yml"), directory.path().join("alerts.yml")).expect("it can be copied");
        let port = run::free_port();
        let mut command = Command::new(program("prometheus", &[]));
        command
            .arg(format!("--config.file={}", directory.path().join("prometheus.yml").display()))
            .arg(format!("--storage.tsdb.path={}", directory.path().join("data").display()))
            .arg(format!("--web.listen-address=127.0.0.1:{port}"))
            .current_dir(directory.path());
        let mut process = Logged::start(command, directory.path().join("prometheus.log"));
        process.wait_for("Server is ready to receive web requests");
        Self { port, _process: process, _directory: directory }
    }

    /// The lines of the answer to a query.
    #[track_caller]
    pub fn ask(&self, query: &str) -> Vec<String> {
        let answer = promtool(&["query", "instant", &format!("http://127.0.0.1:{}", self.port), query]);
        let (said, error) = (String::from_utf8_lossy(&answer.stdout), String::from_utf8_lossy(&answer.stderr));
        assert!(answer.status.success(), "{query}: {error}");
        said.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect()
    }

    /// The same, once there is something.
    #[track_caller]
    pub fn eventually(&self, query: &str) -> Vec<String> {
        eventually(query, || Some(self.ask(query)).filter(|lines| !lines.is_empty()))
    }
}
