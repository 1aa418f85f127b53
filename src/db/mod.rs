//! The database: connections, migrations, and one interface for SQLite, PostgreSQL and MySQL/MariaDB.
//!
//! Code that differs between the three is in `dialect`, and for ballots in `polls/ballot_box/sql`; nowhere else. The
//! tables of a feature are in its own `schema.rs`.

mod connection;
mod dialect;
mod error;
mod error_texts;
mod first_answer;
mod last_done;
pub mod migrate;
pub mod moment;
mod open;
mod pool;
mod readable;
pub mod rows;
mod schema;
mod sharing;
mod time_limit;

pub use connection::{AnyConnection as Connection, Backend, Create};
pub use dialect::sqlite::stamp as stamp_sqlite_file;
pub use dialect::{
    SameText, TextRow, bigint, contains, in_time, is_same, last_insert_id, losses, narrow_tables, or_lock, read_only,
    text, touch, unstorable, uses_wal, write,
};
pub use error::{DatabaseError, is_busy};
pub use last_done::{Chore, tables_made_at};
pub use pool::{Database, ForeignWrites, PooledConnection, sqlite_files};
pub use readable::{of_row, readable, unless_unreadable};
pub use sharing::{is_shared, note_sharing};
pub use time_limit::ReadTurn;
