//! The admin's other pages, and the frame around all of them.

pub mod delete;
pub mod error_page;
pub mod history;
pub mod index;
pub mod progress;
pub mod request;
pub mod theme;
