//! A connection with the data that the pool keeps about it.

use std::ops::{Deref, DerefMut};
use std::time::Instant;

use super::closing::OpenConnection;
use crate::db::Connection;
use crate::db::dialect::sqlite::FileId;

/// A connection of the pool, or of the writer of ballots.
pub struct PooledConnection {
    pub(super) conn: Connection,
    /// A number that is unique among the connections of this process.
    pub(super) number: u64,
    /// The `data_version` at which this connection last read what others had written, and the result.
    pub(super) foreign_writes: Option<(i64, ForeignWrites)>,
    /// The file that it has open. While the program runs, the path may come to name another file (a restored backup);
    /// what is then written to the old file is lost.
    pub(super) file: Option<FileId>,
    /// Whether the file has a write-ahead log.
    pub(super) has_wal: bool,
    /// The connector's `generation` when this connection was made.
    pub(super) generation: u64,
    pub(super) made: Instant,
    pub(super) used: Instant,
    /// Declared last, so that it is dropped when the connection is closed.
    pub(super) _open: OpenConnection,
}

impl Deref for PooledConnection {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        &self.conn
    }
}

impl DerefMut for PooledConnection {
    fn deref_mut(&mut self) -> &mut Connection {
        &mut self.conn
    }
}

/// Identifies what other processes have written. If two values are equal, nothing was written between them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ForeignWrites {
    /// How many writes have changed public pages, as triggers in the SQLite file count them.
    PublicChanges { connection: u64, number: i64 },
    /// `PRAGMA data_version`, for a SQLite file without these triggers. Every commit may have changed a page.
    Commits { connection: u64, data_version: i64 },
    /// A server is not asked; it is assumed to have changed once in every interval of the clock.
    Tick(u128),
}
