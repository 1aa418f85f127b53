//! Defects to be switched on, one at a time, so that the tests for lost and doubled votes can show that
//! they would see one. Test builds alone have them, by the feature `seeded-bugs`.

#[cfg(all(feature = "seeded-bugs", not(debug_assertions)))]
compile_error!("seeded bugs are for test builds; build releases without the feature `seeded-bugs`");

/// A defect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bug {
    /// A vote is acknowledged before it is committed.
    AnswerBeforeCommit,
    /// A vote is acknowledged when PostgreSQL has committed it and not yet written it to the disk.
    AnswerBeforeDisk,
    /// SQLite's commit does not wait for the disk.
    SynchronousNormal,
    /// Now and then the votes of a batch are acknowledged and thrown away.
    DroppedBatch,
    /// A vote that comes again with its key is counted again.
    DoubledRetry,
    /// Now and then totals are written without their ballots.
    TotalWithoutBallots,
}

/// Whether this defect is switched on.
#[cfg(not(feature = "seeded-bugs"))]
pub const fn is_on(_: Bug) -> bool {
    false
}

/// The same for a defect that shows every third time only.
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

    /// Switches a defect on, or off, in this thread, whatever the environment says.
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
