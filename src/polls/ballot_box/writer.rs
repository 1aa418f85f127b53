//! The writer thread, one per process: takes all votes that are waiting, commits them at once, then answers. Where a
//! database server never answers, another one takes its place ([`WriterState`]).

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use super::ballot::{Ballot, BallotVerdict, CastOutcome, MAX_BATCH, NotCast};
use super::queue::QueueItem;
use super::replies::{Waiter, answer};
use super::session::CommitBallots;
use super::writer_state::WriterState;
use crate::db::DatabaseError;
use crate::logging::Repeated;
use crate::metrics::{BATCHES, VOTES_WAITING};
use crate::seeded_bugs::{self, Bug};
use diesel::result::{DatabaseErrorKind, Error as Diesel};

static NOT_WRITTEN: Repeated = Repeated::new(
    |error, batches| tracing::error!(target: "polls.vote", error, batches, "Votes could not be written."),
);
static WRITTEN_AGAIN: Repeated =
    Repeated::new(|error, batches| tracing::warn!(target: "polls.vote", error, batches, "Votes are written again."));

/// How often a batch is tried if a lock or a lost connection interrupts it.
const MAX_TRIES: usize = 3;

/// How long the ballots of a failed batch are written one by one. Other votes wait during this time.
const ONE_BY_ONE_LIMIT: Duration = Duration::from_secs(10);

/// With this many votes, the writer commits without looking for more; votes that come meanwhile go into the next batch.
const COMMIT_AT_ONCE: usize = 256;

/// The writer, with its session.
pub(super) struct Writer<S> {
    shared: Arc<WriterState>,
    number: u64,
    pub session: S,
}

impl<S: CommitBallots> Writer<S> {
    /// The first writer of a box.
    pub fn new(shared: Arc<WriterState>, session: S) -> Self {
        Self { shared, number: 0, session }
    }

    /// The writer that goes on instead of one that is stuck; None if none is.
    pub fn instead_of_stuck(shared: Arc<WriterState>, session: S) -> Option<Self> {
        let number = shared.replace_stuck()?;
        Some(Self { shared, number, session })
    }

    /// Runs until the box is closed or the writer was replaced.
    pub fn run(mut self) {
        let limit = usize::try_from(MAX_BATCH).unwrap_or(1);
        while self.step(limit) {}
    }

    /// Waits for votes, and commits and answers at most `limit` of them; false once the box is closed or the writer was
    /// replaced.
    pub fn step(&mut self, limit: usize) -> bool {
        let items = self.take(limit);
        if items.is_empty() {
            return false;
        }
        let mut open = true;
        let mut ballots = Vec::with_capacity(items.len());
        let mut waiters = Vec::with_capacity(items.len());
        for item in items {
            match item {
                QueueItem::Cast(ballot, waiter) => {
                    ballots.push(ballot);
                    waiters.push(waiter);
                }
                QueueItem::Close => open = false,
            }
        }
        if !ballots.is_empty() {
            VOTES_WAITING.fetch_sub(i64::try_from(ballots.len()).unwrap_or(0), Ordering::Relaxed);
            BATCHES.observe(ballots.len() as u64);
            self.count(&ballots, waiters);
        }
        open && self.shared.is_current(self.number)
    }

