//! Connections for requests: bounded, made when they are first needed, and never waited for without end.

use std::cell::RefCell;
use std::sync::Arc;
use std::time::Duration;

use diesel::QueryResult;
use diesel::connection::SimpleConnection as _;
use diesel::r2d2::{self, ManageConnection};
use tokio::sync::Semaphore;

use super::{Connection, Error};
use crate::settings::{Database as Settings, DatabaseUrl};

/// How long a request waits for a connection.
const PATIENCE: Duration = Duration::from_secs(5);

/// Whether a SQLite file that is missing may be made. A server in production must not make one:
/// an empty file in the place of one that is not mounted looks like lost votes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Create {
    IfMissing,
    Never,
}

/// The database as requests see it.
#[derive(Clone)]
pub struct Database {
    manager: Manager,
    pool: r2d2::Pool<Manager>,
    places: Arc<Semaphore>,
}

#[derive(Debug, Clone)]
struct Manager {
    url: DatabaseUrl,
    create: Create,
}

thread_local! {
    /// The connection of a worker's own for short SQLite reads.
    static READER: RefCell<Option<Connection>> = const { RefCell::new(None) };
}

impl Database {
    /// Prepares access; connects to nothing yet.
    pub fn new(settings: &Settings, create: Create) -> Self {
        let manager = Manager { url: settings.url.clone(), create };
        let pool = r2d2::Pool::builder()
            .max_size(settings.pool_size)
            .min_idle(Some(0))
            .connection_timeout(PATIENCE)
            .build_unchecked(manager.clone());
        Self { manager, pool, places: Arc::new(Semaphore::new(settings.pool_size as usize)) }
    }

    /// Runs short, indexed queries that only read.
    ///
    /// SQLite answers these in microseconds from memory, so they run where they are on a connection of
    /// the worker's own; a server's answer is waited for on another thread.
    ///
    /// # Errors
    /// As [`Error`] says; `Query(NotFound)` when a query wanted one row and there is none.
    pub async fn read<T, F>(&self, query: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: FnOnce(&mut Connection) -> QueryResult<T> + Send + 'static,
    {
        match self.manager.url {
            DatabaseUrl::Sqlite(_) => self.read_here(query),
            _ => self.run(move |conn| query(conn).map_err(Error::from)).await,
        }
    }

    /// Runs queries that write, in one transaction.
    ///
    /// # Errors
    /// What `change` says, or [`Error`]; then nothing is changed.
    pub async fn write<T, E, F>(&self, change: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + From<diesel::result::Error> + Send + 'static,
        F: FnOnce(&mut Connection) -> Result<T, E> + Send + 'static,
    {
        self.run(move |conn| super::write(conn, change)).await
    }

    fn read_here<T>(&self, query: impl FnOnce(&mut Connection) -> QueryResult<T>) -> Result<T, Error> {
        READER.with_borrow_mut(|reader| {
            // Taken out meanwhile, so that a panic or a broken file leaves no connection behind.
            let mut conn = match reader.take() {
                Some(conn) => conn,
                None => self.connect()?,
            };
            let result = query(&mut conn).map_err(Error::from);
            if !matches!(result, Err(Error::Unreachable(_))) {
                *reader = Some(conn);
            }
            result
        })
    }

    /// Runs a task with a connection of the pool on a thread that may block.
    async fn run<T, E, F>(&self, task: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
        F: FnOnce(&mut Connection) -> Result<T, E> + Send + 'static,
    {
        let place = tokio::time::timeout(PATIENCE, Arc::clone(&self.places).acquire_owned())
            .await
            .map_err(|_| Error::Busy("every connection is in use".to_owned()))?;
        let pool = self.pool.clone();
        let task = tokio::task::spawn_blocking(move || {
            let _place = place;
            let mut conn = pool.get().map_err(|error| Error::Unreachable(error.to_string()))?;
            task(&mut conn)
        });
        match task.await {
            Ok(result) => result,
            Err(stopped) if stopped.is_panic() => std::panic::resume_unwind(stopped.into_panic()),
            Err(stopped) => Err(Error::Busy(stopped.to_string()).into()),
        }
    }

    /// A connection outside the pool, for whoever keeps it: the ballot box, a command.
    ///
    /// # Errors
    /// If the database cannot be reached.
    pub fn connect(&self) -> Result<Connection, Error> {
        Ok(Connection::open(&self.manager.url, self.manager.create)?)
    }
}

impl ManageConnection for Manager {
    type Connection = Connection;
    type Error = r2d2::Error;

    fn connect(&self) -> Result<Connection, r2d2::Error> {
        Connection::open(&self.url, self.create).map_err(r2d2::Error::ConnectionError)
    }

    fn is_valid(&self, conn: &mut Connection) -> Result<(), r2d2::Error> {
        conn.batch_execute("SELECT 1").map_err(r2d2::Error::QueryError)
    }

    fn has_broken(&self, conn: &mut Connection) -> bool {
        std::thread::panicking() || r2d2::R2D2Connection::is_broken(conn)
    }
}
