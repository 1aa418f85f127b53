//! Programs that the tests start, and waiting for what they do.

use std::ffi::OsStr;
use std::fs;
use std::process::{Child, Command, ExitStatus};
use std::str::FromStr as _;
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

/// How long anything is waited for before a test fails. It costs nothing where all is well.
pub const PATIENCE: Duration = Duration::from_secs(90);

/// A command that is killed when the thread that started it ends, however the tests are ended.
/// Its environment is empty but for `PATH`.
pub fn tied(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "KILL", "--"]).arg(program).env_clear();
    if let Some(path) = std::env::var_os("PATH") {
        command.env("PATH", path);
    }
    command
}

/// Sends a signal by its name, such as `TERM`.
pub fn signal(child: &Child, name: &str) {
    signal_id(child.id(), name)
        .unwrap_or_else(|error| panic!("process {} cannot be sent SIG{name}: {error}", child.id()));
}

/// The same to a process that is not a child, or may have ended.
pub fn signal_id(id: u32, name: &str) -> nix::Result<()> {
    let signal = Signal::from_str(&format!("SIG{name}"))?;
    kill(Pid::from_raw(id.cast_signed()), signal)
}

/// All processes that a process has started, and those that these started.
pub fn descendants(id: u32) -> Vec<u32> {
    let mut family = vec![id];
    let mut next = 0;
    while let Some(parent) = family.get(next) {
        let tasks = fs::read_dir(format!("/proc/{parent}/task")).into_iter().flatten().flatten();
        let children: Vec<_> =
            tasks.map(|task| fs::read_to_string(task.path().join("children")).unwrap_or_default()).collect();
        family.extend(children.concat().split_whitespace().filter_map(|id| id.parse::<u32>().ok()));
        next += 1;
    }
    family.split_off(1)
}

/// Measures how long a program takes over something. Not counted is what its threads and the measuring one waited for a
/// processor: that is the machine's.
pub struct Stopwatch {
    program: u32,
    begun: Instant,
    waited: Duration,
}

impl Stopwatch {
    pub fn start(program: u32) -> Self {
        Self { program, begun: Instant::now(), waited: waited_for_processors(program) }
    }

    pub fn took(&self) -> Duration {
        self.begun.elapsed().saturating_sub(waited_for_processors(self.program).saturating_sub(self.waited))
    }
}

/// Linux counts it for each thread; zero where it does not.
fn waited_for_processors(program: u32) -> Duration {
    let threads = fs::read_dir(format!("/proc/{program}/task")).into_iter().flatten().flatten();
    let files = threads.map(|thread| thread.path().join("schedstat")).chain(["/proc/thread-self/schedstat".into()]);
    let waited = files.filter_map(|file| fs::read_to_string(file).ok()?.split(' ').nth(1)?.parse::<u64>().ok());
    Duration::from_nanos(waited.sum())
}

/// Waits for the end of a process.
#[track_caller]
pub fn ended(child: &mut Child) -> ExitStatus {
    eventually("the process ends", || child.try_wait().expect("a child can be waited for"))
}

/// Asks again and again until there is an answer.
#[track_caller]
pub fn eventually<T>(what: &str, mut ask: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(answer) = ask() {
            return answer;
        }
        assert!(Instant::now() < deadline, "waited in vain: {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}
