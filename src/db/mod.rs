//! The database: one set of models and queries over SQLite, PostgreSQL and MySQL/MariaDB.
//!
//! What differs between them lives in `dialect` and, for votes, in `ballots`; nowhere else.

mod adopt;
mod ballots;
mod connection;
mod dialect;
mod error;
pub mod migrate;
pub mod moment;
mod outage;
mod pool;
mod readable;
pub mod schema;
mod sharing;
mod time_limit;
mod version;

pub use ballots::{Additions, NewBallot, add_ballots, adding_ballots, expect_ballots, wait_for_disk};
pub use connection::AnyConnection as Connection;
pub use dialect::{
    SameText, bigint, contains, in_time, is_same, last_insert_id, lock_choices, narrow_tables, or_lock, text,
    unstorable, write,
};
pub use error::Error;
pub use pool::{Create, Database, Kept};
pub use readable::{of_row, readable, unless_unreadable};
pub use sharing::{is_shared, note_sharing};
pub use version::{Others, trace};
