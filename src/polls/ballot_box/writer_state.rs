//! What the writers of a process share. There is one at a time, unless a database server does not answer: a host that
//! vanished, or a process that was stopped, leaves the writer waiting for its commit, on MariaDB without end. Then a
//! new writer with a new connection goes on with the queue. For the database they are like two processes.

use std::convert::Infallible;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::Sender;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::mpsc;

use super::ballot::NotCast;
use super::queue::QueueItem;
use super::replies::{Waiter, answer};

/// How long a batch is written before its writer is replaced: longer than a wait for a lock, which is 5 s.
const STUCK_AFTER: Duration = Duration::from_secs(6);

/// How many replaced writers may be waiting for their database. Each has a thread and a connection.
const MAX_REPLACED: usize = 4;

pub(super) struct WriterState {
    votes: Mutex<mpsc::Receiver<QueueItem>>,
    /// How many batches were answered, or are about to be.
    answered: AtomicU64,
    current: Mutex<CurrentWriter>,
}

struct CurrentWriter {
    number: u64,
    /// What it is writing.
    batch: Option<CurrentBatch>,
    /// How many writers before it still wait for their database.
    replaced: usize,
    /// Dropped when the box is closed and the writer has ended.
    running: Option<Sender<Infallible>>,
}

struct CurrentBatch {
    begun: Instant,
    waiters: Vec<Waiter>,
}

impl WriterState {
    /// The state of a box whose first writer has the number 0. `running` is dropped when the current writer has ended.
    pub fn new(votes: mpsc::Receiver<QueueItem>, running: Option<Sender<Infallible>>) -> Self {
        let current = CurrentWriter { number: 0, batch: None, replaced: 0, running };
        Self { votes: Mutex::new(votes), answered: AtomicU64::default(), current: Mutex::new(current) }
    }

    /// The queue's end. The current writer holds it while it waits for votes, and not while it writes them.
    pub fn votes(&self) -> MutexGuard<'_, mpsc::Receiver<QueueItem>> {
        self.votes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn answered(&self) -> u64 {
        self.answered.load(Ordering::Relaxed)
    }

    pub fn is_current(&self, writer: u64) -> bool {
        self.current().number == writer
    }

    /// Notes that the current writer writes the ballots of these voters.
    pub fn begin(&self, waiters: Vec<Waiter>) {
        self.current().batch = Some(CurrentBatch { begun: Instant::now(), waiters });
    }

    /// The voters of a batch that was written or not; None if they were told meanwhile that this is not known.
    ///
    /// The batch counts as answered from now on, before the answers are sent: a vote that is sent after an answer must
    /// not wait longer because of the batch before it.
    pub fn finish(&self, writer: u64) -> Option<Vec<Waiter>> {
        let mut current = self.current();
        if current.number != writer {
            return None;
        }
        let batch = current.batch.take()?;
        self.answered.fetch_add(1, Ordering::Relaxed);
        Some(batch.waiters)
    }

    /// Whether the current writer has been writing a batch for so long that another one may take its place.
    pub fn is_stuck(&self) -> bool {
        let current = self.current();
        let long = current.batch.as_ref().is_some_and(|batch| batch.begun.elapsed() >= STUCK_AFTER);
        long && current.replaced < MAX_REPLACED
    }

    /// Tells the voters of a stuck writer that it is not known whether their votes count, and returns the number of the
    /// writer that takes its place; None if none is stuck.
    pub fn replace_stuck(&self) -> Option<u64> {
        let mut current = self.current();
        let room = current.replaced < MAX_REPLACED;
        let batch = current.batch.take_if(|batch| room && batch.begun.elapsed() >= STUCK_AFTER)?;
        current.number += 1;
        current.replaced += 1;
        let number = current.number;
        drop(current);
        let ballots = batch.waiters.len();
        tracing::error!(target: "polls.vote", ballots, "The database does not answer; votes go on with a new connection.");
        answer(batch.waiters.iter().map(|_| Err(NotCast::Late)).collect(), batch.waiters);
        Some(number)
    }

    /// A writer has ended. With the current one, the box is closed: what still waits is not written.
    pub fn end(&self, writer: u64) {
        let mut current = self.current();
        if current.number != writer {
            current.replaced -= 1;
            return;
        }
        let running = current.running.take();
        drop(current);
        let mut votes = self.votes();
        votes.close();
        while votes.try_recv().is_ok() {}
        drop(running);
    }

    fn current(&self) -> MutexGuard<'_, CurrentWriter> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
