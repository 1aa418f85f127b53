//! Shows the progress of a long command on standard error, if that is a terminal.

use std::io::{IsTerminal as _, Write as _, stderr};
use std::time::{Duration, Instant};

/// How often the line is written at most.
const TICK: Duration = Duration::from_millis(200);

pub struct ProgressLine {
    shown: Option<Instant>,
    is_watched: bool,
}

impl ProgressLine {
    pub fn new() -> Self {
        Self { shown: None, is_watched: stderr().is_terminal() }
    }

    pub fn show(&mut self, what: &str, number: u64) {
        if self.is_watched && self.shown.is_none_or(|shown| shown.elapsed() >= TICK) {
            self.shown = Some(Instant::now());
            let _ = write!(stderr(), "\r\x1b[K{what}: {number}");
        }
    }

    /// Removes the line.
    pub fn end(&mut self) {
        if self.shown.take().is_some() {
            let _ = write!(stderr(), "\r\x1b[K");
        }
    }
}
