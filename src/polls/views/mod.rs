//! The public pages of polls, and the view that takes votes.

mod ballot_form;
mod detail;
mod embed_code;
mod feed;
mod home;
mod invitation;
mod list;
mod over_time;
mod pages;
mod results;
mod share;
mod state;
mod vote;

pub use feed::{feed, sitemap};
pub use home::section as home_section;
pub use invitation::invited;
pub use list::list;
pub use over_time::over_time;
pub use pages::page;
pub use results::results;
pub use share::{embed, oembed, qr_png, qr_svg};
pub use state::state;
pub use vote::{no_vote, vote, withdraw};
