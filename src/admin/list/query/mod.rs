//! The query of a list: search, filters, dates, order, page. Its keys are checked against the model, so that a feature
//! only gets keys that it has declared.

mod dates;
mod list_query;
mod lookups;
mod params;
mod parse;
mod search;

pub use dates::{DateBound, DatePart, midnight};
pub use list_query::ListQuery;
pub use params::Params;
pub use parse::{DateChoice, all_records};
pub use search::words;

/// How many rows a page has, as Django's `list_per_page`.
pub const PER_PAGE: i64 = 100;
/// How many objects a list may have at most for "Show all" (Django's `list_max_show_all`).
pub const MAX_SHOW_ALL: i64 = 200;
