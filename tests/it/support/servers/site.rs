//! A site in production: made by the program's own commands, behind Apache in each of the ways.

use std::collections::BTreeMap;
use std::fs;
use std::net::{SocketAddr, TcpStream};
use std::ops::Deref;
use std::os::fd::OwnedFd;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{LazyLock, Mutex};

use super::apache::{self, Apache};
use super::{Door, Logged};
use crate::support::{HOST, Setup, run};

/// The ways a request comes from Apache to the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    EmbeddedUnix,
    EmbeddedTcp,
    FastcgiUnix,
    FastcgiTcp,
    Fcgid,
    Cgi,
}

impl Way {
    pub const ALL: [Self; 6] =
        [Self::EmbeddedUnix, Self::EmbeddedTcp, Self::FastcgiUnix, Self::FastcgiTcp, Self::Fcgid, Self::Cgi];

    pub fn file(self) -> &'static str {
        match self {
            Self::EmbeddedUnix | Self::EmbeddedTcp => "embedded.conf",
            Self::FastcgiUnix | Self::FastcgiTcp => "daemon-proxy_fcgi.conf",
            Self::Fcgid => "daemon-fcgid.conf",
            Self::Cgi => "cgi.conf",
        }
    }

    /// The command behind Apache and where it listens, unless Apache starts it.
    pub fn command(self) -> Option<[&'static str; 2]> {
        match self {
            Self::EmbeddedUnix => Some(["serve", "unix:http.sock"]),
            Self::EmbeddedTcp => Some(["serve", "127.0.0.1:0"]),
            Self::FastcgiUnix => Some(["fastcgi", "unix:fastcgi.sock"]),
            Self::FastcgiTcp => Some(["fastcgi", "127.0.0.1:0"]),
            Self::Fcgid | Self::Cgi => None,
        }
    }

    /// Over TCP the program has to be told that its peer is Apache.
    pub fn variables(self) -> &'static [(&'static str, &'static str)] {
        if self == Self::EmbeddedTcp { &[("POLLS_TRUSTED_PROXIES", "127.0.0.1")] } else { &[] }
    }

    /// Requests at once: a process for each under CGI, and SQLite lets one write at a time.
    fn threads(self) -> u32 {
        if self == Self::Cgi { 8 } else { 64 }
    }
}

/// The site's directory, settings, database and static files, all for the user that runs Apache.
pub struct Site {
    setup: Setup,
    mount: &'static str,
}

impl Site {
    /// Makes the database as an administrator does, at `/` or `/vote/`.
    #[track_caller]
    pub fn new(setup: Setup, mount: &'static str) -> Self {
        let setup = setup.without_tables();
        let database = setup.database().url.clone();
        let setup = setup.settings(&format!("database_url = \"{database}\""));
        let setup = match mount.trim_end_matches('/') {
            "" => setup,
            prefix => setup.mounted_at(prefix),
        };
        setup.run(&["migrate"]).expect(0);
        static_files(&setup, mount);
        give_away(&setup.path("."));
        Self { setup, mount }
    }

