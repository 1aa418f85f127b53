//! The admin's other pages, and the frame that all pages share.

pub mod delete;
pub mod error_page;
pub mod history;
pub mod index;
pub mod progress;
pub mod request;
pub mod status;
pub mod theme;
