//! Tests the ballot box by simulation: its real queue and writer run over a simulated database that fails, with clients
//! that disconnect and retry, and processes that end or are killed. A seed decides the order of events.
//!
//! `POLLS_SEEDS=100000 cargo test ballot_box` tries more seeds;
//! `POLLS_SEED=7 cargo test whatever_happens -- --nocapture` prints what happens with one seed.

mod database;
mod random;
mod session;
mod world;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use tokio::sync::oneshot::error::TryRecvError;

use self::world::{Ending, World};
use super::replies::{ReplyChannel, deliver};
use super::session::{CommitBallots, Committed};
use super::writer::Writer;
use super::writer_state::WriterState;
use super::{Ballot, Credentials, Queue, Voter};
use crate::db::DatabaseError;
use crate::polls::ballot::Mark;

/// How many seeds are tried if `POLLS_SEEDS` is not set.
const SEEDS: u64 = 2_000;

fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok().map(|number| number.parse().expect("a number"))
}

fn run(seed: u64, aloud: bool) -> Ending {
    let story = std::panic::catch_unwind(|| World::new(seed, aloud).run());
    story.unwrap_or_else(|_| Err("the ballot box panicked".to_owned()))
}

#[test]
fn no_vote_is_lost_or_doubled_whatever_happens() {
    if let Some(seed) = number("POLLS_SEED") {
        println!("{:?}", run(seed, true).expect("every promise is kept"));
        return;
    }
    let (seeds, threads) = (number("POLLS_SEEDS").unwrap_or(SEEDS), std::thread::available_parallelism());
    let threads = threads.map_or(1, |threads| threads.get() as u64);
    let events = Mutex::new(BTreeMap::<&str, usize>::new());
    std::thread::scope(|scope| {
        for thread in 0..threads {
            let events = &events;
            scope.spawn(move || {
                for seed in (thread..seeds).step_by(usize::try_from(threads).expect("a few")) {
                    let happened = run(seed, false).unwrap_or_else(|broken| {
                        panic!("{broken}; POLLS_SEED={seed} cargo test whatever_happens -- --nocapture tells how")
                    });
                    let mut events = events.lock().expect("no other seed failed");
                    for (event, times) in happened {
                        *events.entry(event).or_default() += times;
                    }
                }
            });
        }
    });
    let events = events.into_inner().expect("no seed failed");
    println!("{seeds} seeds: {events:?}");
    // Every event must have happened at least once, because the test shows nothing about events that did not.
    let expected = [
        "a ballot found in the box",
        "a batch of several",
        "a commit's answer lost",
        "a full queue",
        "a panic",
        "a poll closed",
        "a shutdown",
        "busy",
        "killed while writing",
        "overtaken by another process",
        "unreachable",
    ];
    assert_eq!(events.into_keys().collect::<Vec<_>>(), expected);
}

#[cfg(feature = "seeded-bugs")]
mod seeded {
    use super::{SEEDS, run};
    use crate::seeded_bugs::{Bug, seed};

    /// The broken promise of the first seed that reveals the defect.
    fn seen(bug: Bug) -> String {
        let seen = (0..SEEDS).find_map(|number| {
            seed(Some(bug));
            run(number, false).err()
        });
        seed(None);
        seen.unwrap_or_else(|| panic!("{bug:?} is not seen"))
    }

    #[test]
    fn an_answer_before_the_commit_is_seen() {
        assert!(seen(Bug::AnswerBeforeCommit).contains("was acknowledged, and its ballot is None"));
    }

    #[test]
    fn a_dropped_batch_is_seen() {
        assert!(seen(Bug::DroppedBatch).contains("was acknowledged, and its ballot is None"));
    }

    #[test]
    fn a_doubled_retry_is_seen() {
        assert!(seen(Bug::DoubledRetry).contains(" times"));
    }

