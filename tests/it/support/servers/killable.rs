//! A database server of a test's own, which can be killed and started again.

use std::process::{Child, Command, Stdio};

use super::wait_for;
use crate::support::database::try_open;
use crate::support::process::{descendants, ended, eventually, signal_id};

pub struct Killable {
    command: Box<dyn Fn() -> Command + Send>,
    process: Child,
    url: String,
}

impl Killable {
    /// Starts a server and waits until it takes connections at a URL.
    pub fn start(command: impl Fn() -> Command + Send + 'static, url: String) -> Self {
        let process = spawn(&command);
        wait_for(&url);
        Self { command: Box::new(command), process, url }
    }

    /// The same server with another of its databases.
    pub fn with_url(self, url: String) -> Self {
        // Fields cannot be moved out of what ends its process when it is dropped.
        let mut this = self;
        this.url = url;
        this
    }

    pub fn url(&self) -> &str {
        &self.url
    }

    /// The process that all others of it come from, for [`kill`].
    pub fn id(&self) -> u32 {
        self.process.id()
    }

    /// Starts it again after it was killed, and waits until it has recovered.
    #[track_caller]
    pub fn restart(&mut self) {
        kill(self.id());
        ended(&mut self.process);
        self.process = spawn(&self.command);
        eventually("the server has recovered", || {
            // It refuses to start for as long as one of the old processes is not quite gone.
            if self.process.try_wait().expect("a child can be waited for").is_some() {
                self.process = spawn(&self.command);
            }
            try_open(&self.url).ok()
        });
    }
}

impl Drop for Killable {
    fn drop(&mut self) {
        kill(self.id());
        let _ = self.process.wait();
    }
}

/// Ends a process and all that come from it without a word.
pub fn kill(id: u32) {
    for id in [vec![id], descendants(id)].concat() {
        // It may have ended already.
        let _ = signal_id(id, "KILL");
    }
}

fn spawn(command: &dyn Fn() -> Command) -> Child {
    command().stdin(Stdio::null()).spawn().expect("the server can be started")
}
