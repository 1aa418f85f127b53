//! Counts votes: a queue of limited length, one writer thread per process, and no answer before the commit is on disk.
//!
//! A vote passes through the files in this order: `queue` → `writer` → `session` (`facts`, `judge`, `sql`) → `replies`.

mod ballot;
mod facts;
mod judge;
mod queue;
mod recent;
mod replies;
mod session;
mod sql;
mod voter;
mod writer;
mod writer_state;

use std::convert::Infallible;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use self::ballot::{Ballot, sorted};
pub use self::ballot::{BallotVerdict, CastMarks, CastOutcome, NotCast, Refusal};
use self::queue::Queue;
use self::replies::ReplyChannel;
use self::session::BallotSession;
pub use self::sql::lock_choices;
pub use self::voter::{Credentials, Voter};
use self::writer::Writer;
use self::writer_state::WriterState;
use crate::db::Database;
use crate::metrics::{VOTES, history};

/// The tables from which a lost commit would lose votes. A server is checked for settings that can lose commits
/// (`db::Database::new`).
pub const DURABLE_TABLES: &[&str] =
    &["polls_question", "polls_choice", "polls_ballot", "polls_deleted_ballot", "polls_participation"];

/// How many votes may wait for the writer. Further votes are refused with status 503.
const QUEUE_CAPACITY: usize = 4096;

/// How long [`BallotBox::close`] waits before it tries again to put its message into a full queue.
const FULL_QUEUE_RETRY: Duration = Duration::from_millis(2);

/// How long a voter waits while a database server does not answer. (SQLite ends its waits itself.)
const NO_ANSWER_TIMEOUT: Duration = Duration::from_secs(3);

/// Accepts votes and returns their outcomes.
pub struct BallotBox {
    queue: Queue,
    db: Database,
    writers: Arc<WriterState>,
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
        let writers = Arc::new(WriterState::new(votes, Some(running)));
        let writer = Writer::new(Arc::clone(&writers), BallotSession::new(db.clone()));
        writer_thread().spawn(move || writer.run())?;
        Ok(Self { queue, db, writers, ended: Mutex::new(Some(ended)) })
    }

    /// Casts a vote and waits until it is on disk. A voter's second ballot with the same marks is counted once and
    /// acknowledged again; one without marks withdraws the voter's ballot, where the poll allows it. If a server does
    /// not answer in time, the wait ends, but the ballot is written when the server answers again.
    ///
    /// # Errors
    /// [`NotCast`] if the ballot could not be written, or not in time.
    pub async fn cast(&self, question: i64, marks: impl Into<CastMarks>, credentials: Credentials) -> CastOutcome {
        let CastMarks { marks, written } = marks.into();
        let outcome = self.outcome(Ballot { question, marks: sorted(marks), written, credentials }).await;
        if matches!(outcome, Ok(Ok(()))) {
            history::VOTES.count();
        }
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
        if self.db.is_sqlite() {
            return answer.await.unwrap_or(Err(NotCast::Stopped));
        }
        loop {
            let answered_before = self.writers.answered();
            match tokio::time::timeout(NO_ANSWER_TIMEOUT, &mut answer).await {
                Ok(outcome) => return outcome.unwrap_or(Err(NotCast::Stopped)),
                // The writer has answered other votes meanwhile, so the database works, and this ballot will be written
                // soon.
                Err(_) if self.writers.answered() != answered_before => {}
                // If the ballot is one of those that the stuck writer has, its answer comes at once.
                Err(_) if self.replace_stuck_writer() => {}
                Err(_) => return Err(NotCast::Late),
            }
        }
    }

    /// Whether a stuck writer gives its place to another one.
    fn replace_stuck_writer(&self) -> bool {
        let (writers, session) = (Arc::clone(&self.writers), BallotSession::new(self.db.clone()));
        let replace = move || Writer::instead_of_stuck(writers, session).map(Writer::run);
        self.writers.is_stuck() && writer_thread().spawn(replace).is_ok()
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

fn writer_thread() -> std::thread::Builder {
    std::thread::Builder::new().name("ballot box".to_owned())
}

#[cfg(test)]
mod tests;
