//! The pages of polls, and the vote.

mod pages;
mod vote;

pub use pages::{QuestionDetail, QuestionList, QuestionResults, page};
pub use vote::{no_vote, vote};
