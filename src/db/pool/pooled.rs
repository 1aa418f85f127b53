//! A connection, and what the pool knows of it.

use std::ops::{Deref, DerefMut};
use std::time::Instant;

use crate::db::Connection;
use crate::db::dialect::sqlite::FileId;

/// A connection of the pool, or of the writer of ballots.
pub struct PooledConnection {
    pub(super) conn: Connection,
    /// No other connection of this process has this number.
    pub(super) number: u64,
    /// The `data_version` at which this connection last asked what others had written, and the answer.
    pub(super) foreign_writes: Option<(i64, ForeignWrites)>,
    /// Which file it has open. A path can come to name another file under a running program (a backup that was brought
    /// back); what is then written to the old one is lost.
    pub(super) file: Option<FileId>,
    /// Whether the file has a write-ahead log.
    pub(super) has_wal: bool,
    /// How often the server had ended all connections when this one was made.
    pub(super) generation: u64,
    pub(super) made: Instant,
    pub(super) used: Instant,
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

/// Identifies what other processes have written: as long as two of these are equal, nothing was written in between.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ForeignWrites {
    /// How many writes have changed public pages, by the count that triggers keep in the SQLite file.
    PublicChanges { connection: u64, number: i64 },
    /// `PRAGMA data_version`, in a SQLite file without these triggers. Every commit may have changed a page.
    Commits { connection: u64, data_version: i64 },
    /// A server is not asked. It is taken to have changed with every tick of the clock.
    Tick(u128),
}
