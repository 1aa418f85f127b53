//! A ballot, and its possible outcomes.

use super::voter::Voter;
use crate::db::DatabaseError;
use crate::web;

/// How many ballots one transaction writes at most.
pub(super) const MAX_BATCH: i32 = 1000;

/// A vote that is to be written.
#[derive(Debug, Clone)]
pub(super) struct Ballot {
    pub question: i64,
    pub choice: i64,
    /// Unique among the ballots of a question, so that a ballot that is written again after a lost answer
    /// counts once.
    pub voter: Voter,
}

/// The answer to a voter.
pub type CastOutcome = Result<BallotVerdict, NotCast>;

/// Counted, or refused.
pub type BallotVerdict = Result<(), Refusal>;

/// Why a ballot is not counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// The question is not there or not public.
    NoSuchQuestion,
    /// The question takes no votes any more.
    Closed,
    /// The choice is not one of the question's.
    NoSuchChoice,
    /// The choice's total has no room for more: Django's column holds 31 bits.
    Full,
    /// The voter's ballot is in the box already, for another choice.
    VotedOtherwise,
}

/// Why a vote is not acknowledged. Whether it was counted is not known where the database broke off.
#[derive(Debug, thiserror::Error)]
pub enum NotCast {
    #[error("too many votes are waiting")]
    Full,
    #[error("the ballot box is closed")]
    Closed,
    #[error("the votes before it could not be written")]
    Stopped,
    #[error("the database server does not answer; whether the vote is counted is not known yet")]
    Late,
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

impl From<NotCast> for web::Error {
    fn from(error: NotCast) -> Self {
        match error {
            NotCast::Full | NotCast::Closed | NotCast::Stopped | NotCast::Late => {
                Self::Unavailable(error.to_string().into())
            }
            NotCast::Database(error) => error.into(),
        }
    }
}
