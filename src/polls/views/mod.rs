//! The public pages of polls, and the view that takes votes.

mod ballot_form;
mod detail;
mod invitation;
mod pages;
mod vote;

pub use detail::QuestionDetail;
pub use invitation::invited;
pub use pages::{QuestionList, QuestionResults, page};
pub use vote::{no_vote, vote, withdraw};
