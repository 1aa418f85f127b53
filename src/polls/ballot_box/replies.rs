//! Answers to voters, batched by thread: all answers of one commit for voters of one worker thread are sent as one
//! message.
//!
//! Waking a thread costs some microseconds, more than passing on an answer. For a batch of 1000 voters each worker
//! thread is woken once, instead of 1000 times in all. Voters who are answered together also vote again together, which
//! makes the next batch larger.

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

/// The sender of an outcome to its request, and the channel of the worker thread that delivers it.
pub(super) struct Waiter {
    pub answer: oneshot::Sender<CastOutcome>,
    pub replies: ReplyChannel,
}

impl ReplyChannel {
    pub fn new() -> (Self, mpsc::UnboundedReceiver<ReplyBatch>) {
        let (replies, batches) = mpsc::unbounded_channel();
        (Self(replies), batches)
    }

    /// The channel of this thread. A task in the thread's runtime delivers the replies. If that runtime has ended and
    /// the thread has a new one, a new channel is made.
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

/// Sends the replies to the requests that wait for them. Sending fails if the client has disconnected; its vote is
/// counted nevertheless.
pub(super) fn deliver(batch: ReplyBatch) {
    for (waiter, outcome) in batch {
        let _ = waiter.send(outcome);
    }
}

/// Answers all voters, with one batch of replies for each thread. A batch of one reply is delivered from this thread,
/// because that wakes only one thread, too.
pub(super) fn answer(outcomes: Vec<CastOutcome>, waiters: Vec<Waiter>) {
    // A linear search, because there are only as many channels as worker threads.
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
            // Fails if that thread has ended; then no request waits there.
            let _ = replies.send(batch);
        }
    }
}
