//! Defects that can be switched on, one at a time, to prove that the tests for lost and doubled votes find them. Only
//! test builds have them, with the feature `seeded-bugs`.

#[cfg(all(feature = "seeded-bugs", not(debug_assertions)))]
compile_error!("seeded bugs are for test builds; build releases without the feature `seeded-bugs`");

/// A defect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bug {
    /// A vote is acknowledged before it is committed.
    AnswerBeforeCommit,
    /// A vote is acknowledged when PostgreSQL has committed it, before it is written to the disk.
    AnswerBeforeDisk,
    /// SQLite's commit does not wait for the disk.
    SynchronousNormal,
    /// Sometimes the votes of a batch are acknowledged and thrown away.
    DroppedBatch,
    /// A vote that is sent again with the same key is counted again.
    DoubledRetry,
    /// Sometimes totals are written without their ballots.
    TotalWithoutBallots,
}

/// Whether this defect is switched on.
#[cfg(not(feature = "seeded-bugs"))]
pub const fn is_on(_: Bug) -> bool {
    false
}

/// The same for a defect that has an effect only every third time.
#[cfg(not(feature = "seeded-bugs"))]
pub const fn strikes(_: Bug) -> bool {
    false
}

#[cfg(feature = "seeded-bugs")]
pub use switches::{is_on, seed, strikes};

#[cfg(feature = "seeded-bugs")]
mod switches {
    use std::cell::Cell;

    use super::Bug;

    thread_local! {
        static SEEDED: Cell<Option<Bug>> = Cell::new(named(&std::env::var("POLLS_SEEDED_BUG").unwrap_or_default()));
        static ASKED: Cell<u32> = const { Cell::new(0) };
    }

    fn named(name: &str) -> Option<Bug> {
        match name {
            "answer-before-commit" => Some(Bug::AnswerBeforeCommit),
            "answer-before-disk" => Some(Bug::AnswerBeforeDisk),
            "synchronous-normal" => Some(Bug::SynchronousNormal),
            "dropped-batch" => Some(Bug::DroppedBatch),
            "doubled-retry" => Some(Bug::DoubledRetry),
            "total-without-ballots" => Some(Bug::TotalWithoutBallots),
            _ => None,
        }
    }

    /// Switches a defect on or off in this thread, independent of the environment variable.
    pub fn seed(bug: Option<Bug>) {
        SEEDED.set(bug);
        ASKED.set(0);
    }

    pub fn is_on(bug: Bug) -> bool {
        SEEDED.get() == Some(bug)
    }

    pub fn strikes(bug: Bug) -> bool {
        is_on(bug) && {
            ASKED.set(ASKED.get() + 1);
            ASKED.get().is_multiple_of(3)
        }
    }
}
