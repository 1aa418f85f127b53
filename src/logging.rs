//! The log: a tree of targets (`polls.request`, `polls.security`, `polls.db`, `polls.vote`, …), as text or
//! JSON, to standard error (which is Apache's error log under FastCGI) or a file.

mod errors;

use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use tracing_appender::rolling::{self, RollingFileAppender};
use tracing_subscriber::Layer as _;
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::fmt::{self, MakeWriter};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

pub use errors::{LoggedError, hand_errors_to, tell_nobody_of_this_thread};

use crate::settings::{LogFormat, LogSettings, Rotation};

/// The log of this process, which can be reopened after its file was moved.
#[derive(Clone)]
pub struct Logs {
    settings: LogSettings,
    file: Option<Arc<Mutex<RollingFileAppender>>>,
}

/// Starts logging, for the rest of the process.
///
/// # Errors
/// If the log file cannot be opened.
pub fn start(settings: &LogSettings) -> io::Result<Logs> {
    let file = settings.file.as_deref().map(|path| open(path, settings)).transpose()?;
    let logs = Logs { settings: settings.clone(), file: file.map(|file| Arc::new(Mutex::new(file))) };
    let layer = fmt::layer().with_writer(logs.clone()).with_ansi(false).log_internal_errors(false);
    let layer = match settings.format {
        LogFormat::Text => layer.boxed(),
        LogFormat::Json => layer.json().flatten_event(true).boxed(),
    };
    let layer = layer.with_filter(settings.level.clone());
    tracing_subscriber::registry().with(layer).with(errors::ErrorLayer.with_filter(LevelFilter::ERROR)).init();
    Ok(logs)
}

impl Logs {
    /// Opens the file again by its name, after `logrotate` has moved it (SIGHUP).
    pub fn reopen(&self) {
        let (Some(path), Some(file)) = (&self.settings.file, &self.file) else {
            return;
        };
        // If the program rotates its files itself, logrotate does not move them.
        if self.settings.rotation != Rotation::Never {
            return;
        }
        match open(path, &self.settings) {
            Ok(opened) => {
                *file.lock().unwrap_or_else(PoisonError::into_inner) = opened;
                tracing::info!(target: "polls.server", "Reopened the log.");
            }
            Err(error) => {
                tracing::error!(target: "polls.server", %error, "The log file cannot be reopened; writing to the old one.");
            }
        }
    }
}

/// An error that may occur thousands of times a second while a database cannot be reached: the first is logged at once.
/// Those of the following second are logged together when it is over, as the text of the last and their number.
pub struct Repeated {
    log: fn(error: &str, times: u64),
    /// The number and the last text since the second began.
    since: Mutex<Option<(u64, String)>>,
}

const SECOND: Duration = Duration::from_secs(1);

impl Repeated {
    pub const fn new(log: fn(error: &str, times: u64)) -> Self {
        Self { log, since: Mutex::new(None) }
    }

    pub fn log(&'static self, error: String) {
        let mut since = self.since.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((times, last)) = since.as_mut() {
            (*times, *last) = (*times + 1, error);
            return;
        }
        *since = Some((0, String::new()));
        drop(since);
        (self.log)(&error, 1);
        // If the thread that would log the others cannot be started, each error is logged at once.
        if thread::Builder::new().name("repeated".to_owned()).spawn(|| self.tell()).is_err() {
            *self.since.lock().unwrap_or_else(PoisonError::into_inner) = None;
        }
    }

    /// Logs once a second what came in that second, and ends when nothing came.
    fn tell(&self) {
        loop {
            thread::sleep(SECOND);
            let mut since = self.since.lock().unwrap_or_else(PoisonError::into_inner);
            let came = since.replace((0, String::new()));
            let Some((times @ 1.., last)) = came else {
                *since = None;
                return;
            };
            drop(since);
            (self.log)(&last, times);
        }
    }
}

fn open(path: &Path, settings: &LogSettings) -> io::Result<RollingFileAppender> {
    let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let name = path.file_name().ok_or_else(|| io::Error::other("log.file names no file"))?;
    let builder = RollingFileAppender::builder().filename_prefix(name.to_string_lossy());
    let builder = match settings.rotation {
        Rotation::Never => builder.rotation(rolling::Rotation::NEVER),
        Rotation::Hourly => builder.rotation(rolling::Rotation::HOURLY).max_log_files(settings.keep),
        Rotation::Daily => builder.rotation(rolling::Rotation::DAILY).max_log_files(settings.keep),
    };
    builder.build(directory).map_err(|error| io::Error::other(format!("{}: {error}", path.display())))
}

/// Writes a line to standard error or to the log file.
pub enum LogWriter<'a> {
    Stderr(io::Stderr),
    File(std::sync::MutexGuard<'a, RollingFileAppender>),
}

impl<'a> MakeWriter<'a> for Logs {
    type Writer = LogWriter<'a>;

    fn make_writer(&'a self) -> LogWriter<'a> {
        match &self.file {
            Some(file) => LogWriter::File(file.lock().unwrap_or_else(PoisonError::into_inner)),
            None => LogWriter::Stderr(io::stderr()),
        }
    }
}

impl io::Write for LogWriter<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Stderr(stderr) => stderr.write(bytes),
            Self::File(file) => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Stderr(stderr) => stderr.flush(),
            Self::File(file) => file.flush(),
        }
    }
}
