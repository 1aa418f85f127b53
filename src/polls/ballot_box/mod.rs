//! Where votes are counted: a bounded queue, one writer per process, and no answer before the commit
//! has reached the disk.

mod judge;
mod mailbox;
mod store;
mod voter;
mod writer;

use std::convert::Infallible;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tokio::sync::{mpsc, oneshot};

use self::mailbox::{Mailbox, Waiter};
use self::store::DatabaseStore;
pub use self::voter::Voter;
use self::writer::Writer;
use crate::db::{self, Database};
use crate::web;

/// Votes that may wait for the writer; one more is told to come back.
const QUEUE: usize = 4096;

/// How long to wait for room in the queue to say that it is closed.
const FULL_QUEUE: Duration = Duration::from_millis(2);

/// How long a voter waits while a database server answers nothing. (SQLite itself ends its waits.)
const NO_ANSWER: Duration = Duration::from_secs(3);

/// The most ballots in one transaction.
const BATCH: i32 = 1000;

/// Takes votes and says what became of them.
pub struct BallotBox {
    queue: Queue,
    /// How often the writer has answered.
    answered: Arc<AtomicU64>,
    on_server: bool,
    /// Breaks off when the writer ends.
    ended: Mutex<Option<Receiver<Infallible>>>,
}

/// A vote on its way.
#[derive(Debug, Clone)]
struct Ballot {
    question: i64,
    choice: i64,
    /// Unique among the ballots of a question, so that a ballot that is written again after a lost answer
    /// counts once.
    voter: Voter,
}

enum Message {
    Cast(Ballot, Waiter),
    Close,
}

type Outcome = Result<Verdict, NotCast>;

/// Counted, or not a vote that could be.
pub type Verdict = Result<(), Refusal>;

/// Why a vote is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// The question is not there or not public.
    NoSuchQuestion,
    /// The question takes no votes any more.
    Closed,
    /// The choice is not one of the question's.
    NoSuchChoice,
    /// The choice's total has no room for more: Django's column holds 31 bits.
    Full,
    /// The voter's ballot is in the box already, for another choice.
    VotedOtherwise,
}

/// Why a vote is not acknowledged. Whether it was counted is not known where the database broke off.
#[derive(Debug, thiserror::Error)]
pub enum NotCast {
    #[error("too many votes are waiting")]
    Full,
    #[error("the ballot box is closed")]
    Closed,
    #[error("the votes before it could not be written")]
    Stopped,
    #[error("the database server does not answer; whether the vote is counted is not known yet")]
    Late,
    #[error(transparent)]
    Database(#[from] db::Error),
}

impl From<NotCast> for web::Error {
    fn from(error: NotCast) -> Self {
        match error {
            NotCast::Full | NotCast::Closed | NotCast::Stopped | NotCast::Late => {
                Self::Unavailable(error.to_string().into())
            }
            NotCast::Database(error) => error.into(),
        }
    }
}

impl BallotBox {
    /// Starts the writer; it connects with the first vote.
    ///
    /// # Errors
    /// If no thread can be started.
    pub fn open(db: Database) -> std::io::Result<Self> {
        let (queue, votes) = Queue::new(QUEUE);
        let (running, ended) = std::sync::mpsc::channel();
        let (on_server, answered) = (!db.is_sqlite(), Arc::default());
        let writer = Writer::new(votes, DatabaseStore::new(db), Arc::clone(&answered));
        std::thread::Builder::new().name("ballot box".to_owned()).spawn(move || {
            let _running = running;
            writer.run();
        })?;
        Ok(Self { queue, answered, on_server, ended: Mutex::new(Some(ended)) })
    }

    /// Casts a vote and waits until it is on disk. A voter's second ballot for the same choice is the first
    /// one, counted already. A ballot that is not waited for any more is written when the server answers again.
    ///
    /// # Errors
    /// [`NotCast`] if it could not be written.
    pub async fn cast(&self, question: i64, choice: i64, voter: Voter) -> Outcome {
        let mut answer = self.queue.put(Ballot { question, choice, voter }, Mailbox::here())?;
        if !self.on_server {
            return answer.await.unwrap_or(Err(NotCast::Stopped));
        }
        loop {
            let before = self.answered.load(Ordering::Relaxed);
            match tokio::time::timeout(NO_ANSWER, &mut answer).await {
                Ok(outcome) => return outcome.unwrap_or(Err(NotCast::Stopped)),
                // Others are answered: it is only long until this one's turn.
                Err(_) if self.answered.load(Ordering::Relaxed) != before => {}
                Err(_) => return Err(NotCast::Late),
            }
        }
    }

    /// Lets the writer finish what is waiting, for as long as `patience`. Blocks.
    pub fn close(&self, patience: Duration) {
        let Some(ended) = self.ended.lock().ok().and_then(|mut ended| ended.take()) else {
            return;
        };
        let deadline = Instant::now() + patience;
        let mut told = false;
        loop {
            told = told || self.queue.close();
            let left = deadline.saturating_duration_since(Instant::now());
            match ended.recv_timeout(if told { left } else { left.min(FULL_QUEUE) }) {
                Err(RecvTimeoutError::Disconnected) => return,
                _ if Instant::now() < deadline => {}
                _ => break,
            }
        }
        let waiting = self.queue.waiting();
        tracing::error!(target: "polls.vote", waiting, "The database did not take the last votes in time; none of them was acknowledged.");
    }
}

/// The end of the queue where votes are put in.
struct Queue(mpsc::Sender<Message>);

impl Queue {
    fn new(places: usize) -> (Self, mpsc::Receiver<Message>) {
        let (queue, votes) = mpsc::channel(places);
        (Self(queue), votes)
    }

    /// Hands back where the answer will be once it was delivered; it never is if the writer ends first.
    fn put(&self, ballot: Ballot, mailbox: Mailbox) -> Result<oneshot::Receiver<Outcome>, NotCast> {
        let (answer, answered) = oneshot::channel();
        match self.0.try_send(Message::Cast(ballot, Waiter { answer, mailbox })) {
            Ok(()) => Ok(answered),
            Err(mpsc::error::TrySendError::Full(_)) => Err(NotCast::Full),
            Err(mpsc::error::TrySendError::Closed(_)) => Err(NotCast::Closed),
        }
    }

    /// Tells the writer to end when it comes to here; false if there is no room to say so.
    fn close(&self) -> bool {
        self.0.try_send(Message::Close).is_ok()
    }

    fn waiting(&self) -> usize {
        self.0.max_capacity() - self.0.capacity()
    }
}

#[cfg(test)]
mod tests;
