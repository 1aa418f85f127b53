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
    /// Unique among the ballots of a question, so that a ballot that is written again because its answer was lost
    /// counts once.
    pub voter: Voter,
}

/// The answer to a voter.
pub type CastOutcome = Result<BallotVerdict, NotCast>;

/// Counted, or refused.
pub type BallotVerdict = Result<(), Refusal>;

/// Why a ballot was not counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// There is no such question, or it is not public.
    NoSuchQuestion,
    /// The question is closed.
    Closed,
    /// The choice does not belong to the question, or does not exist.
    NoSuchChoice,
    /// The choice's total is too large for another transaction: Django's column has 31 bits.
    Full,
    /// The voter's ballot for another choice of the question is counted already.
    VotedOtherwise,
}

/// Why a vote was not acknowledged. If the database failed, it is not known whether the vote was counted.
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
