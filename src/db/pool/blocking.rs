//! Runs queries on threads that may block, so that the worker thread can handle other requests meanwhile.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::{OwnedSemaphorePermit, oneshot};

use super::outage::ANSWER_TIMEOUT;
use super::{Database, WAIT_LIMIT};
use crate::db::DatabaseError;

/// How often a request that waits for a permit checks whether an outage of the database has begun.
const OUTAGE_CHECK_INTERVAL: Duration = Duration::from_millis(100);

/// With this a task reports that it has a connection.
pub(super) struct Connected(oneshot::Sender<()>);

impl Connected {
    /// Reports it. Fails if the request no longer waits: its change was refused already and must not be made later.
    pub fn tell(self) -> Result<(), DatabaseError> {
        self.0.send(()).map_err(|()| DatabaseError::Unreachable("it has answered too late".to_owned()))
    }
}

impl Database {
    /// Runs a task on another thread, at most as many at once as connections are allowed. If the task has no connection
    /// to a server within [`ANSWER_TIMEOUT`], the caller stops waiting and an outage begins.
    pub(super) async fn on_another_thread<T, E>(
        &self,
        task: impl FnOnce(Connected) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<DatabaseError> + Send + 'static,
    {
        let permit = Arc::new(Mutex::new(Some(self.permit().await?)));
        let (connected, is_connected) = oneshot::channel();
        let of_task = Arc::clone(&permit);
        let task = tokio::task::spawn_blocking(move || {
            let result = task(Connected(connected));
            drop(of_task);
            result
        });
        if !self.is_sqlite() && tokio::time::timeout(ANSWER_TIMEOUT, is_connected).await.is_err() {
            // The permit is released now, because the thread may wait up to 15 minutes for a host that is gone.
            drop(permit.lock().unwrap_or_else(PoisonError::into_inner).take());
            return Err(self.connector.outage().begin("it does not answer", ANSWER_TIMEOUT).into());
        }
        drop(permit);
        match task.await {
            Ok(result) => result,
            Err(stopped) if stopped.is_panic() => std::panic::resume_unwind(stopped.into_panic()),
            Err(stopped) => Err(DatabaseError::Busy(stopped.to_string()).into()),
        }
    }

    /// Waits until a connection may be used.
    async fn permit(&self) -> Result<OwnedSemaphorePermit, DatabaseError> {
        let deadline = Instant::now() + WAIT_LIMIT;
        loop {
            match tokio::time::timeout(OUTAGE_CHECK_INTERVAL, Arc::clone(&self.permits).acquire_owned()).await {
                Ok(Ok(permit)) => return Ok(permit),
                _ if Instant::now() < deadline => self.connector.outage().expect_none()?,
                _ => return Err(DatabaseError::Busy("every connection is in use".to_owned())),
            }
        }
    }
}
