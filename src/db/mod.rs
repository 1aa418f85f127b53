//! The database: one set of models and queries over SQLite, PostgreSQL and MySQL/MariaDB.
//!
//! What differs between them lives in `dialect`, nowhere else.

mod adopt;
mod ballots;
mod connection;
mod dialect;
mod error;
pub mod migrate;
pub mod moment;
mod pool;
pub mod schema;
mod version;

pub use ballots::{NewBallot, ballots_lock_totals, insert_ballots};
pub use connection::AnyConnection as Connection;
pub use dialect::{last_insert_id, write};
pub use error::Error;
pub use pool::{Create, Database, Kept};
pub use version::Others;
