//! The way back to those who wait. The answers of a batch reach each thread together: to wake it for every one of
//! them costs more than the answer does, and who is answered together comes together again.

use std::cell::RefCell;

use tokio::sync::{mpsc, oneshot};

use super::Outcome;

thread_local! {
    static MAILBOX: RefCell<Option<Mailbox>> = const { RefCell::new(None) };
}

/// Takes answers to one thread.
#[derive(Clone)]
pub(super) struct Mailbox(mpsc::UnboundedSender<Letter>);

/// Answers of one batch.
pub(super) type Letter = Vec<(oneshot::Sender<Outcome>, Outcome)>;

/// Who waits for an outcome, and where.
pub(super) struct Waiter {
    pub answer: oneshot::Sender<Outcome>,
    pub mailbox: Mailbox,
}

impl Mailbox {
    pub fn new() -> (Self, mpsc::UnboundedReceiver<Letter>) {
        let (mailbox, letters) = mpsc::unbounded_channel();
        (Self(mailbox), letters)
    }

    /// That of this thread; a task of the runtime that it is in delivers what comes, as long as that lives.
    pub fn here() -> Self {
        MAILBOX.with_borrow_mut(|kept| match kept {
            Some(mailbox) if !mailbox.0.is_closed() => mailbox.clone(),
            _ => {
                let (mailbox, letters) = Self::new();
                tokio::spawn(deliver_all(letters));
                kept.insert(mailbox).clone()
            }
        })
    }
}

async fn deliver_all(mut letters: mpsc::UnboundedReceiver<Letter>) {
    while let Some(letter) = letters.recv().await {
        deliver(letter);
    }
}

/// Hands the answers to those who wait. A visitor who has left has voted all the same.
pub(super) fn deliver(letter: Letter) {
    for (waiter, outcome) in letter {
        let _ = waiter.send(outcome);
    }
}

/// Answers everybody, by one letter to each mailbox; an answer by itself needs none.
pub(super) fn answer(outcomes: Vec<Outcome>, waiters: Vec<Waiter>) {
    // As few as there are workers.
    let mut letters: Vec<(Mailbox, Letter)> = Vec::new();
    for (outcome, Waiter { answer, mailbox }) in outcomes.into_iter().zip(waiters) {
        match letters.iter_mut().find(|(to, _)| to.0.same_channel(&mailbox.0)) {
            Some((_, letter)) => letter.push((answer, outcome)),
            None => letters.push((mailbox, vec![(answer, outcome)])),
        }
    }
    for (Mailbox(mailbox), letter) in letters {
        if letter.len() == 1 {
            deliver(letter);
        } else {
            // A thread that has ended has nobody left who waits.
            let _ = mailbox.send(letter);
        }
    }
}
