//! A ballot, and its possible outcomes.

use super::voter::Credentials;
use crate::db::DatabaseError;
use crate::polls::ballot::{Mark, MarksError};
use crate::polls::rules::WhoVotes;
use crate::web;

/// How many ballots one transaction writes at most.
pub(super) const MAX_BATCH: i32 = 1000;

/// A vote that is to be written.
#[derive(Debug, Clone)]
pub(super) struct Ballot {
    pub question: i64,
    /// In the order of [`sorted`]. Empty to withdraw the voter's ballot.
    pub marks: Vec<Mark>,
    /// The choice of the answer that the voter wrote. Other choices that are not shown cannot be marked.
    pub written: Option<i64>,
    /// The poll's rule says which of them identifies the voter. A voter is unique among the ballots of a question, so
    /// that a ballot that is written again because its answer was lost counts once.
    pub credentials: Credentials,
}

/// What a voter marks.
#[derive(Debug, Clone, Default)]
pub struct CastMarks {
    pub marks: Vec<Mark>,
    /// The choice of the answer that the voter wrote, which is among the marks.
    pub written: Option<i64>,
}

impl From<Vec<Mark>> for CastMarks {
    fn from(marks: Vec<Mark>) -> Self {
        Self { marks, written: None }
    }
}

/// The marks in the order in which ballots are stored and compared.
pub(super) fn sorted(mut marks: Vec<Mark>) -> Vec<Mark> {
    marks.sort_unstable_by_key(|mark| (mark.value, mark.choice));
    marks
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
    /// A choice does not belong to the question, or does not exist.
    NoSuchChoice,
    /// A choice has been withdrawn.
    Withdrawn,
    /// The marks are not those of a ballot of this poll.
    Marks(MarksError),
    /// Nothing in the request identifies a voter under the poll's rule.
    Unidentified(WhoVotes),
    /// The choice's total is too large for another transaction: Django's column has 31 bits.
    Full,
    /// The voter's ballot with other marks is counted already, and the poll does not let voters change it.
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
