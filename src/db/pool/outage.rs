//! Outages of a database server. During an outage requests fail at once, and after each pause one of them tries to
//! connect.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::db::DatabaseError;
use crate::db::first_answer::first_answer;

/// How long a server may take to accept a connection, or to answer on one.
pub const ANSWER_TIMEOUT: Duration = Duration::from_millis(700);

/// The longest pause between two attempts. A pause is as long as the attempt before it took, because an attempt that is
/// refused at once costs almost nothing.
const MAX_PAUSE: Duration = Duration::from_millis(200);

/// How many threads may be connecting at the same time.
const MAX_CONNECTING: usize = 8;

#[derive(Debug, Default)]
pub struct Outage {
    current: Mutex<Option<CurrentOutage>>,
    /// When the last outage ended. The failure of an attempt that began before that does not begin a new outage.
    ended: Mutex<Option<Instant>>,
    /// Has a clone for each thread that is connecting.
    connecting: Arc<()>,
}

#[derive(Debug)]
struct CurrentOutage {
    next_try: Instant,
    pause: Duration,
    why: String,
}

impl Outage {
    /// Without an outage, always succeeds. During one, it succeeds once after each pause, for a caller that tries to
    /// connect.
    ///
    /// # Errors
    /// `Unreachable` during an outage.
    pub fn expect_attempt(&self) -> Result<(), DatabaseError> {
        match self.current().as_mut() {
            Some(outage) if Instant::now() < outage.next_try => Err(DatabaseError::Unreachable(outage.why.clone())),
            Some(outage) => {
                outage.next_try = Instant::now() + outage.pause;
                Ok(())
            }
            None => Ok(()),
        }
    }

    /// Succeeds only without an outage; for callers that wait for a connection and do not connect themselves.
    ///
    /// # Errors
    /// `Unreachable` during an outage.
    pub fn expect_none(&self) -> Result<(), DatabaseError> {
        self.current().as_ref().map_or(Ok(()), |outage| Err(DatabaseError::Unreachable(outage.why.clone())))
    }

    /// Begins an outage after an attempt that took the time `took`, unless another attempt has succeeded since that one
    /// began. Returns the error for requests until [`Self::end`].
    pub fn begin(&self, why: &str, took: Duration) -> DatabaseError {
        let pause = took.min(MAX_PAUSE);
        let now = Instant::now();
        let ended = *self.ended.lock().unwrap_or_else(PoisonError::into_inner);
        if ended.is_none_or(|ended| now.duration_since(ended) > took) {
            *self.current() = Some(CurrentOutage { next_try: now + pause, pause, why: why.to_owned() });
        }
        DatabaseError::Unreachable(why.to_owned())
    }

    pub fn is_on(&self) -> bool {
        self.current().is_some()
    }

    pub fn end(&self) {
        if self.current().take().is_some() {
            *self.ended.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
        }
    }

    /// The first of several attempts to connect that succeeds within [`ANSWER_TIMEOUT`].
    ///
    /// # Errors
    /// As [`first_answer`]; `Unreachable` if too many threads are connecting.
    pub fn in_time<T: Send + 'static>(
        &self,
        attempts: impl IntoIterator<Item = impl FnOnce() -> Result<T, DatabaseError> + Send + 'static>,
    ) -> Result<T, DatabaseError> {
        if Arc::strong_count(&self.connecting) > MAX_CONNECTING {
            return Err(DatabaseError::Unreachable("it has let nobody in for long".to_owned()));
        }
        let counted = attempts.into_iter().map(|attempt| {
            let connecting = Arc::downgrade(&self.connecting);
            move || {
                let _until_it_has_ended = connecting.upgrade();
                attempt()
            }
        });
        first_answer(counted, ANSWER_TIMEOUT)
    }

    fn current(&self) -> MutexGuard<'_, Option<CurrentOutage>> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
