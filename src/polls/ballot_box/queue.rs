//! The bounded queue between the requests and the writer.

use tokio::sync::{mpsc, oneshot};

use super::ballot::{Ballot, CastOutcome, NotCast};
use super::replies::{ReplyChannel, Waiter};

/// What the queue holds.
pub(super) enum QueueItem {
    Cast(Ballot, Waiter),
    /// The writer ends when it comes to this.
    Close,
}

/// The end of the queue where votes are put in.
pub(super) struct Queue(mpsc::Sender<QueueItem>);

impl Queue {
    pub fn new(capacity: usize) -> (Self, mpsc::Receiver<QueueItem>) {
        let (queue, votes) = mpsc::channel(capacity);
        (Self(queue), votes)
    }

    /// Hands back where the answer will be once it was delivered; it never is if the writer ends first.
    pub fn put(&self, ballot: Ballot, replies: ReplyChannel) -> Result<oneshot::Receiver<CastOutcome>, NotCast> {
        let (answer, answered) = oneshot::channel();
        match self.0.try_send(QueueItem::Cast(ballot, Waiter { answer, replies })) {
            Ok(()) => Ok(answered),
            Err(mpsc::error::TrySendError::Full(_)) => Err(NotCast::Full),
            Err(mpsc::error::TrySendError::Closed(_)) => Err(NotCast::Closed),
        }
    }

    /// Tells the writer to end when it comes to here; false if there is no room to say so.
    pub fn close(&self) -> bool {
        self.0.try_send(QueueItem::Close).is_ok()
    }

    pub fn waiting(&self) -> usize {
        self.0.max_capacity() - self.0.capacity()
    }
}
