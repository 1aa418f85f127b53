//! Queries that write.

use std::sync::{Arc, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::Database;
use super::blocking::Connected;
use crate::db::{Connection, DatabaseError, dialect};

/// For how long [`Database::expect_writable`] relies on its last write.
const WRITABLE_FOR: Duration = Duration::from_millis(500);

impl Database {
    /// Runs queries that write, in one transaction.
    ///
    /// # Errors
    /// The error of `change`, or [`DatabaseError`]; then nothing is changed.
    pub async fn write<T, E, F>(&self, change: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<DatabaseError> + From<diesel::result::Error> + Send + 'static,
        F: FnOnce(&mut Connection) -> Result<T, E> + Send + 'static,
    {
        let result = self.write_unseen(change).await;
        // Also after an error, because the database may have committed although no answer came.
        self.note_change();
        result
    }

    /// The same for changes that no page for readers without a session shows (sessions, failed logins, passwords): the
    /// pages in memory are kept.
    ///
    /// # Errors
    /// As [`Self::write`].
    pub async fn write_unseen<T, E, F>(&self, change: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<DatabaseError> + From<diesel::result::Error> + Send + 'static,
        F: FnOnce(&mut Connection) -> Result<T, E> + Send + 'static,
    {
        self.write_in_turn(false, change).await
    }

    /// Runs a part of a long task. On SQLite it takes turns with the ballot box ([`Self::wait_for_write_turn`]):
    /// waiters only poll SQLite's own lock, so the ballot box could find it held by the next part again and again.
    ///
    /// # Errors
    /// As [`Self::write`].
    pub async fn write_by_turns<T, E, F>(&self, change: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<DatabaseError> + From<diesel::result::Error> + Send + 'static,
        F: FnOnce(&mut Connection) -> Result<T, E> + Send + 'static,
    {
        let result = self.write_in_turn(true, change).await;
        self.note_change();
        result
    }

    async fn write_in_turn<T, E, F>(&self, waits_for_turn: bool, change: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<DatabaseError> + From<diesel::result::Error> + Send + 'static,
        F: FnOnce(&mut Connection) -> Result<T, E> + Send + 'static,
    {
        let db = self.clone();
        let task = move |connected: Connected| {
            let mut conn = db.take()?;
            connected.tell()?;
            let turn = waits_for_turn.then(|| db.wait_for_write_turn());
            let result = dialect::write(&mut conn, change);
            drop(turn);
            db.put_back(conn);
            result
        };
        self.on_another_thread(task).await
    }

    /// Waits for this thread's turn to write to SQLite. None for a server, which allows many writers at once. Blocks.
    pub fn wait_for_write_turn(&self) -> Option<MutexGuard<'_, ()>> {
        self.is_sqlite().then(|| self.write_turn.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Checks whether votes can be written now. It writes and deletes a row in one transaction, because nothing else
    /// shows it. Calls at the same time, or within [`WRITABLE_FOR`] after a write, share that write.
    ///
    /// # Errors
    /// If the database cannot be reached or accepts no writes.
    pub async fn expect_writable(&self) -> Result<(), DatabaseError> {
        let mut last = Arc::clone(&self.found_writable).lock_owned().await;
        if last.is_some_and(|last| last.elapsed() < WRITABLE_FOR) {
            return Ok(());
        }
        let db = self.clone();
        let task = move |connected: Connected| {
            let mut conn = db.take()?;
            connected.tell()?;
            let result = dialect::write(&mut conn, dialect::touch);
            db.put_back(conn);
            *last = result.is_ok().then(Instant::now);
            result.map_err(DatabaseError::from)
        };
        self.on_another_thread(task).await
    }
}
