//! Whether a database server has been found away: then everybody is told so at once, and one tries again now and then.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use super::Error;

/// How long a server may take to let somebody in, or to answer who is in.
pub const NO_ANSWER: Duration = Duration::from_millis(700);

/// How long nobody tries again at most. As long as a try took: one that is refused at once costs next to nothing.
const LONGEST_PAUSE: Duration = Duration::from_millis(200);

/// Threads that try to get in at the same time.
const TRIES: usize = 8;

#[derive(Debug, Default)]
pub struct Outage {
    state: Mutex<Option<State>>,
    /// When the last one ended: a try that began before says nothing of what is now.
    ended: Mutex<Option<Instant>>,
    tries: Arc<AtomicUsize>,
}

#[derive(Debug)]
struct State {
    /// Until then nobody tries.
    until: Instant,
    pause: Duration,
    why: String,
}

impl Outage {
    /// Passes where there is none, and one after each pause that tries again.
    ///
    /// # Errors
    /// `Unreachable` during an outage.
    pub fn expect_none(&self) -> Result<(), Error> {
        match self.state().as_mut() {
            Some(state) if Instant::now() < state.until => Err(Error::Unreachable(state.why.clone())),
            Some(state) => {
                state.until = Instant::now() + state.pause;
                Ok(())
            }
            None => Ok(()),
        }
    }

    /// The same for who only waits.
    ///
    /// # Errors
    /// `Unreachable` during an outage.
    pub fn expect_none_yet(&self) -> Result<(), Error> {
        self.state().as_ref().map_or(Ok(()), |state| Err(Error::Unreachable(state.why.clone())))
    }

    /// Says what everybody is told until [`Self::end`], after a try that took so long.
    pub fn begin(&self, why: &str, took: Duration) -> Error {
        let (pause, now) = (took.min(LONGEST_PAUSE), Instant::now());
        let ended = *self.ended.lock().unwrap_or_else(PoisonError::into_inner);
        if ended.is_some_and(|ended| now.duration_since(ended) <= took) {
            return Error::Unreachable(why.to_owned());
        }
        *self.state() = Some(State { until: now + pause, pause, why: why.to_owned() });
        Error::Unreachable(why.to_owned())
    }

    pub fn is_on(&self) -> bool {
        self.state().is_some()
    }

    pub fn end(&self) {
        if self.state().take().is_some() {
            *self.ended.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
        }
    }

    /// What a task comes to, if that is soon; libpq and libmariadb count in seconds, and do so on another thread.
    ///
    /// # Errors
    /// What the task says, or `Unreachable`.
    pub fn in_time<T: Send + 'static>(
        &self,
        task: impl FnOnce() -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let tries = Arc::clone(&self.tries);
        if tries.fetch_add(1, Ordering::Relaxed) >= TRIES {
            tries.fetch_sub(1, Ordering::Relaxed);
            return Err(Error::Unreachable("it has let nobody in for long".to_owned()));
        }
        let (result, came) = mpsc::sync_channel(1);
        let started = thread::Builder::new().name("connecting".to_owned()).spawn(move || {
            let done = task();
            tries.fetch_sub(1, Ordering::Relaxed);
            // Who has given up is told nothing.
            let _ = result.send(done);
        });
        started.map_err(|error| Error::Unreachable(error.to_string()))?;
        came.recv_timeout(NO_ANSWER).unwrap_or_else(|_| Err(Error::Unreachable("it lets nobody in".to_owned())))
    }

    fn state(&self) -> MutexGuard<'_, Option<State>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
