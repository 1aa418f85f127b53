//! The pages of bookmarks.

mod add;
mod feed;
mod home;
mod list;
mod request;
mod tag_cloud;

pub use add::add;
pub use feed::feed;
pub use home::section as home_section;
pub use list::{detail, list};
pub use tag_cloud::tag_cloud;
