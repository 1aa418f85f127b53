//! Bookmarks as files, in and out.

mod export;
mod foreign;
mod import;
mod markup;
mod netscape;
mod netscape_writer;
mod records;

pub use export::{ExchangeFormat, export};
pub use import::{ImportNote, ImportRules, ImportSummary, import};
