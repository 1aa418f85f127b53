//! The end of the connections when the program ends.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::Database;
use crate::db::dialect;

/// How long the end of the program waits for worker threads to close their connections.
const CLOSE_LIMIT: Duration = Duration::from_secs(1);
const BETWEEN_LOOKS: Duration = Duration::from_millis(1);

/// How many connections this process has open.
#[derive(Debug, Clone, Default)]
pub(super) struct OpenConnections(Arc<AtomicUsize>);

/// Counts one connection until it is dropped.
pub(super) struct OpenConnection(OpenConnections);

impl OpenConnections {
    pub fn one_more(&self) -> OpenConnection {
        self.0.fetch_add(1, Ordering::SeqCst);
        OpenConnection(self.clone())
    }

    fn are_closed(&self) -> bool {
        self.0.load(Ordering::SeqCst) == 0
    }
}

impl Drop for OpenConnection {
    fn drop(&mut self) {
        self.0.0.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Database {
    /// Closes the connections of the pool when no request is left. On SQLite it waits for the worker threads, which
    /// close theirs as they end, and removes the write-ahead log: an administrator who copies or replaces the file of a
    /// stopped program finds all of the database in it. SQLite itself removes the log with the last connection, but not
    /// if two are closed at the same moment, and not if the process ends first. Blocks for at most a second.
    pub fn close(&self) {
        self.idle.close_all();
        let Some(file) = self.connector.file().filter(|_| !self.answers_one_request()) else {
            return;
        };
        let deadline = Instant::now() + CLOSE_LIMIT;
        while !self.connector.open_connections().are_closed() && Instant::now() < deadline {
            sleep(BETWEEN_LOOKS);
        }
        if dialect::sqlite::has_wal(file) {
            // Opened and closed alone, unless another process has the file open.
            drop(self.connector.open());
        }
    }
}
