//! The one writer of this process: takes whatever waits, commits it at once, then answers.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use diesel::result::{DatabaseErrorKind, Error as Diesel};
use tokio::sync::mpsc;

use super::mailbox::{Waiter, answer};
use super::store::Store;
use super::{BATCH, Ballot, Message, NotCast, Outcome, Verdict};
use crate::db;
use crate::logging::Repeated;
use crate::seeded_bugs::{self, Bug};

/// Batches of votes that were not written, or are written again.
static NOT_WRITTEN: Repeated = Repeated::new(
    |error, batches| tracing::error!(target: "polls.vote", error, batches, "Votes could not be written."),
);
static WRITTEN_AGAIN: Repeated =
    Repeated::new(|error, batches| tracing::warn!(target: "polls.vote", error, batches, "Votes are written again."));

/// How often a transaction is tried that something else broke off.
const TRIES: usize = 3;

/// How long ballots are written one by one while others wait.
const PATIENCE: Duration = Duration::from_secs(10);

/// Votes that are worth a commit of their own: those who come meanwhile fill the next one.
const ENOUGH: usize = 256;

/// The writer and what it works on.
pub(super) struct Writer<S> {
    votes: mpsc::Receiver<Message>,
    pub store: S,
    /// How often it has answered.
    answered: Arc<AtomicU64>,
}

impl<S: Store> Writer<S> {
    pub fn new(votes: mpsc::Receiver<Message>, store: S, answered: Arc<AtomicU64>) -> Self {
        Self { votes, store, answered }
    }

    /// Runs until the box is closed.
    pub fn run(mut self) {
        let most = usize::try_from(BATCH).unwrap_or(1);
        while self.step(most) {}
    }

    /// Waits for votes, and commits and answers at most so many; false once the box is closed.
    pub fn step(&mut self, most: usize) -> bool {
        let messages = self.take(most);
        if messages.is_empty() {
            return false;
        }
        let mut open = true;
        let (mut ballots, mut waiters) = (Vec::with_capacity(messages.len()), Vec::with_capacity(messages.len()));
        for message in messages {
            match message {
                Message::Cast(ballot, waiter) => {
                    ballots.push(ballot);
                    waiters.push(waiter);
                }
                Message::Close => open = false,
            }
        }
        if !ballots.is_empty() {
            self.count(&ballots, waiters);
            self.answered.fetch_add(1, Ordering::Relaxed);
        }
        open
    }

    /// Waits for votes, and lets those run who are just casting theirs: a commit costs as much for one as for many.
    fn take(&mut self, most: usize) -> Vec<Message> {
        let mut messages = Vec::with_capacity(most.min(self.votes.len()));
        loop {
            let room = most - messages.len();
            let came = self.votes.blocking_recv_many(&mut messages, room);
            if came == 0 || messages.len() >= most.min(ENOUGH) {
                return messages;
            }
            std::thread::yield_now();
            if self.votes.is_empty() {
                return messages;
            }
        }
    }

    fn count(&mut self, ballots: &[Ballot], mut waiters: Vec<Waiter>) {
        if seeded_bugs::strikes(Bug::DroppedBatch) {
            return acknowledge(waiters);
        }
        if seeded_bugs::is_on(Bug::AnswerBeforeCommit) {
            acknowledge(std::mem::take(&mut waiters));
        }
        // A panic must not end the counting of later votes; those waiting hear that it is not known.
        if let Ok(outcomes) = catch_unwind(AssertUnwindSafe(|| outcomes(&mut self.store, ballots))) {
            answer(outcomes, waiters);
        } else {
            let ballots = ballots.len();
            tracing::error!(target: "polls.vote", ballots, "The ballot box failed; it goes on with a new connection.");
            self.store.forget();
        }
    }
}

/// An outcome for every ballot. Ballots that cannot be written together are written one by one, so that
/// one bad ballot fails alone.
fn outcomes(store: &mut impl Store, ballots: &[Ballot]) -> Vec<Outcome> {
    let mut outcomes = match persist(store, ballots, false) {
        Ok(verdicts) => verdicts.into_iter().map(Ok).collect(),
        Err(db::Error::Query(_)) if ballots.len() > 1 => one_by_one(store, ballots),
        Err(error) => vec![Err(NotCast::Database(error))],
    };
    if let Some(Err(error)) = outcomes.last() {
        NOT_WRITTEN.log(error.to_string());
    }
    // What stopped one stops those behind it.
    outcomes.resize_with(ballots.len(), || Err(NotCast::Stopped));
    outcomes
}

/// Outcomes up to the first ballot that could not even be tried.
fn one_by_one(store: &mut impl Store, ballots: &[Ballot]) -> Vec<Outcome> {
    let deadline = Instant::now() + PATIENCE;
    let mut outcomes = Vec::with_capacity(ballots.len());
    for ballot in ballots {
        // The transaction of all of them may have been committed without our hearing of it.
        let outcome = persist(store, std::slice::from_ref(ballot), true);
        let stop = matches!(outcome, Err(db::Error::Busy(_) | db::Error::Unreachable(_))) || Instant::now() > deadline;
        outcomes.push(match outcome {
            Ok(mut verdicts) => verdicts.pop().ok_or(NotCast::Stopped),
            Err(error) => Err(error.into()),
        });
        if stop {
            break;
        }
    }
    outcomes
}

/// Tries again what a lock or a lost connection broke off. What an earlier try did commit is found by
/// its voter (`again`) and not written twice.
fn persist(store: &mut impl Store, ballots: &[Ballot], again: bool) -> Result<Vec<Verdict>, db::Error> {
    let mut tries = 1;
    loop {
        let error = match store.write(ballots, again || tries > 1) {
            Ok(verdicts) => return Ok(verdicts),
            Err(error) => error,
        };
        // Which ballot it was the next try finds out, so there is always one more for that.
        let overtaken = was_overtaken(&error);
        let last = if overtaken { TRIES + 1 } else { TRIES };
        if tries >= last || (matches!(error, db::Error::Query(_)) && !overtaken) {
            return Err(error);
        }
        WRITTEN_AGAIN.log(error.to_string());
        tries += 1;
    }
}

/// Whether something was committed since the facts were read: a ballot of the same voter (our own, or one that was
/// sent to another process as well), or a choice's deletion.
fn was_overtaken(error: &db::Error) -> bool {
    use DatabaseErrorKind::{ForeignKeyViolation, UniqueViolation};
    matches!(
        error,
        db::Error::Query(Diesel::NotFound | Diesel::DatabaseError(UniqueViolation | ForeignKeyViolation, _))
    )
}

/// What two of the seeded bugs do.
fn acknowledge(waiters: Vec<Waiter>) {
    answer(waiters.iter().map(|_| Ok(Ok(()))).collect(), waiters);
}
