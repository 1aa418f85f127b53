//! Waits for a database server no longer than it wants to: the time-outs of libpq are whole seconds, and libmariadb
//! waits for a host that does not answer without end.

use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use super::DatabaseError;

/// How long one of several hosts is waited for before the next one is tried as well.
const HEAD_START: Duration = Duration::from_millis(250);

/// Runs attempts to connect, each on its own thread, and waits at most `limit` for all of them. The first attempt that
/// succeeds is the answer. The next one begins when the one before it has failed, or has not ended within
/// [`HEAD_START`].
///
/// # Errors
/// The error of the last attempt that ended; `Unreachable` if none ended in time.
pub fn first_answer<T: Send + 'static>(
    attempts: impl IntoIterator<Item = impl FnOnce() -> Result<T, DatabaseError> + Send + 'static>,
    limit: Duration,
) -> Result<T, DatabaseError> {
    let end = Instant::now() + limit;
    let (result, received) = mpsc::channel();
    let mut attempts = attempts.into_iter().peekable();
    let mut failed = DatabaseError::Unreachable("it lets nobody in".to_owned());
    let mut running = 0_usize;
    while let Some(attempt) = attempts.next() {
        let result = result.clone();
        // Sending fails if the wait is over, because the receiver is gone then.
        let task = move || drop(result.send(attempt()));
        let started = thread::Builder::new().name("connecting".to_owned()).spawn(task);
        started.map_err(|error| DatabaseError::Unreachable(error.to_string()))?;
        running += 1;
        let until = if attempts.peek().is_some() { end.min(Instant::now() + HEAD_START) } else { end };
        while running > 0 {
            match received.recv_timeout(until.saturating_duration_since(Instant::now())) {
                Ok(Err(error)) => (failed, running) = (error, running - 1),
                Ok(connected) => return connected,
                Err(_) => break,
            }
        }
    }
    Err(failed)
}
