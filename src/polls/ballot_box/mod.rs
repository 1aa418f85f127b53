//! Counts votes: a queue of limited length, one writer thread per process, and no answer before the commit is on disk.
//!
//! A vote passes through the files in this order: `queue` → `writer` → `session` (`facts`, `judge`, `sql`) → `replies`.

mod ballot;
mod facts;
mod judge;
mod queue;
mod replies;
mod session;
mod sql;
mod voter;
mod writer;

use std::convert::Infallible;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use self::ballot::{Ballot, sorted};
pub use self::ballot::{BallotVerdict, CastOutcome, NotCast, Refusal};
use self::queue::Queue;
use self::replies::ReplyChannel;
use self::session::BallotSession;
pub use self::sql::lock_choices;
pub use self::voter::{Credentials, Voter};
use self::writer::Writer;
use crate::db::Database;
use crate::metrics::VOTES;
use crate::polls::ballot::Mark;

/// The tables from which a lost commit would lose votes. A server is checked for settings that can lose commits
/// (`db::Database::new`).
pub const DURABLE_TABLES: &[&str] = &["polls_question", "polls_choice", "polls_ballot", "polls_deleted_ballot"];

/// How many votes may wait for the writer. Further votes are refused with status 503.
const QUEUE_CAPACITY: usize = 4096;

/// How long [`BallotBox::close`] waits before it tries again to put its message into a full queue.
const FULL_QUEUE_RETRY: Duration = Duration::from_millis(2);

/// How long a voter waits while a database server does not answer. (SQLite ends its waits itself.)
const NO_ANSWER_TIMEOUT: Duration = Duration::from_secs(3);

/// Accepts votes and returns their outcomes.
pub struct BallotBox {
    queue: Queue,
    /// How many batches the writer has answered.
    answered: Arc<AtomicU64>,
    on_server: bool,
    /// Disconnected when the writer's thread has ended.
    ended: Mutex<Option<Receiver<Infallible>>>,
}

impl BallotBox {
    /// Starts the writer thread. It connects to the database with the first vote.
    ///
    /// # Errors
    /// If the thread cannot be started.
    pub fn open(db: Database) -> std::io::Result<Self> {
        let (queue, votes) = Queue::new(QUEUE_CAPACITY);
        let (running, ended) = std::sync::mpsc::channel();
        let on_server = !db.is_sqlite();
        let answered = Arc::default();
        let writer = Writer::new(votes, BallotSession::new(db), Arc::clone(&answered));
        std::thread::Builder::new().name("ballot box".to_owned()).spawn(move || {
            let _running = running;
            writer.run();
        })?;
        Ok(Self { queue, answered, on_server, ended: Mutex::new(Some(ended)) })
    }

    /// Casts a vote and waits until it is on disk. A voter's second ballot with the same marks is counted once and
    /// acknowledged again; one without marks withdraws the voter's ballot, where the poll allows it. If a server does not answer in time, the wait ends, but the ballot stays in the queue and is
    /// written when the server answers again.
    ///
    /// # Errors
    /// [`NotCast`] if the ballot could not be written, or not in time.
    pub async fn cast(&self, question: i64, marks: Vec<Mark>, credentials: Credentials) -> CastOutcome {
        let outcome = self.outcome(Ballot { question, marks: sorted(marks), credentials }).await;
        VOTES.count(match &outcome {
            Ok(Ok(())) => "counted",
            Ok(Err(_)) => "refused",
            Err(NotCast::Full) => "queue full",
            Err(NotCast::Late) => "late",
            Err(_) => "failed",
        });
        outcome
    }

    async fn outcome(&self, ballot: Ballot) -> CastOutcome {
        let mut answer = self.queue.put(ballot, ReplyChannel::of_this_thread())?;
        if !self.on_server {
            return answer.await.unwrap_or(Err(NotCast::Stopped));
        }
        loop {
            let answered_before = self.answered.load(Ordering::Relaxed);
            match tokio::time::timeout(NO_ANSWER_TIMEOUT, &mut answer).await {
                Ok(outcome) => return outcome.unwrap_or(Err(NotCast::Stopped)),
                // The writer has answered other votes meanwhile, so the database works, and this ballot will be written
                // soon.
                Err(_) if self.answered.load(Ordering::Relaxed) != answered_before => {}
                Err(_) => return Err(NotCast::Late),
            }
        }
    }

    /// Lets the writer commit all votes that are waiting, for at most `grace`. Blocks.
    pub fn close(&self, grace: Duration) {
        let Some(ended) = self.ended.lock().ok().and_then(|mut ended| ended.take()) else {
            return;
        };
        let deadline = Instant::now() + grace;
        let mut told = false;
        loop {
            told = told || self.queue.close();
            let left = deadline.saturating_duration_since(Instant::now());
            match ended.recv_timeout(if told { left } else { left.min(FULL_QUEUE_RETRY) }) {
                Err(RecvTimeoutError::Disconnected) => return,
                _ if Instant::now() < deadline => {}
                _ => break,
            }
        }
        let waiting = self.queue.waiting();
        tracing::error!(target: "polls.vote", waiting, "The database did not take the last votes in time; none of them was acknowledged.");
    }
}

#[cfg(test)]
mod tests;
