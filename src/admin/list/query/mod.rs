//! What a list is asked for: search, filters, dates, order, page. Keys are checked against the model, so
//! that a feature only ever sees keys of its own.

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

/// Rows of a page, Django's `list_per_page`.
pub const PER_PAGE: i64 = 100;
/// The longest list that "Show all" shows.
pub const MAX_SHOW_ALL: i64 = 200;