    /// Where the site lives, with both slashes.
    pub fn mount(&self) -> &'static str {
        self.mount
    }

    /// Where the static files are.
    pub fn static_root(&self) -> PathBuf {
        static_files(self, self.mount)
    }

    /// A long-running `polls`, started as the user that runs Apache, once it listens.
    #[track_caller]
    pub fn daemon(&self, command: &str, bind: &str, variables: &[(&str, &str)]) -> Daemon {
        let settings = self.setup.command(&[]);
        let mut started = apache::runner().command(program());
        started.args([command, "--bind", bind]).current_dir(self.path("."));
        started.envs(settings.get_envs().filter_map(|(name, value)| Some((name, value?))));
        started.envs(variables.iter().copied());
        self.listening(Logged::start(started, self.fresh_log(command)))
    }

    /// A long-running `polls` that is handed its listening socket, as systemd does it.
    #[track_caller]
    pub fn daemon_on(&self, command: &str, socket: OwnedFd, variables: &[(&str, &str)]) -> Daemon {
        let settings = self.setup.command(&[]);
        let mut started = apache::runner().command("sh");
        let script = "export LISTEN_PID=$$ LISTEN_FDS=1; exec \"$@\" 3<&0 </dev/null";
        started.args(["-c", script, "sh"]).arg(program()).arg(command).current_dir(self.path("."));
        started.envs(settings.get_envs().filter_map(|(name, value)| Some((name, value?))));
        started.envs(variables.iter().copied());
        self.listening(Logged::start_with(started, socket.into(), self.fresh_log(command)))
    }

    /// A log that no other process of the site writes to.
    fn fresh_log(&self, command: &str) -> PathBuf {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        self.path(&format!("{command}-{}.log", COUNT.fetch_add(1, Ordering::Relaxed)))
    }

    #[track_caller]
    fn listening(&self, mut process: Logged) -> Daemon {
        let line = process.wait_for("Listening ");
        let address = line.split(" at ").nth(1).and_then(|rest| rest.split(". ").next());
        let address = address.expect("the log names the address").trim_end_matches('.');
        // A socket is named from the directory where the program runs.
        let address = match address.strip_prefix("unix:") {
            Some(path) => self.path(path).display().to_string(),
            None => address.to_owned(),
        };
        Daemon { process, address }
    }

    /// The daemon of a way once more, where the one that has ended was.
    #[track_caller]
    pub fn daemon_again(&self, way: Way, ended: &Daemon) -> Daemon {
        let [command, bind] = way.command().expect("a way with a daemon");
        let bind = if bind.starts_with("unix:") { bind } else { &ended.address };
        self.daemon(command, bind, way.variables())
    }

    /// `polls serve` without anything in front.
    #[track_caller]
    pub fn direct(&self) -> (Daemon, Door) {
        let daemon = self.daemon("serve", "127.0.0.1:0", &[]);
        let port = daemon.address.rsplit(':').next().and_then(|port| port.parse().ok());
        let door = Door::at(port.expect("a port"), self.mount);
        (daemon, door)
    }

    /// Apache with the shipped file of a way, and the program behind it.
    #[track_caller]
    pub fn open_by(&self, way: Way) -> Front<'_> {
        self.open_with(way, &[])
    }

    /// The same with more values for the shipped file.
    #[track_caller]
    pub fn open_with(&self, way: Way, more: &[(&str, &str)]) -> Front<'_> {
        let daemon = way.command().map(|[command, bind]| self.daemon(command, bind, way.variables()));
        self.open_before(way, daemon, more)
    }

    /// The same before a program that runs already, or whatever else listens for it.
    #[track_caller]
    pub fn open_before(&self, way: Way, daemon: Option<Daemon>, more: &[(&str, &str)]) -> Front<'_> {
        let address = daemon.as_ref().map(|daemon| daemon.address.clone());
        let values = self.values(way, address.as_deref());
        let mut values: Vec<_> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
        values.extend(more);
        let apache = Apache::start(way.file(), way.threads(), &values);
        Front { door: Door::at(apache.port, self.mount), site: self, apache, daemon }
    }

    /// What a way's file is told: the site's places, and where the program listens.
    pub fn values(&self, way: Way, address: Option<&str>) -> Vec<(&'static str, String)> {
        let text = |path: &Path| path.to_str().expect("the path is text").to_owned();
        let (files, settings, program) = (text(&self.static_root()), text(&self.path("polls.toml")), text(program()));
        let mut values =
            vec![("POLLS_MOUNT", self.mount.to_owned()), ("POLLS_STATIC", files), ("POLLS_HOST", HOST.to_owned())];
        match (way, address) {
            (Way::EmbeddedTcp | Way::FastcgiTcp, Some(address)) => values.push(("POLLS_TCP", address.to_owned())),
            (_, Some(address)) => values.push(("POLLS_SOCKET", address.to_owned())),
            (_, None) => values.extend([("POLLS_BIN", program), ("POLLS_CONFIG", settings)]),
        }
        values
    }
}

impl Deref for Site {
    type Target = Setup;

    fn deref(&self) -> &Setup {
        &self.setup
    }
}

/// A program that listens.
pub struct Daemon {
    pub process: Logged,
    /// A path, or an address with its port.
    pub address: String,
}

impl Daemon {
    pub fn takes_connections(&self) -> bool {
        match self.address.parse::<SocketAddr>() {
            Ok(address) => TcpStream::connect(address).is_ok(),
            Err(_) => UnixStream::connect(&self.address).is_ok(),
        }
    }
}

/// A site that is open to visitors through Apache. Apache ends first.
pub struct Front<'a> {
    pub door: Door,
    pub site: &'a Site,
    pub apache: Apache,
    pub daemon: Option<Daemon>,
}

impl Front<'_> {
    /// What the program has logged, wherever that is.
    pub fn program_log(&self) -> String {
        match &self.daemon {
            Some(daemon) => daemon.process.text(),
            None => self.apache.error_log(),
        }
    }
}

/// The program where the user that runs Apache may run it.
fn program() -> &'static Path {
    static PROGRAM: LazyLock<PathBuf> = LazyLock::new(|| {
        let copy = run::directory("bin").join("polls");
        fs::copy(env!("CARGO_BIN_EXE_polls"), &copy).expect("the program can be copied");
        fs::set_permissions(&copy, fs::Permissions::from_mode(0o755)).expect("its mode can be set");
        fs::set_permissions(copy.parent().expect("a directory"), fs::Permissions::from_mode(0o755)).expect("likewise");
        copy
    });
    &PROGRAM
}

/// The static files as the program writes them; they are the same for every site at a mount.
fn static_files(setup: &Setup, mount: &'static str) -> PathBuf {
    static DIRECTORIES: Mutex<BTreeMap<&str, PathBuf>> = Mutex::new(BTreeMap::new());
    let mut directories = DIRECTORIES.lock().expect("the files were written");
    let made = directories.len();
    let directory = directories.entry(mount).or_insert_with(|| {
        let directory = run::directory(&format!("static-files-{made}"));
        fs::set_permissions(&directory, fs::Permissions::from_mode(0o755)).expect("its mode can be set");
        let path = directory.to_str().expect("the path is text");
        setup.run(&["collectstatic", path]).expect(0);
        directory
    });
    directory.clone()
}

/// Gives a directory and all in it to the user that runs Apache.
fn give_away(path: &Path) {
    static OWNER: LazyLock<(u32, u32)> = LazyLock::new(|| {
        let one = fs::metadata(apache::runner().directory("owner")).expect("a directory of the runner");
        (one.uid(), one.gid())
    });
    let (user, group) = *OWNER;
    chown(path, Some(user), Some(group)).expect("root can give anything away, and others what is theirs to themselves");
    if path.is_dir() {
        fs::read_dir(path).expect("it can be listed").flatten().for_each(|entry| give_away(&entry.path()));
    }
}
