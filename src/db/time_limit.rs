//! The time limit of queries that people start and that may take long, and the rule that each person has one of them at
//! a time.
//!
//! A server ends a statement by itself. SQLite does not: a query that may take long has a condition
//! ([`super::in_time`]) that calls [`is_over`] for every row, and fails once that is true.

use std::cell::RefCell;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// The time limit for everything that one page reads on SQLite, and for each of its statements on a server.
pub const READ_TIME_LIMIT: Duration = Duration::from_secs(10);

/// The text of SQLite's error when the time is over.
pub const OUT_OF_TIME: &str = "the query has taken too long";

thread_local! {
    /// The limit of the query that this thread runs now.
    static LIMIT: RefCell<Option<TimeLimit>> = const { RefCell::new(None) };
}

#[derive(Clone)]
pub struct TimeLimit {
    until: Instant,
    /// Set when the request that waited for the answer was dropped.
    cancelled: Arc<AtomicBool>,
}

/// Cancels the query when it is dropped. The future of a request is dropped when its client disconnects.
pub struct CancelOnDrop(Arc<AtomicBool>);

impl TimeLimit {
    pub fn new() -> (Self, CancelOnDrop) {
        let cancelled = Arc::<AtomicBool>::default();
        (Self { until: Instant::now() + READ_TIME_LIMIT, cancelled: Arc::clone(&cancelled) }, CancelOnDrop(cancelled))
    }

    /// Runs a task on this thread under the limit.
    pub fn hold<T>(&self, task: impl FnOnce() -> T) -> T {
        LIMIT.set(Some(self.clone()));
        let result = task();
        LIMIT.set(None);
        result
    }

    pub fn is_over(&self) -> bool {
        Instant::now() > self.until || self.cancelled.load(Ordering::Relaxed)
    }
}

impl Drop for CancelOnDrop {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Whether the query of this thread must end.
pub fn is_over() -> bool {
    LIMIT.with_borrow(|limit| limit.as_ref().is_some_and(TimeLimit::is_over))
}

/// Who has one long query at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ReadTurn {
    /// A user, by id.
    User(i32),
    /// All readers without a session from one address, or from one network of IPv6.
    Address(Option<IpAddr>),
}

/// A semaphore for each that has a turn.
#[derive(Clone, Default)]
pub struct ReadTurns(Arc<Mutex<HashMap<ReadTurn, Arc<Semaphore>>>>);

impl ReadTurns {
    /// Waits until the earlier query has ended; None if that takes longer than `wait_limit`.
    pub async fn take(&self, of: ReadTurn, wait_limit: Duration) -> Option<OwnedSemaphorePermit> {
        let turn = {
            let mut turns = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            // Entries that no query holds or waits for are removed.
            turns.retain(|_, turn| Arc::strong_count(turn) > 1);
            Arc::clone(turns.entry(of).or_insert_with(|| Arc::new(Semaphore::new(1))))
        };
        tokio::time::timeout(wait_limit, turn.acquire_owned()).await.ok()?.ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_ends_when_nobody_waits_for_it() {
        let (limit, waiting) = TimeLimit::new();
        assert!(!limit.hold(is_over));
        drop(waiting);
        assert!(limit.hold(is_over));
        assert!(!is_over());
    }

    #[test]
    fn each_person_and_each_address_has_one_turn() {
        actix_web::rt::System::new().block_on(take_turns());
    }

    async fn take_turns() {
        let (turns, soon) = (ReadTurns::default(), Duration::from_millis(1));
        let first = turns.take(ReadTurn::User(1), soon).await.unwrap();
        assert!(turns.take(ReadTurn::User(1), soon).await.is_none());
        assert!(turns.take(ReadTurn::User(2), soon).await.is_some());
        let readers = ReadTurn::Address(Some([192, 0, 2, 1].into()));
        let _read = turns.take(readers, soon).await.unwrap();
        assert!(turns.take(readers, soon).await.is_none());
        assert!(turns.take(ReadTurn::Address(Some([192, 0, 2, 2].into())), soon).await.is_some());
        drop(first);
        assert!(turns.take(ReadTurn::User(1), soon).await.is_some());
        assert!(turns.0.lock().unwrap().len() <= 3);
    }
}
