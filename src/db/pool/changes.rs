//! Detects whether the database was written to. A page that was made from the database can be reused until then.

use std::sync::atomic::Ordering;
use std::time::{SystemTime, UNIX_EPOCH};

use super::Database;
use super::pooled::{ForeignWrites, PooledConnection};
use crate::db::dialect;
use crate::db::dialect::sqlite::FilesState;
use crate::settings::DatabaseUrl;

/// For how long (in milliseconds) writes of other processes to a database server may stay undetected; on SQLite they
/// are detected at once. After each such interval every worker of every process makes its pages anew.
const TICK_MILLIS: u128 = 500;

/// The state of SQLite's files, read without opening the database; it is the same as long as nothing is written. Only
/// for a process that has not opened the database yet, because closing a file that SQLite has open too releases
/// SQLite's locks on it. None for a database server, and if the state cannot be determined now.
pub fn sqlite_files(url: &DatabaseUrl) -> Option<FilesState> {
    match url {
        DatabaseUrl::Sqlite(path) => dialect::sqlite::files_state(path),
        _ => None,
    }
}

impl Database {
    /// How often this process has written. It is counted before the write is answered.
    pub fn changes(&self) -> u64 {
        self.changes.load(Ordering::SeqCst)
    }

    /// Counts a write that was made on a connection outside of the pool.
    pub fn note_change(&self) {
        self.changes.fetch_add(1, Ordering::SeqCst);
    }

    /// What other processes have written; takes some microseconds. None if it cannot be determined now.
    pub fn foreign_writes(&self) -> Option<ForeignWrites> {
        if self.is_sqlite() {
            return self.with_reader(of_sqlite);
        }
        let now = SystemTime::now().duration_since(UNIX_EPOCH).ok()?;
        Some(ForeignWrites::Tick(now.as_millis() / TICK_MILLIS))
    }
}

/// The count of public changes is read again only if `data_version` shows a commit by another connection.
fn of_sqlite(reader: &mut PooledConnection) -> Option<ForeignWrites> {
    let data_version = dialect::sqlite::data_version(&mut reader.conn)?;
    if let Some((of_version, foreign_writes)) = reader.foreign_writes
        && of_version == data_version
    {
        return Some(foreign_writes);
    }
    let connection = reader.number;
    let foreign_writes = match dialect::sqlite::public_changes(&mut reader.conn) {
        Some(number) => ForeignWrites::PublicChanges { connection, number },
        None => ForeignWrites::Commits { connection, data_version },
    };
    reader.foreign_writes = Some((data_version, foreign_writes));
    Some(foreign_writes)
}
