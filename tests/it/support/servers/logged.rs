//! A program that writes to a log file until its test ends.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};

use crate::support::process::{ended, eventually, signal};

pub struct Logged {
    child: Child,
    log: PathBuf,
}

impl Logged {
    /// Starts a command with its output in a file, which is shown if the test fails.
    #[track_caller]
    pub fn start(command: Command, log: PathBuf) -> Self {
        Self::start_with(command, Stdio::null(), log)
    }

    /// The same with something on standard input.
    #[track_caller]
    pub fn start_with(mut command: Command, input: Stdio, log: PathBuf) -> Self {
        let file = File::create(&log).expect("a log can be made");
        command.stdin(input).stdout(file.try_clone().expect("it can be shared")).stderr(file);
        Self { child: command.spawn().expect("the program can be started"), log }
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    pub fn text(&self) -> String {
        read(&self.log)
    }

    /// The first line that contains a text, as soon as there is one.
    #[track_caller]
    pub fn wait_for(&mut self, text: &str) -> String {
        eventually(&format!("{text:?} in the log"), || {
            let over = self.has_ended();
            let log = self.text();
            let line = log.lines().find(|line| line.contains(text)).map(str::to_owned);
            assert!(line.is_some() || !over, "the program ended: {log}");
            line
        })
    }

    pub fn has_ended(&mut self) -> bool {
        self.child.try_wait().expect("a child can be waited for").is_some()
    }

    pub fn signal(&self, name: &str) {
        signal(&self.child, name);
    }

    /// Waits for the program to end by itself.
    #[track_caller]
    pub fn ended(&mut self) -> ExitStatus {
        ended(&mut self.child)
    }
}

/// What is written so far; nothing where there is no file yet.
pub fn read(log: &Path) -> String {
    std::fs::read(log).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default()
}

/// Asks it to end, which a web server needs to end its own children.
impl Drop for Logged {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("{}:\n{}", self.log.display(), self.text());
        }
        if !self.has_ended() {
            self.signal("TERM");
        }
        let _ = self.child.wait();
    }
}
