//! MariaDB.

use std::fs::{self, File};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::LazyLock;

use diesel::RunQueryDsl as _;
use polls::db::migrate;

use super::{Killable, execute, fresh_name, program, wait_for};
use crate::support::database::open;
use crate::support::process::{eventually, tied};
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
pub fn durable_with(name: &str, settings: &[&str]) -> Killable {
    let name = format!("mariadb-{name}");
    let (command, base) = prepared(Place::Disk, &name, with_users(&name, settings));
    let server = Killable::start(command, format!("{base}mysql"));
    execute(server.url(), "CREATE DATABASE polls");
    server.with_url(format!("{base}polls"))
}

/// A server that can have a replica.
pub fn durable_primary(name: &str) -> Killable {
    durable_with(name, &["--server-id=1", "--log-bin=binlog", "--sync-binlog=1"])
}

/// A replica of a server, which has the same databases. From now on the server's commits wait until the replica has
/// them on its disk, for ever.
pub fn replica_of(primary: &Killable, name: &str) -> Killable {
    let name = format!("mariadb-{name}");
    let settings =
        ["--server-id=2", "--log-bin=binlog", "--log-slave-updates", "--sync-binlog=1", "--sync-relay-log=1"];
    let (command, base) = prepared(Place::Disk, &name, with_users(&name, &settings));
    let replica = Killable::start(command, format!("{base}mysql"));
    let (begin, database) = primary.url().rsplit_once('/').expect("a URL");
    let port = begin.rsplit(':').next().unwrap_or_default();
    for sql in [
        "SET GLOBAL rpl_semi_sync_slave_enabled = 1",
        &format!(
            "CHANGE MASTER TO MASTER_HOST = '127.0.0.1', MASTER_PORT = {port}, MASTER_USER = 'polls', \
             MASTER_PASSWORD = 'secret', MASTER_USE_GTID = slave_pos"
        ),
        "START SLAVE",
        "SET GLOBAL read_only = 1",
    ] {
        execute(replica.url(), sql);
    }
    for sql in [
        "SET GLOBAL rpl_semi_sync_master_wait_point = AFTER_SYNC",
        "SET GLOBAL rpl_semi_sync_master_timeout = 4294967295",
        "SET GLOBAL rpl_semi_sync_master_enabled = 1",
    ] {
        execute(primary.url(), sql);
    }
    let url = format!("{base}{database}");
    wait_for(&url);
    replica.with_url(url)
}

#[derive(diesel::QueryableByName)]
struct ReplicaStatus {
    #[diesel(sql_type = diesel::sql_types::Text, column_name = "Slave_SQL_Running_State")]
    state: String,
}

/// Makes a primary of a replica whose primary is gone, after it has done all that it was sent.
pub fn promote(replica: &Killable) {
    execute(replica.url(), "STOP SLAVE IO_THREAD");
    eventually("the replica has done everything", || {
        let status: ReplicaStatus =
            diesel::sql_query("SHOW SLAVE STATUS").get_result(&mut open(replica.url())).expect("it is a replica");
        status.state.starts_with("Slave has read all relay log").then_some(())
    });
    for sql in ["STOP SLAVE", "RESET SLAVE ALL", "SET GLOBAL read_only = 0"] {
        execute(replica.url(), sql);
    }
}

/// The nodes of a new cluster of Galera's, with one empty database.
pub fn cluster<const NODES: usize>(name: &str) -> [Killable; NODES] {
    let ports: [_; NODES] = std::array::from_fn(|_| run::free_port());
    let members = ports.map(|port| format!("127.0.0.1:{port}")).join(",");
    let mut is_first = true;
    ports.map(|port| {
        let name = format!("mariadb-{name}-{port}");
        let options = format!("gmcast.listen_addr=tcp://127.0.0.1:{port};ist.recv_addr=127.0.0.1:{}", run::free_port());
        let mut settings = vec![
            "--wsrep-on=ON".to_owned(),
            format!("--wsrep-provider={}", galera().display()),
            format!("--wsrep-cluster-address=gcomm://{members}"),
            "--wsrep-node-address=127.0.0.1".to_owned(),
            "--wsrep-sst-method=rsync".to_owned(),
            format!("--wsrep-sst-receive-address=127.0.0.1:{}", run::free_port()),
            format!("--wsrep-provider-options={options}"),
            "--binlog-format=ROW".to_owned(),
            "--innodb-autoinc-lock-mode=2".to_owned(),
        ];
        // The other nodes get users and databases from the first.
        let begins = std::mem::take(&mut is_first);
        if begins {
            settings.extend(with_users(&name, &["--wsrep-new-cluster"]));
        }
        let (command, base) = prepared(Place::Disk, &name, settings);
        let node = Killable::start(command, format!("{base}mysql"));
        if begins {
            execute(node.url(), "CREATE DATABASE polls");
        }
        let url = format!("{base}polls");
        wait_for(&url);
        node.with_url(url)
    })
}

/// Galera's library, where Debian or MariaDB's own packages put it.
fn galera() -> PathBuf {
    let paths = ["/usr/lib/galera/libgalera_smm.so", "/usr/lib64/galera-4/libgalera_smm.so"].map(PathBuf::from);
    paths.into_iter().find(|path| path.is_file()).expect("galera-4 is not installed; tests/run installs it")
}

/// Settings of a server, with a file that makes the tests' user at its start.
fn with_users(name: &str, settings: &[&str]) -> Vec<String> {
    let users = run::directory(&format!("{name}-users")).join("users.sql");
    let grant = "CREATE USER IF NOT EXISTS polls@'%' IDENTIFIED BY 'secret';\nGRANT ALL ON *.* TO polls@'%' WITH GRANT OPTION;\n";
    fs::write(&users, grant).expect("a file can be written");
    let file = format!("--init-file={}", users.display());
    settings.iter().map(|setting| (*setting).to_owned()).chain([file]).collect()
}

/// A new installation: how its server is started, and where it will be.
fn prepared(place: Place, name: &str, settings: Vec<String>) -> (impl Fn() -> Command + Send + 'static, String) {
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
            .args(&settings)
            .arg(format!("--port={port}"))
            .arg(format!("--datadir={}", data.display()))
            .arg(format!("--tmpdir={}", temporary.display()))
            .arg(format!("--socket={}", directory.join("socket").display()))
            .arg(format!("--pid-file={}", directory.join("pid").display()))
            .current_dir(&directory)
            .stdout(log.try_clone().expect("it can be shared"))
            .stderr(log.try_clone().expect("likewise"));
        command
    };
    (command, format!("mysql://polls:secret@127.0.0.1:{port}/"))
}

impl Server {
    fn start() -> Self {
        let (command, base) = prepared(Place::Memory, "mariadb", with_users("mariadb", &THROW_AWAY));
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
