//! PostgreSQL under Patroni, with etcd: two nodes, of which one is the primary and the other its synchronous standby.

use std::fs;
use std::path::{Path, PathBuf};

use super::Logged;
use super::{execute, kill, postgres, program};
use crate::support::process::{eventually, signal_id, tied};
use crate::support::run::{self, Place, Runner};

pub struct Cluster {
    nodes: [Node; 2],
    _etcd: Logged,
}

pub struct Node {
    name: String,
    patroni: Logged,
    data: PathBuf,
    host: String,
    /// Where Patroni answers.
    api: String,
}

impl Cluster {
    /// Starts both nodes and waits until the second one is the standby.
    pub fn start() -> Self {
        let runner = Runner::like("postgres");
        let (etcd, clients) = start_etcd(&runner);
        let primary = Node::start(&runner, "node1", &clients);
        eventually("a primary", || primary.cluster().contains("\"leader\"").then_some(()));
        let standby = Node::start(&runner, "node2", &clients);
        let cluster = Self { nodes: [primary, standby], _etcd: etcd };
        cluster.wait_for_standby();
        execute(&cluster.url("postgres"), "CREATE DATABASE polls");
        cluster
    }

    /// The URL of a database at both nodes.
    pub fn url(&self, database: &str) -> String {
        let hosts = self.nodes.each_ref().map(|node| node.host.clone());
        format!("postgres://polls:secret@{}/{database}", hosts.join(","))
    }

    /// Makes the second node the primary, as an administrator does.
    pub fn switch_over(&self) {
        let [primary, standby] = &self.nodes;
        let order = format!(r#"{{"leader": "{}", "candidate": "{}"}}"#, primary.name, standby.name);
        eventually("the second node as the primary", || {
            // Refused while the standby lags or a node has not renewed its entry in etcd.
            let answer = curl(&format!("http://{}/switchover", primary.api), &["--data", &order]);
            (answer.contains("Successfully") || standby.is_primary()).then_some(())
        });
    }

    /// Waits until the one node is the synchronous standby of the other.
    pub fn wait_for_standby(&self) {
        let [node, _] = &self.nodes;
        eventually("a synchronous standby", || node.cluster().contains("\"sync_standby\"").then_some(()));
    }

    /// Ends the primary at once, as if its machine had lost its power.
    pub fn kill_primary(&self) {
        let primary = eventually("a primary", || self.nodes.iter().find(|node| node.is_primary()));
        primary.kill();
    }
}

fn start_etcd(runner: &Runner) -> (Logged, String) {
    let directory = runner.directory("etcd");
    let [clients, peers] = [(); 2].map(|()| format!("127.0.0.1:{}", run::free_port()));
    let mut etcd = runner.command(program("etcd", &[]));
    etcd.arg("--data-dir").arg(&directory).current_dir(&directory);
    for (name, value) in [
        ("--listen-client-urls", format!("http://{clients}")),
        ("--advertise-client-urls", format!("http://{clients}")),
        ("--listen-peer-urls", format!("http://{peers}")),
        ("--initial-advertise-peer-urls", format!("http://{peers}")),
        ("--initial-cluster", format!("default=http://{peers}")),
    ] {
        etcd.arg(name).arg(value);
    }
    (Logged::start(etcd, run::directory("etcd-log").join("log")), clients)
}

impl Node {
    fn start(runner: &Runner, name: &str, etcd: &str) -> Self {
        let directory = runner.directory_in(Place::Disk, &format!("patroni-{name}"));
        let [host, api] = [(); 2].map(|()| format!("127.0.0.1:{}", run::free_port()));
        let settings = run::directory(&format!("patroni-{name}-log")).join("patroni.yml");
        fs::write(&settings, yaml(name, &directory, &host, &api, etcd)).expect("a file can be written");
        let mut patroni = runner.command(program("patroni", &[]));
        patroni.arg(&settings).current_dir(&directory);
        let patroni = Logged::start(patroni, settings.with_file_name("log"));
        Self { name: name.to_owned(), patroni, data: directory.join("data"), host, api }
    }

    fn is_primary(&self) -> bool {
        curl(&format!("http://{}/primary", self.api), &["--fail"]).contains("\"running\"")
    }

    /// The members of the cluster with their roles, as this node knows them.
    fn cluster(&self) -> String {
        curl(&format!("http://{}/cluster", self.api), &[])
    }

    fn kill(&self) {
        kill(self.patroni.id());
        // PostgreSQL is no child of Patroni's.
        let id = fs::read_to_string(self.data.join("postmaster.pid")).unwrap_or_default();
        if let Some(id) = id.lines().next().and_then(|id| id.parse().ok()) {
            let _ = signal_id(id, "KILL");
        }
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        self.kill();
    }
}

/// The settings of a node. In seconds: `ttl` until a primary that is gone is replaced, the least that Patroni takes;
/// `retry_timeout` until a primary that etcd does not answer gives its place up, the most for that `ttl`.
fn yaml(name: &str, directory: &Path, host: &str, api: &str, etcd: &str) -> String {
    let (directory, binaries) = (directory.display(), postgres::binaries().remove(0));
    let binaries = binaries.display();
    format!(
        r#"
scope: polls
name: {name}
restapi: {{listen: "{api}", connect_address: "{api}"}}
etcd3: {{hosts: "{etcd}"}}
bootstrap:
  dcs:
    ttl: 20
    loop_wait: 1
    retry_timeout: 9
    synchronous_mode: true
    postgresql: {{use_pg_rewind: true}}
  initdb: [{{encoding: UTF8}}, {{locale: C}}]
postgresql:
  listen: "{host}"
  connect_address: "{host}"
  data_dir: {directory}/data
  bin_dir: {binaries}
  pgpass: {directory}/pgpass
  authentication:
    superuser: {{username: polls, password: secret}}
    replication: {{username: replicator, password: secret}}
  pg_hba: ["host all all 127.0.0.1/32 trust", "local all all trust", "host replication all 127.0.0.1/32 trust"]
  parameters: {{unix_socket_directories: "{directory}"}}
"#
    )
}

/// The answer, or an empty text if there is none.
fn curl(url: &str, arguments: &[&str]) -> String {
    let output = tied("curl").args(["--silent", "--show-error"]).args(arguments).arg(url).output();
    String::from_utf8_lossy(&output.expect("curl can be started").stdout).into_owned()
}
