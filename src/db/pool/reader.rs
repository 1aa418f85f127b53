//! A SQLite connection of each worker thread, for short reads.

use std::cell::RefCell;

use diesel::QueryResult;

use super::Database;
use super::blocking::Connected;
use super::pooled::PooledConnection;
use crate::db::{Connection, DatabaseError};

thread_local! {
    static READER: RefCell<Option<PooledConnection>> = const { RefCell::new(None) };
}

/// Runs a query on this thread's reader.
pub(super) fn read_here<T>(query: impl Fn(&mut Connection) -> QueryResult<T>) -> Result<T, DatabaseError> {
    // Taken out during the query, so that after a panic or with a broken file no connection is left here.
    let mut reader = READER.take().ok_or_else(|| DatabaseError::Busy("the worker's reader is in use".to_owned()))?;
    let result = query(&mut reader).map_err(DatabaseError::from);
    if !matches!(result, Err(DatabaseError::Unreachable(_))) {
        READER.set(Some(reader));
    }
    result
}

impl Database {
    /// Makes sure that this worker has a current reader. Another thread makes it, because opening a locked file blocks;
    /// in a process for one request this thread does.
    pub(super) async fn open_reader(&self) -> Result<(), DatabaseError> {
        let current = READER.with_borrow(|reader| reader.as_ref().is_some_and(|reader| self.is_current(reader)));
        if current {
            return Ok(());
        }
        // The old one is closed first: when the last connection to a replaced file is closed, SQLite removes the log
        // beside it.
        READER.set(None);
        let connector = self.connector.clone();
        let reader = if self.one_request {
            connector.open_reader()?
        } else {
            let open = move |connected: Connected| {
                connected.tell()?;
                connector.open_reader()
            };
            self.on_another_thread(open).await?
        };
        READER.set(Some(reader));
        Ok(())
    }

    /// Runs a short task with this worker's reader, if there is one and it is current.
    pub(super) fn with_reader<T>(&self, task: impl FnOnce(&mut PooledConnection) -> Option<T>) -> Option<T> {
        READER.with_borrow_mut(|reader| reader.as_mut().filter(|reader| self.is_current(reader)).and_then(task))
    }
}
