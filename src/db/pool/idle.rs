//! The connections of the pool that nobody uses now.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use super::Database;
use super::connector::IDLE_LIMIT;
use super::pooled::PooledConnection;
use crate::db::DatabaseError;

/// The last used last, which is the next to be used.
#[derive(Clone, Default)]
pub(super) struct IdleConnections(Arc<Mutex<Vec<PooledConnection>>>);

impl IdleConnections {
    fn lock(&self) -> MutexGuard<'_, Vec<PooledConnection>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Database {
    /// A connection that answers. Blocks.
    pub(super) fn take(&self) -> Result<PooledConnection, DatabaseError> {
        self.connector.outage().expect_attempt()?;
        loop {
            // A statement of its own, so that the lock is released before the connection is tried.
            let last = self.idle.lock().pop();
            let Some(mut conn) = last else {
                return self.connector.open_anyway();
            };
            if self.connector.is_usable(&mut conn) {
                self.connector.outage().end();
                return Ok(conn);
            }
        }
    }

    pub(super) fn put_back(&self, mut conn: PooledConnection) {
        conn.used = Instant::now();
        let mut idle = self.idle.lock();
        idle.push(conn);
        let (old, rest): (Vec<_>, Vec<_>) = idle.drain(..).partition(|conn| conn.used.elapsed() > IDLE_LIMIT);
        *idle = rest;
        // The lock is released first: to close connections takes time.
        drop(idle);
        drop(old);
    }
}
