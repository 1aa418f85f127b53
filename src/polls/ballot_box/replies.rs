//! Answers to voters, batched by thread: all answers of one commit for voters of one worker thread are sent as one
//! message.
//!
//! To wake a thread costs some microseconds, more than to hand over an answer; for a batch of 1000 voters it is done
//! once per worker instead of 1000 times. Voters who are answered together also vote again together, which makes the
//! next batch larger.

use std::cell::RefCell;

use tokio::sync::{mpsc, oneshot};

use super::ballot::CastOutcome;

thread_local! {
    static OF_THIS_THREAD: RefCell<Option<ReplyChannel>> = const { RefCell::new(None) };
}

/// Sends batches of replies to one worker thread.
#[derive(Clone)]
pub(super) struct ReplyChannel(mpsc::UnboundedSender<ReplyBatch>);

/// The replies of one commit to the voters of one thread.
pub(super) type ReplyBatch = Vec<(oneshot::Sender<CastOutcome>, CastOutcome)>;

/// Who waits for an outcome, and through which thread it is delivered.
pub(super) struct Waiter {
    pub answer: oneshot::Sender<CastOutcome>,
    pub replies: ReplyChannel,
}

impl ReplyChannel {
    pub fn new() -> (Self, mpsc::UnboundedReceiver<ReplyBatch>) {
        let (replies, batches) = mpsc::unbounded_channel();
        (Self(replies), batches)
    }

    /// The channel of this thread. A task of the thread's runtime delivers what comes through it; where that runtime
    /// has ended and the thread has a new one, a new channel is made.
    pub fn of_this_thread() -> Self {
        OF_THIS_THREAD.with_borrow_mut(|current| match current {
            Some(replies) if !replies.0.is_closed() => replies.clone(),
            _ => {
                let (replies, batches) = Self::new();
                tokio::spawn(deliver_all(batches));
                current.insert(replies).clone()
            }
        })
    }
}

async fn deliver_all(mut batches: mpsc::UnboundedReceiver<ReplyBatch>) {
    while let Some(batch) = batches.recv().await {
        deliver(batch);
    }
}

/// Hands the replies to those who wait. Sending fails for a client that has left, whose vote is counted all the same.
pub(super) fn deliver(batch: ReplyBatch) {
    for (waiter, outcome) in batch {
        let _ = waiter.send(outcome);
    }
}

/// Answers everybody, by one batch for each thread. A batch of one is delivered from here, as that wakes one thread too.
pub(super) fn answer(outcomes: Vec<CastOutcome>, waiters: Vec<Waiter>) {
    // Searched one by one: there are as many channels as worker threads, which are few.
    let mut batches: Vec<(ReplyChannel, ReplyBatch)> = Vec::new();
    for (outcome, Waiter { answer, replies }) in outcomes.into_iter().zip(waiters) {
        match batches.iter_mut().find(|(channel, _)| channel.0.same_channel(&replies.0)) {
            Some((_, batch)) => batch.push((answer, outcome)),
            None => batches.push((replies, vec![(answer, outcome)])),
        }
    }
    for (ReplyChannel(replies), batch) in batches {
        if batch.len() == 1 {
            deliver(batch);
        } else {
            // Fails for a thread that has ended; nobody waits there any more.
            let _ = replies.send(batch);
        }
    }
}
