//! Hands errors of the log on to what tells administrators of them.

use std::cell::Cell;
use std::fmt::{Debug, Write as _};
use std::sync::OnceLock;

use tracing::field::{Field, Visit};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;

/// Errors of these targets are in the log only: whoever tells of errors would tell of its own.
const UNTOLD: &str = "polls.outbound";
/// The longest text of an error that is handed on, in characters.
const LONGEST_TEXT: usize = 2000;

/// An error line of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoggedError {
    /// The place in the program: target, file and line.
    pub place: String,
    /// What the line says, with its fields.
    pub text: String,
}

type ErrorSink = Box<dyn Fn(LoggedError) + Send + Sync>;

static SINK: OnceLock<ErrorSink> = OnceLock::new();

thread_local! {
    static IS_UNTOLD: Cell<bool> = const { Cell::new(false) };
}

/// Hands every further error of this process to `sink`, which must not block. The first call counts.
pub fn hand_errors_to(sink: impl Fn(LoggedError) + Send + Sync + 'static) {
    // A second one is left: nobody calls it twice.
    let _ = SINK.set(Box::new(sink));
}

/// Leaves errors of the present thread in the log only.
pub fn tell_nobody_of_this_thread() {
    IS_UNTOLD.set(true);
}

/// The layer beside the one that writes the log.
pub(super) struct ErrorLayer;

impl<S: Subscriber> Layer<S> for ErrorLayer {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let metadata = event.metadata();
        let is_own = metadata.target().starts_with("polls") && !metadata.target().starts_with(UNTOLD);
        let Some(sink) = SINK.get().filter(|_| is_own && *metadata.level() == Level::ERROR && !IS_UNTOLD.get()) else {
            return;
        };
        let mut line = ErrorText::default();
        event.record(&mut line);
        let (file, number) = (metadata.file().unwrap_or_default(), metadata.line().unwrap_or_default());
        let text = format!("{}{}", line.message, line.fields).chars().take(LONGEST_TEXT).collect();
        sink(LoggedError { place: format!("{} {file}:{number}", metadata.target()), text });
    }
}

/// The message and the fields of a line, as the log writes them.
#[derive(Default)]
struct ErrorText {
    message: String,
    fields: String,
}

impl Visit for ErrorText {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        // Writing to a text does not fail.
        let _ = match field.name() {
            "message" => write!(self.message, "{value:?}"),
            name => write!(self.fields, " {name}={value:?}"),
        };
    }
}
