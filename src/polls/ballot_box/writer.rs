//! The one writer of this process: takes whatever waits, commits it at once, then answers.

use tokio::sync::{mpsc, oneshot};

use super::store::Store;
use super::{BATCH, Ballot, Message, NotCast, Outcome};
use crate::db::{self, Database};

/// How often a transaction is tried that others stood in the way of.
const TRIES: usize = 3;

type Waiter = oneshot::Sender<Outcome>;

/// Runs until the box is closed.
pub(super) fn run(mut votes: mpsc::Receiver<Message>, db: Database) {
    let mut store = Store::new(db);
    let most = usize::try_from(BATCH).unwrap_or(1);
    let mut messages = Vec::with_capacity(most);
    let mut open = true;
    while open && votes.blocking_recv_many(&mut messages, most) > 0 {
        let (mut ballots, mut waiters) = (Vec::with_capacity(messages.len()), Vec::with_capacity(messages.len()));
        for message in messages.drain(..) {
            match message {
                Message::Cast(ballot, waiter) => {
                    ballots.push(ballot);
                    waiters.push(waiter);
                }
                Message::Close => open = false,
            }
        }
        answer(count(&mut store, &ballots), waiters);
    }
}

/// An outcome for every ballot. Ballots that cannot be written together are written one by one, so that
/// one bad ballot fails alone.
fn count(store: &mut Store, ballots: &[Ballot]) -> Vec<Outcome> {
    if ballots.is_empty() {
        return Vec::new();
    }
    match persist(store, ballots) {
        Ok(outcomes) => outcomes,
        Err(db::Error::Query(_)) if ballots.len() > 1 => ballots
            .iter()
            .map(|ballot| match persist(store, std::slice::from_ref(ballot)) {
                Ok(mut outcomes) => outcomes.pop().unwrap_or(Err(NotCast::Closed)),
                Err(error) => Err(NotCast::Database(error)),
            })
            .collect(),
        Err(error) => {
            tracing::error!(target: "polls.vote", %error, ballots = ballots.len(), "Votes could not be written.");
            let message = error.to_string();
            let mut first = Some(error);
            ballots
                .iter()
                .map(|_| Err(first.take().unwrap_or_else(|| db::Error::Unreachable(message.clone())).into()))
                .collect()
        }
    }
}

/// Tries again what a lock or a lost connection broke off. What an earlier try did commit is found by
/// its voter and not written twice.
fn persist(store: &mut Store, ballots: &[Ballot]) -> Result<Vec<Outcome>, db::Error> {
    let mut tries = 1;
    loop {
        match store.write(ballots, tries > 1) {
            Ok(verdicts) => return Ok(verdicts.into_iter().map(Ok).collect()),
            Err(db::Error::Query(error)) => return Err(db::Error::Query(error)),
            Err(error) if tries == TRIES => return Err(error),
            Err(error) => tracing::warn!(target: "polls.vote", %error, tries, "Votes are written again."),
        }
        tries += 1;
    }
}

fn answer(outcomes: Vec<Outcome>, waiters: Vec<Waiter>) {
    for (outcome, waiter) in outcomes.into_iter().zip(waiters) {
        // A visitor who has left has voted all the same.
        let _ = waiter.send(outcome);
    }
}
