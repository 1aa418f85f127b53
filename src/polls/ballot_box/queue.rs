//! The queue of limited length between the requests and the writer.

use std::sync::atomic::Ordering::Relaxed;

use tokio::sync::{mpsc, oneshot};

use super::ballot::{Ballot, CastOutcome, NotCast};
use super::replies::{ReplyChannel, Waiter};
use crate::metrics::VOTES_WAITING;

/// An item of the queue.
pub(super) enum QueueItem {
    Cast(Ballot, Waiter),
    /// The writer ends when it takes this item.
    Close,
}

/// The sending end of the queue.
pub(super) struct Queue(mpsc::Sender<QueueItem>);

impl Queue {
    pub fn new(capacity: usize) -> (Self, mpsc::Receiver<QueueItem>) {
        let (queue, votes) = mpsc::channel(capacity);
        (Self(queue), votes)
    }

    /// Puts a ballot into the queue. Returns the receiver of its answer; it never receives one if the writer ends
    /// first.
    pub fn put(&self, ballot: Ballot, replies: ReplyChannel) -> Result<oneshot::Receiver<CastOutcome>, NotCast> {
        let (answer, answered) = oneshot::channel();
        match self.0.try_send(QueueItem::Cast(ballot, Waiter { answer, replies })) {
            Ok(()) => {
                VOTES_WAITING.fetch_add(1, Relaxed);
                Ok(answered)
            }
            Err(mpsc::error::TrySendError::Full(_)) => Err(NotCast::Full),
            Err(mpsc::error::TrySendError::Closed(_)) => Err(NotCast::Closed),
        }
    }

    /// Tells the writer to end when it reaches this place in the queue; false if the queue is full.
    pub fn close(&self) -> bool {
        self.0.try_send(QueueItem::Close).is_ok()
    }

    pub fn waiting(&self) -> usize {
        self.0.max_capacity() - self.0.capacity()
    }
}
