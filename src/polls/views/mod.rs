//! The public pages of polls, and the view that takes votes.

mod invitation;
mod pages;
mod vote;

pub use invitation::invited;
pub use pages::{QuestionDetail, QuestionList, QuestionResults, page};
pub use vote::{no_vote, vote};
