//! What lasts as long as the whole run: directories, and the servers in them.

use std::fs::{self, Permissions};
use std::net::TcpListener;
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{LazyLock, Mutex, PoisonError, mpsc};

use nix::sys::statvfs::{FsFlags, statvfs};
use nix::unistd::{User, geteuid};
use tempfile::TempDir;

use super::process::{ended, signal, tied};

static DIRECTORIES: Mutex<[Option<TempDir>; 2]> = Mutex::new([None, None]);
static SERVERS: Mutex<Vec<(Child, &str)>> = Mutex::new(Vec::new());

/// Where a directory of the tests is. In memory a test takes less than half of the time where many run at once: most of
/// it was spent in waiting for the disk. What a test of durability writes goes to a disk, as on a real site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    Memory,
    Disk,
}

/// The memory that takes all directories of a run, three times over.
const ENOUGH_MEMORY: u64 = 6 << 30;

impl Place {
    /// A new directory that is removed with the value.
    pub fn directory(self, prefix: &str) -> TempDir {
        let prefix = format!("{prefix}{}-", std::process::id());
        let new = match self {
            Self::Memory => TempDir::with_prefix_in(prefix, memory()),
            Self::Disk => TempDir::with_prefix(prefix),
        };
        new.expect("a temporary directory can be made")
    }
}

/// Removes what runs that were killed have left in memory. The name of a directory has the id of its run's process.
fn remove_left_behind(memory: &Path) {
    let entries = fs::read_dir(memory).into_iter().flatten().flatten();
    for entry in entries {
        let name = entry.file_name().to_string_lossy().into_owned();
        let id = name.strip_prefix("polls-tests-").or_else(|| name.strip_prefix("polls-test-"));
        let id = id.and_then(|rest| rest.split('-').next()?.parse::<u32>().ok());
        if id.is_some_and(|id| !Path::new("/proc").join(id.to_string()).exists()) {
            // Another run may be removing it as well.
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

/// Linux's file system in memory, unless a directory was named (`TMPDIR`), it has little room, or runs no programs.
fn memory() -> &'static Path {
    static MEMORY: LazyLock<PathBuf> = LazyLock::new(|| {
        let memory = Path::new("/dev/shm");
        let is_fit = statvfs(memory).is_ok_and(|memory| {
            memory.blocks_available() * memory.fragment_size() >= ENOUGH_MEMORY
                && !memory.flags().contains(FsFlags::ST_NOEXEC)
        });
        if std::env::var_os("TMPDIR").is_some() || !is_fit {
            return std::env::temp_dir();
        }
        remove_left_behind(memory);
        memory.into()
    });
    &MEMORY
}

/// A new directory of the run, in memory.
pub fn directory(name: &str) -> PathBuf {
    directory_in(Place::Memory, name)
}

/// A new directory below the run's own, which any user may pass through.
pub fn directory_in(place: Place, name: &str) -> PathBuf {
    let mut runs = DIRECTORIES.lock().unwrap_or_else(PoisonError::into_inner);
    let run = runs[place as usize].get_or_insert_with(|| {
        let run = place.directory("polls-tests-");
        fs::set_permissions(run.path(), Permissions::from_mode(0o711)).expect("its mode can be set");
        run
    });
    let path = run.path().join(name);
    fs::create_dir(&path).expect("a directory can be made");
    path
}

/// Who runs a server: its own user where we are root, since some servers refuse to be run by root.
pub struct Runner(Option<User>);

impl Runner {
    /// The user of the package, or else nobody in particular.
    pub fn like(name: &str) -> Self {
        let user = |name| User::from_name(name).expect("users can be looked up");
        Self(
            geteuid().is_root().then(|| user(name).or_else(|| user("nobody")).expect("there is a user to run servers")),
        )
    }

    /// A directory that belongs to the runner, in memory.
    pub fn directory(&self, name: &str) -> PathBuf {
        self.directory_in(Place::Memory, name)
    }

    pub fn directory_in(&self, place: Place, name: &str) -> PathBuf {
        let path = directory_in(place, name);
        if let Some(user) = &self.0 {
            chown(&path, Some(user.uid.as_raw()), Some(user.gid.as_raw())).expect("root can give a directory away");
        }
        path
    }

    /// A command that the runner runs.
    pub fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let Some(user) = &self.0 else {
            return tied(program);
        };
        let mut command = tied("setpriv");
        command.arg(format!("--reuid={}", user.uid)).arg(format!("--regid={}", user.gid));
        command.args(["--clear-groups", "--pdeathsig", "KILL", "--"]).arg(program);
        command
    }
}

/// Runs a command that prepares something.
#[track_caller]
pub fn prepare(command: &mut Command) {
    let output = command.stdin(Stdio::null()).output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{command:?} failed: {}\n{out}{err}", output.status);
}

/// Starts a server, to be ended with the run by the signal that it takes for a quick end.
///
/// A thread of its own starts it and stays: a command that is tied ends with the thread that started it.
pub fn keep(mut command: Command, end: &'static str) {
    let (started, child) = mpsc::channel();
    std::thread::spawn(move || {
        let _ = started.send(command.stdin(Stdio::null()).spawn());
        loop {
            std::thread::park();
        }
    });
    let child = child.recv().expect("the thread answers").expect("the server can be started");
    SERVERS.lock().unwrap_or_else(PoisonError::into_inner).push((child, end));
}

/// Ends all servers and removes the directories.
pub fn end() {
    for (mut child, end) in SERVERS.lock().unwrap_or_else(PoisonError::into_inner).drain(..) {
        if child.try_wait().is_ok_and(|status| status.is_none()) {
            signal(&child, end);
        }
        ended(&mut child);
    }
    drop(std::mem::take(&mut *DIRECTORIES.lock().unwrap_or_else(PoisonError::into_inner)));
}

/// The ports that the tests give to servers. The kernel gives those from 32768 on to whoever connects or asks for any
/// port, which could be before the server listens.
const PORTS: std::ops::Range<u16> = 12_000..32_000;

/// A loopback port that nobody listens at. No port is given out twice by a run.
pub fn free_port() -> u16 {
    // Another run at the same time begins elsewhere.
    static NEXT: LazyLock<AtomicU32> = LazyLock::new(|| AtomicU32::new(std::process::id().wrapping_mul(1009)));
    for _ in PORTS {
        let next = NEXT.fetch_add(1, Ordering::Relaxed) % u32::from(PORTS.end - PORTS.start);
        let port = PORTS.start + u16::try_from(next).expect("below the number of ports");
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
    panic!("every port of {PORTS:?} is taken");
}
