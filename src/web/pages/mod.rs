//! The answers: pages and error pages, their texts and template filters, reads that take long, static files.

pub mod error_page;
pub(crate) mod filters;
pub mod i18n;
pub mod long_read;
pub mod page;
pub mod pagination;
pub mod qr;
pub mod serve_static;
pub mod set_language;
pub mod static_files;
pub mod submission;
pub mod urls;
mod well_known;