    #[test]
    fn a_total_without_its_ballots_is_seen() {
        assert!(seen(Bug::TotalWithoutBallots).contains("was acknowledged, and its ballot is None"));
    }
}

/// Panics at its first batch and writes nothing.
struct PanickingSession {
    batches: usize,
    disconnected: usize,
}

impl CommitBallots for PanickingSession {
    fn commit(&mut self, ballots: &[Ballot], _: bool) -> Result<Committed, DatabaseError> {
        self.batches += 1;
        match self.batches {
            1 => std::panic::resume_unwind(Box::new("a defect")),
            _ => Ok(Committed { verdicts: vec![Ok(()); ballots.len()], written: (0..ballots.len()).collect() }),
        }
    }

    fn disconnect(&mut self) {
        self.disconnected += 1;
    }
}

fn ballot() -> Ballot {
    let credentials = Credentials { request: Some(Voter::fresh()), ..Credentials::default() };
    Ballot { question: 1, marks: vec![Mark { choice: 1, value: 1 }], written: None, credentials }
}

#[test]
fn a_panic_costs_its_batch_the_answers_and_nothing_else() {
    let (queue, votes) = Queue::new(10);
    let mut writer =
        Writer::new(Arc::new(WriterState::new(votes, None)), PanickingSession { batches: 0, disconnected: 0 });
    let (replies, mut received) = ReplyChannel::new();
    let put = || queue.put(ballot(), replies.clone()).expect("there is room");
    let (mut first, mut second, mut third) = (put(), put(), put());
    assert!(writer.step(2));
    assert!(received.try_recv().is_err());
    // It is not known whether they were counted, so their channels are closed without an answer.
    for waiting in [&mut first, &mut second] {
        assert_eq!(waiting.try_recv().unwrap_err(), TryRecvError::Closed);
    }
    assert_eq!(third.try_recv().unwrap_err(), TryRecvError::Empty);
    assert!(writer.step(2));
    assert!(matches!(third.try_recv(), Ok(Ok(Ok(())))));
    assert_eq!(writer.session.disconnected, 1);
}

#[test]
fn the_replies_of_a_batch_are_one_message_to_each_thread_and_a_single_reply_needs_none() {
    let (queue, votes) = Queue::new(10);
    let mut writer =
        Writer::new(Arc::new(WriterState::new(votes, None)), PanickingSession { batches: 1, disconnected: 0 });
    let (mut here, mut there) = (ReplyChannel::new(), ReplyChannel::new());
    let mut waiting = [&here.0, &there.0, &here.0].map(|replies| queue.put(ballot(), replies.clone()).expect("room"));
    assert!(writer.step(3));
    assert!(matches!(waiting[1].try_recv(), Ok(Ok(Ok(())))));
    assert_eq!(waiting[0].try_recv().unwrap_err(), TryRecvError::Empty);
    let replies = here.1.try_recv().expect("a message");
    assert!(here.1.try_recv().is_err() && there.1.try_recv().is_err());
    deliver(replies);
    for of_here in [0, 2] {
        assert!(matches!(waiting[of_here].try_recv(), Ok(Ok(Ok(())))));
    }
}

#[test]
fn replies_are_delivered_by_their_thread_in_every_runtime_that_it_has() {
    let (queue, votes) = Queue::new(10);
    let mut writer =
        Writer::new(Arc::new(WriterState::new(votes, None)), PanickingSession { batches: 1, disconnected: 0 });
    for _ in 0..2 {
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        let outcomes = runtime.block_on(async {
            let waiting = [(); 2].map(|()| queue.put(ballot(), ReplyChannel::of_this_thread()).expect("there is room"));
            std::thread::scope(|scope| scope.spawn(|| writer.step(2)).join().expect("it is written"));
            futures_util::future::join_all(waiting).await
        });
        assert!(outcomes.iter().all(|outcome| matches!(outcome, Ok(Ok(Ok(()))))));
    }
}
