//! Whether anybody has written since. A page that was made of the database is good for as long as nobody has.

use std::sync::atomic::Ordering;
use std::time::{SystemTime, UNIX_EPOCH};

use super::Database;
use super::pooled::{ForeignWrites, PooledConnection};
use crate::db::dialect;
use crate::db::dialect::sqlite::FilesState;
use crate::settings::DatabaseUrl;

/// How long what others write to a database server may go unnoticed; SQLite tells at once. Every worker of every
/// process makes its pages anew with each tick.
const TICK_MILLIS: u128 = 500;

/// The state of SQLite's files without opening them; the same as long as nobody has written. Only for a process that
/// has not opened the database yet: to close a file that SQLite has open gives up SQLite's locks on it. None for a
/// database server, and while it cannot be told.
pub fn sqlite_files(url: &DatabaseUrl) -> Option<FilesState> {
    match url {
        DatabaseUrl::Sqlite(path) => dialect::sqlite::files_state(path),
        _ => None,
    }
}

impl Database {
    /// How often this process has written, counted before a write is answered.
    pub fn changes(&self) -> u64 {
        self.changes.load(Ordering::SeqCst)
    }

    /// For what writes on a connection of its own.
    pub fn note_change(&self) {
        self.changes.fetch_add(1, Ordering::SeqCst);
    }

    /// What other processes have written; takes some microseconds. None where it cannot be told now.
    pub fn foreign_writes(&self) -> Option<ForeignWrites> {
        if self.is_sqlite() {
            return self.with_reader(of_sqlite);
        }
        let now = SystemTime::now().duration_since(UNIX_EPOCH).ok()?;
        Some(ForeignWrites::Tick(now.as_millis() / TICK_MILLIS))
    }
}

/// The count of public changes is read again only if `data_version` says that somebody has committed.
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
