//! The public pages of polls, and the view that takes votes.

mod pages;
mod vote;

pub use pages::{QuestionDetail, QuestionList, QuestionResults, page};
pub use vote::{no_vote, vote};
