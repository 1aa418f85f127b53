//! Connections for requests. Their number is limited, they are made when they are first needed, and a request waits for
//! one only for a limited time.

mod blocking;
mod changes;
mod closing;
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

/// How long a request waits for a connection or for its turn.
const WAIT_LIMIT: Duration = Duration::from_secs(5);

/// The database as requests use it. All clones share the same connections and counters.
#[derive(Clone)]
pub struct Database {
    connector: Connector,
    /// Connections that are not in use.
    idle: IdleConnections,
    /// A permit for each connection that may be in use.
    permits: Arc<Semaphore>,
    /// How many there are.
    most: u32,
    /// A permit for each connection that long queries may use: half of all.
    long_read_permits: Arc<Semaphore>,
    /// Makes sure that each person has one long read at a time.
    read_turns: ReadTurns,
    one_request: bool,
    /// SQLite has one writer at a time. The ballot box and the parts of long tasks take turns by this lock.
    write_turn: Arc<Mutex<()>>,
    /// How often this process has written.
    changes: Arc<AtomicU64>,
    /// When [`Self::expect_writable`] wrote last.
    found_writable: Arc<tokio::sync::Mutex<Option<Instant>>>,
}

/// The connections of a pool in numbers.
#[derive(Debug, Clone, Copy)]
pub struct Connections {
    pub most: i64,
    pub in_use: i64,
}

impl Database {
    /// Prepares access to the database without connecting. A server that can lose committed rows of `durable_tables` is
    /// refused when it is connected to.
    pub fn new(settings: &DatabaseSettings, create: Create, durable_tables: &'static [&'static str]) -> Self {
        Self {
            connector: Connector::new(settings, create, durable_tables),
            idle: IdleConnections::default(),
            permits: Arc::new(Semaphore::new(settings.pool_size as usize)),
            most: settings.pool_size,
            long_read_permits: Arc::new(Semaphore::new((settings.pool_size as usize / 2).max(1))),
            read_turns: ReadTurns::default(),
            one_request: false,
            write_turn: Arc::default(),
            changes: Arc::default(),
            found_writable: Arc::default(),
        }
    }

    /// The same for a process that ends with the request that it answers: it may block its only thread.
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

    /// How many connections requests may use and do use, not counting that of the ballot box.
    pub fn connections(&self) -> Connections {
        let free = i64::try_from(self.permits.available_permits()).unwrap_or_default();
        Connections { most: self.most.into(), in_use: i64::from(self.most) - free }
    }

    pub fn is_sqlite(&self) -> bool {
        matches!(self.connector.url(), DatabaseUrl::Sqlite(_))
    }

    /// Checks that the database does not lose committed votes. If a server does not answer now, it is checked with
    /// every new connection.
    ///
    /// # Errors
    /// [`DatabaseError::Refused`] if votes could be lost.
    pub fn expect_safe(&self) -> Result<(), DatabaseError> {
        // A file in WAL mode is ready to be used as it is; the first request opens it.
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

    /// Whether a database server is in an outage.
    pub fn is_away(&self) -> bool {
        self.connector.is_away()
    }

    /// Makes a connection outside of the pool, for a caller that keeps it.
    ///
    /// # Errors
    /// If the database cannot be reached.
    pub fn connect(&self) -> Result<PooledConnection, DatabaseError> {
        self.connector.open()
    }

    /// On SQLite, whether the connection has the file open that is at the path now; on a server, whether the server has
    /// not ended the connection.
    pub fn is_current(&self, conn: &PooledConnection) -> bool {
        self.connector.is_current(conn)
    }

    /// The same after a write. On SQLite the write-ahead log must still exist, too. What a server has committed is
    /// safe, even if its connections have ended since.
    pub fn is_current_after_write(&self, conn: &PooledConnection) -> bool {
        let Some(file) = self.connector.file() else {
            return true;
        };
        self.is_current(conn) && (!conn.has_wal || dialect::sqlite::has_wal(file))
    }
}
