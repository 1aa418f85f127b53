//! How long a query may take that a person has asked for, and who is asking now.
//!
//! A server ends a statement by itself. SQLite goes on until it is told to stop; it asks [`is_over`] with every row that
//! it searches, by a function of ours that a query names ([`super::in_time`]).

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// The time for what one page reads on SQLite, and for each of its statements on a server.
pub const MOST: Duration = Duration::from_secs(10);

/// What SQLite's error says then.
pub const TOLD: &str = "the query has taken too long";

thread_local! {
    /// The limit of what this thread reads now.
    static LIMIT: RefCell<Option<Limit>> = const { RefCell::new(None) };
}

#[derive(Clone)]
pub struct Limit {
    until: Instant,
    /// Whether nobody waits for the answer any more.
    left: Arc<AtomicBool>,
}

/// Ends the query when it is dropped, as happens to a request whose client has left.
pub struct Waiting(Arc<AtomicBool>);

impl Limit {
    pub fn new() -> (Self, Waiting) {
        let left = Arc::<AtomicBool>::default();
        (Self { until: Instant::now() + MOST, left: Arc::clone(&left) }, Waiting(left))
    }

    /// Runs a task of this thread under the limit.
    pub fn hold<T>(&self, task: impl FnOnce() -> T) -> T {
        LIMIT.set(Some(self.clone()));
        let result = task();
        LIMIT.set(None);
        result
    }

    pub fn is_over(&self) -> bool {
        Instant::now() > self.until || self.left.load(Ordering::Relaxed)
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Whether the query of this thread has to end.
pub fn is_over() -> bool {
    LIMIT.with_borrow(|limit| limit.as_ref().is_some_and(Limit::is_over))
}

/// One turn for each person.
#[derive(Clone, Default)]
pub struct Turns(Arc<Mutex<HashMap<i32, Arc<Semaphore>>>>);

impl Turns {
    /// Waits until nothing else is read for a person; None if that lasts for longer.
    pub async fn take(&self, person: i32, patience: Duration) -> Option<OwnedSemaphorePermit> {
        let turn = {
            let mut turns = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            // Those that nobody has or waits for.
            turns.retain(|_, turn| Arc::strong_count(turn) > 1);
            Arc::clone(turns.entry(person).or_insert_with(|| Arc::new(Semaphore::new(1))))
        };
        tokio::time::timeout(patience, turn.acquire_owned()).await.ok()?.ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_ends_when_nobody_waits_for_it() {
        let (limit, waiting) = Limit::new();
        assert!(!limit.hold(is_over));
        drop(waiting);
        assert!(limit.hold(is_over));
        assert!(!is_over());
    }

    #[test]
    fn each_person_has_one_turn() {
        actix_web::rt::System::new().block_on(take_turns());
    }

    async fn take_turns() {
        let (turns, soon) = (Turns::default(), Duration::from_millis(1));
        let first = turns.take(1, soon).await.unwrap();
        assert!(turns.take(1, soon).await.is_none());
        assert!(turns.take(2, soon).await.is_some());
        drop(first);
        assert!(turns.take(1, soon).await.is_some());
        assert!(turns.0.lock().unwrap().len() <= 2);
    }
}
