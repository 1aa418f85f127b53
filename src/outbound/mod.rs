//! What reaches out to other sites, and the queue of such work. Commands do, above all `polls outbound`, and never the
//! program that answers requests: it only puts tasks into the queue.

mod address;
mod error;
mod fetch;
pub mod hosts;
mod limits;
pub mod mail;
pub mod queue;
pub mod reports;
mod robots;
mod robots_cache;
pub mod schema;
mod web_url;
pub mod worker;

pub use error::FetchError;
pub use fetch::{FetchKind, Fetched, Fetcher, Probe, ProbeMethod};
pub use limits::LARGEST;
pub use robots_cache::RobotsCache;
pub use web_url::{joined, web_url};
