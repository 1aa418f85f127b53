//! Voters who vote until something ends.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use super::booth::Booth;
use super::ledger::{Ballot, Ledger};
use crate::support::*;

/// How many vote at the same time.
const VOTERS: usize = 8;

/// When something is killed: when so many requests were sent, or answered, and a little later.
struct Moment {
    sent: usize,
    answered: usize,
    later: Duration,
}

impl Moment {
    fn random(ledger: &Ledger) -> Self {
        let (after, never) = (1 + ledger.random(60), usize::MAX);
        let (sent, answered) = if ledger.random(2) == 0 { (after, never) } else { (never, after) };
        // A batch takes some milliseconds; half of the moments are those right after a request or an answer.
        let later = if ledger.random(2) == 0 { 0 } else { ledger.random(4000) };
        Self { sent, answered, later: Duration::from_micros(later as u64) }
    }
}

/// Lets people vote until `kill` was called at a random moment.
#[track_caller]
pub fn vote_until_killed(address: SocketAddr, ledger: &Ledger, kill: impl Fn() + Sync) {
    let moment = Moment::random(ledger);
    let (sent, answered, over) = (AtomicUsize::new(0), AtomicUsize::new(0), AtomicBool::new(false));
    let deadline = Instant::now() + PATIENCE;
    let count = |events: &AtomicUsize, last: usize| {
        if events.fetch_add(1, Ordering::Relaxed) + 1 == last {
            let at = Instant::now() + moment.later;
            while Instant::now() < at {
                std::hint::spin_loop();
            }
            kill();
            over.store(true, Ordering::Relaxed);
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..VOTERS {
            scope.spawn(|| {
                let mut booth = Booth::new(address, &ledger.poll.vote());
                while !over.load(Ordering::Relaxed) {
                    assert!(Instant::now() < deadline, "the moment does not come");
                    let ballot = ledger.next();
                    let answered = || count(&answered, moment.answered);
                    cast(&mut booth, ledger, ballot, || count(&sent, moment.sent), answered);
                }
            });
        }
    });
}

/// Sends one more vote, and what has no answer, until each has been acknowledged. Without the one more, there may be
/// nothing to send, and it would not be known that votes are taken again.
#[track_caller]
pub fn vote_to_the_end(address: SocketAddr, ledger: &Ledger) {
    let mut booth = Booth::new(address, &ledger.poll.vote());
    let deadline = Instant::now() + PATIENCE;
    let mut one_more = Some(ledger.next());
    while let Some(ballot) = one_more.take().or_else(|| ledger.unanswered()) {
        assert!(Instant::now() < deadline, "votes are not acknowledged");
        cast(&mut booth, ledger, ballot, || (), || ());
    }
}

fn cast(booth: &mut Booth, ledger: &Ledger, ballot: Ballot, sent: impl FnOnce(), answered: impl FnOnce()) {
    match booth.vote(&ballot, sent) {
        Ok(answer) if answer.status == 303 => {
            ledger.acknowledged(ballot);
            answered();
        }
        Ok(answer) => {
            assert!(answer.status == 503 && answer.retry_after.is_some(), "{ballot:?}: {answer:?}");
            ledger.not_acknowledged(ballot);
        }
        Err(_) => ledger.not_acknowledged(ballot),
    }
}
