//! The connections of the pool that are not in use.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use super::Database;
use super::connector::IDLE_LIMIT;
use super::pooled::PooledConnection;
use crate::db::DatabaseError;

/// The connections in the order of their last use. The last one is taken next.
#[derive(Clone, Default)]
pub(super) struct IdleConnections(Arc<Mutex<Vec<PooledConnection>>>);

impl IdleConnections {
    pub fn close_all(&self) {
        let idle = std::mem::take(&mut *self.lock());
        drop(idle);
    }

    fn lock(&self) -> MutexGuard<'_, Vec<PooledConnection>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Database {
    /// Takes a connection that answers, or makes one. Blocks.
    pub(super) fn take(&self) -> Result<PooledConnection, DatabaseError> {
        self.connector.outage().expect_attempt()?;
        loop {
            // A separate statement, so that the lock is released before the connection is tested.
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
        // The lock is released first, because closing connections takes time.
        drop(idle);
        drop(old);
    }
}
