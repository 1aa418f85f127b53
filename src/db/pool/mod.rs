//! Connections for requests: a bounded number, made when they are first needed, and waited for only for a limited time.

mod blocking;
mod changes;
mod connector;
mod idle;
mod outage;
mod pooled;
mod read;
mod reader;
mod write;

use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tokio::sync::Semaphore;

pub use self::changes::sqlite_files;
use self::connector::Connector;
use self::idle::IdleConnections;
pub use self::pooled::{ForeignWrites, PooledConnection};
use super::time_limit::ReadTurns;
use super::{Create, DatabaseError, dialect};
use crate::settings::{DatabaseSettings, DatabaseUrl};

/// How long a request waits for a connection, or for its turn.
const WAIT_LIMIT: Duration = Duration::from_secs(5);

/// The database as requests see it. Clones share everything.
#[derive(Clone)]
pub struct Database {
    connector: Connector,
    /// Connections that nobody uses now.
    idle: IdleConnections,
    /// A permit for each connection that may be in use.
    permits: Arc<Semaphore>,
    /// A permit for each connection that queries may use which may take long: half of them.
    long_read_permits: Arc<Semaphore>,
    /// One long read at a time for each person.
    read_turns: ReadTurns,
    one_request: bool,
    /// SQLite has one writer at a time; the ballot box and the parts of long tasks wait for each other here.
    write_turn: Arc<Mutex<()>>,
    /// How often this process has written.
    changes: Arc<AtomicU64>,
    /// When [`Self::expect_writable`] has last written something.
    found_writable: Arc<tokio::sync::Mutex<Option<Instant>>>,
}

impl Database {
    /// Prepares access; connects to nothing yet. A server that can lose what was committed to `durable_tables` is
    /// refused when it is connected to.
    pub fn new(settings: &DatabaseSettings, create: Create, durable_tables: &'static [&'static str]) -> Self {
        Self {
            connector: Connector::new(settings, create, durable_tables),
            idle: IdleConnections::default(),
            permits: Arc::new(Semaphore::new(settings.pool_size as usize)),
            long_read_permits: Arc::new(Semaphore::new((settings.pool_size as usize / 2).max(1))),
            read_turns: ReadTurns::default(),
            one_request: false,
            write_turn: Arc::default(),
            changes: Arc::default(),
            found_writable: Arc::default(),
        }
    }

    /// The same for a process that ends with the request that it answers, so that it may wait on its only thread.
    pub fn for_one_request(
        settings: &DatabaseSettings,
        create: Create,
        durable_tables: &'static [&'static str],
    ) -> Self {
        Self { one_request: true, ..Self::new(settings, create, durable_tables) }
    }

    /// Whether the process ends with the request that it answers.
    pub fn answers_one_request(&self) -> bool {
        self.one_request
    }

    pub fn is_sqlite(&self) -> bool {
        matches!(self.connector.url(), DatabaseUrl::Sqlite(_))
    }

    /// Looks whether the database is one that votes can be trusted to. A server that does not answer now is looked at
    /// with every new connection.
    ///
    /// # Errors
    /// [`DatabaseError::Refused`] if votes could be lost.
    pub fn expect_safe(&self) -> Result<(), DatabaseError> {
        // A file in WAL mode is opened with the first request only.
        if let Some(path) = self.connector.file()
            && dialect::sqlite::is_in_order(path)?
        {
            return Ok(());
        }
        match self.connector.open() {
            Err(error @ DatabaseError::Refused(_)) => Err(error),
            _ => Ok(()),
        }
    }

    /// Whether a database server could not be reached and has not come back yet.
    pub fn is_away(&self) -> bool {
        self.connector.is_away()
    }

    /// A connection outside of the pool, for whoever keeps it.
    ///
    /// # Errors
    /// If the database cannot be reached.
    pub fn connect(&self) -> Result<PooledConnection, DatabaseError> {
        self.connector.open()
    }

    /// Whether a connection still has the file open that its path names, or the server has not ended it.
    pub fn is_current(&self, conn: &PooledConnection) -> bool {
        self.connector.is_current(conn)
    }

    /// The same once something was written: then SQLite's write-ahead log must still be there as well. What a server
    /// has committed stays, whatever has become of its connections.
    pub fn is_current_after_write(&self, conn: &PooledConnection) -> bool {
        let Some(file) = self.connector.file() else {
            return true;
        };
        self.is_current(conn) && (!conn.has_wal || dialect::sqlite::has_wal(file))
    }
}
