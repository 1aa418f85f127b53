//! The public pages of polls, and the view that takes votes.

mod feed;
mod home;
mod list;
mod pages;
mod results;
mod state;
mod vote;

pub use feed::{feed, sitemap};
pub use home::section as home_section;
pub use list::list;
pub use pages::{QuestionDetail, page};
pub use results::results;
pub use state::state;
pub use vote::{no_vote, vote};
