//! Queries that only read.

use std::sync::Arc;

use diesel::QueryResult;

use super::blocking::Connected;
use super::reader::read_here;
use super::{Database, WAIT_LIMIT};
use crate::db::error::is_out_of_time_on_a_server;
use crate::db::time_limit::{READ_TIME_LIMIT, ReadTurn, TimeLimit};
use crate::db::{Connection, DatabaseError, dialect};

impl Database {
    /// Runs short, indexed queries that only read.
    ///
    /// SQLite answers such queries from memory in microseconds, so they run on the worker's own thread and connection.
    /// If another process has locked the file, and always for a server, they run on another thread.
    ///
    /// # Errors
    /// If the database is busy or cannot be reached; `Query(NotFound)` if a query for one row finds none.
    pub async fn read<T, F>(&self, query: F) -> Result<T, DatabaseError>
    where
        T: Send + 'static,
        F: Fn(&mut Connection) -> QueryResult<T> + Send + 'static,
    {
        if self.is_sqlite() {
            self.open_reader().await?;
            match read_here(&query) {
                Err(DatabaseError::Busy(_)) => {}
                answer => return answer,
            }
        }
        let db = self.clone();
        self.on_another_thread(move |connected| db.read_on(connected, &query)).await
    }

    /// Runs queries that only read and may take long, always on another thread.
    ///
    /// # Errors
    /// As [`Self::read`]; `TooSlow` after [`READ_TIME_LIMIT`].
    pub async fn read_aside<T, F>(&self, query: F) -> Result<T, DatabaseError>
    where
        T: Send + 'static,
        F: Fn(&mut Connection) -> QueryResult<T> + Send + 'static,
    {
        let db = self.clone();
        // Dropped with this future when the client disconnects; then the query ends.
        let (limit, _cancel) = TimeLimit::new();
        self.on_another_thread(move |connected| db.read_within(&limit, connected, &query)).await
    }

    /// The same for reads that a person can make as long as they like, such as a search. Each [`ReadTurn`] has one at a
    /// time, and together they use at most half of the connections, so that the other half stays free for short queries.
    ///
    /// # Errors
    /// As [`Self::read_aside`]; `OneAtATime` if the earlier read of the same turn does not end within five seconds.
    pub async fn read_in_turn<T, F>(&self, of: ReadTurn, query: F) -> Result<T, DatabaseError>
    where
        T: Send + 'static,
        F: Fn(&mut Connection) -> QueryResult<T> + Send + 'static,
    {
        let turn = self.read_turns.take(of, WAIT_LIMIT).await.ok_or(DatabaseError::OneAtATime)?;
        let permit = tokio::time::timeout(WAIT_LIMIT, Arc::clone(&self.long_read_permits).acquire_owned()).await;
        let Ok(Ok(permit)) = permit else {
            return Err(DatabaseError::Busy("as many lists are being read as may be".to_owned()));
        };
        // Moved into the query, so that they are released when the query has ended, even if the request was dropped
        // before.
        let held = (turn, permit);
        self.read_aside(move |conn| {
            let _held = &held;
            query(conn)
        })
        .await
    }

    fn read_within<T>(
        &self,
        limit: &TimeLimit,
        connected: Connected,
        query: impl Fn(&mut Connection) -> QueryResult<T>,
    ) -> Result<T, DatabaseError> {
        let result = self.read_on(connected, |conn| {
            dialect::limit_statements(conn, Some(READ_TIME_LIMIT))?;
            let result = limit.hold(|| query(conn));
            dialect::limit_statements(conn, None)?;
            result
        });
        match result {
            Err(DatabaseError::Busy(message)) if is_out_of_time_on_a_server(&message) => Err(DatabaseError::TooSlow),
            result => result,
        }
    }

    /// Reads; if the connection turns out to be unusable, reads once more on another one.
    fn read_on<T>(
        &self,
        connected: Connected,
        query: impl Fn(&mut Connection) -> QueryResult<T>,
    ) -> Result<T, DatabaseError> {
        let mut conn = self.take()?;
        connected.tell()?;
        let mut result = query(&mut conn).map_err(DatabaseError::from);
        if matches!(result, Err(DatabaseError::Unreachable(_))) && !self.is_sqlite() {
            drop(conn);
            conn = self.take()?;
            result = query(&mut conn).map_err(DatabaseError::from);
        }
        self.put_back(conn);
        result
    }
}
