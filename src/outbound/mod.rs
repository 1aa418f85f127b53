//! What reaches out to other sites. Only commands do, and never the program that answers requests.

mod address;
mod error;
mod fetch;
mod limits;
mod web_url;

pub use error::FetchError;
pub use fetch::{FetchKind, Fetched, Fetcher};
pub use limits::LARGEST;
pub use web_url::{joined, web_url};
