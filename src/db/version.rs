//! Has anybody written since? What was made of the database is good for as long as nobody has.

use std::sync::atomic::Ordering;
use std::time::{SystemTime, UNIX_EPOCH};

use super::dialect;
use super::dialect::sqlite::Trace;
use super::pool::Database;
use crate::settings::DatabaseUrl;

/// How long what others write to a database server may go unnoticed; SQLite tells at once. Pages are made anew
/// with every tick, by every worker of every process.
const TICK_MILLIS: u128 = 500;

/// What other connections have written, as far as it is known: the same as long as they have not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Others {
    /// How many writes have changed what is public, as one connection saw it.
    Changes { connection: u64, number: i64 },
    /// `PRAGMA data_version` as one connection saw it, where nobody counts: every commit may have changed a page.
    Commits { connection: u64, data_version: i64 },
    /// A server is not asked; with every tick it is taken to have changed.
    Tick(u128),
}

/// What everybody's writes leave behind: the same as long as nobody has written. Only for a process that has not
/// opened the database yet: to close a file that SQLite has open gives up its locks. None where it cannot be told,
/// as of a database server.
pub fn trace(url: &DatabaseUrl) -> Option<Trace> {
    match url {
        DatabaseUrl::Sqlite(path) => dialect::sqlite::trace(path),
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

    /// What others have written; takes some microseconds. None where it cannot be told now.
    pub fn others(&self) -> Option<Others> {
        if matches!(self.url(), DatabaseUrl::Sqlite(_)) {
            return self.with_reader(|reader| {
                let data_version = dialect::sqlite::data_version(&mut reader.conn)?;
                match reader.seen {
                    Some((seen, others)) if seen == data_version => Some(others),
                    _ => {
                        let connection = reader.number;
                        let others = match dialect::sqlite::public_changes(&mut reader.conn) {
                            Some(number) => Others::Changes { connection, number },
                            None => Others::Commits { connection, data_version },
                        };
                        reader.seen = Some((data_version, others));
                        Some(others)
                    }
                }
            });
        }
        let now = SystemTime::now().duration_since(UNIX_EPOCH).ok()?;
        Some(Others::Tick(now.as_millis() / TICK_MILLIS))
    }
}