    /// Waits for votes. If there are fewer than [`COMMIT_AT_ONCE`], it lets other threads run once, because they may be
    /// casting votes just now: a commit costs as much for one vote as for many.
    fn take(&mut self, limit: usize) -> Vec<QueueItem> {
        let mut votes = self.shared.votes();
        let mut items = Vec::with_capacity(limit.min(votes.len()));
        loop {
            let room = limit - items.len();
            let received = votes.blocking_recv_many(&mut items, room);
            if received == 0 || items.len() >= limit.min(COMMIT_AT_ONCE) {
                return items;
            }
            std::thread::yield_now();
            if votes.is_empty() {
                return items;
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
        self.shared.begin(waiters);
        // After a panic, later votes must still be counted. It is not known whether the votes of this batch were; their
        // voters are told so.
        let outcomes = catch_unwind(AssertUnwindSafe(|| outcomes(&mut self.session, ballots)));
        let Some(waiters) = self.shared.finish(self.number) else {
            tracing::warn!(target: "polls.vote", ballots = ballots.len(), "The database has answered a writer that was replaced.");
            return;
        };
        if let Ok(outcomes) = outcomes {
            answer(outcomes, waiters);
        } else {
            let ballots = ballots.len();
            tracing::error!(target: "polls.vote", ballots, "The ballot box failed; it goes on with a new connection.");
            self.session.disconnect();
        }
    }
}

impl<S> Drop for Writer<S> {
    fn drop(&mut self) {
        self.shared.end(self.number);
    }
}

/// The outcome of every ballot. If ballots cannot be written together, they are written one by one, so that a single
/// bad ballot fails alone.
fn outcomes(session: &mut impl CommitBallots, ballots: &[Ballot]) -> Vec<CastOutcome> {
    let mut outcomes = match persist(session, ballots, false) {
        Ok(verdicts) => verdicts.into_iter().map(Ok).collect(),
        Err(DatabaseError::Query(_)) if ballots.len() > 1 => one_by_one(session, ballots),
        Err(error) => vec![Err(NotCast::Database(error))],
    };
    if let Some(Err(error)) = outcomes.last() {
        NOT_WRITTEN.log(error.to_string());
    }
    // The error that stopped one ballot also stops the ballots after it.
    outcomes.resize_with(ballots.len(), || Err(NotCast::Stopped));
    outcomes
}

/// The outcomes, up to the first ballot that could not be tried.
fn one_by_one(session: &mut impl CommitBallots, ballots: &[Ballot]) -> Vec<CastOutcome> {
    let deadline = Instant::now() + ONE_BY_ONE_LIMIT;
    let mut outcomes = Vec::with_capacity(ballots.len());
    for ballot in ballots {
        // The transaction for the whole batch may have been committed although an error came.
        let outcome = persist(session, std::slice::from_ref(ballot), true);
        let stop =
            matches!(outcome, Err(DatabaseError::Busy(_) | DatabaseError::Unreachable(_))) || Instant::now() > deadline;
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

/// Writes a batch, and tries again if a lock or a lost connection interrupts it. Ballots that an earlier try has
/// committed are found by their voters (`again`) and not written twice.
fn persist(
    session: &mut impl CommitBallots,
    ballots: &[Ballot],
    again: bool,
) -> Result<Vec<BallotVerdict>, DatabaseError> {
    let mut tries = 1;
    loop {
        let error = match session.commit(ballots, again || tries > 1) {
            Ok(committed) => {
                let written = committed.written.len();
                tracing::debug!(target: "polls.vote", ballots = ballots.len(), written, tries, "Votes are on disk.");
                return Ok(committed.verdicts);
            }
            Err(error) => error,
        };
        // The next try reads the facts again and so finds out which ballot it was. For this, one try more than
        // `MAX_TRIES` is allowed.
        let overtaken = was_overtaken(&error);
        let max_tries = if overtaken { MAX_TRIES + 1 } else { MAX_TRIES };
        if tries >= max_tries || (matches!(error, DatabaseError::Query(_)) && !overtaken) {
            return Err(error);
        }
        WRITTEN_AGAIN.log(error.to_string());
        tries += 1;
    }
}

/// Whether another transaction has committed since the facts were read: one that inserted a ballot of the same voter
/// (an earlier try, or another process that got the same ballot), or one that deleted a choice.
fn was_overtaken(error: &DatabaseError) -> bool {
    use DatabaseErrorKind::{ForeignKeyViolation, UniqueViolation};
    matches!(
        error,
        DatabaseError::Query(Diesel::NotFound | Diesel::DatabaseError(UniqueViolation | ForeignKeyViolation, _))
    )
}

/// Answers "counted" without writing, as two of the seeded bugs do.
fn acknowledge(waiters: Vec<Waiter>) {
    answer(waiters.iter().map(|_| Ok(Ok(()))).collect(), waiters);
}
