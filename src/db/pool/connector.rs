//! Makes connections, and decides which existing connections can still be used.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use diesel::connection::{Connection as _, InstrumentationEvent, SimpleConnection as _, TransactionManager as _};

use super::closing::OpenConnections;
use super::outage::Outage;
use super::pooled::PooledConnection;
use crate::db::error::ends_connections;
use crate::db::{Connection, Create, DatabaseError, dialect};
use crate::logging::Repeated;
use crate::settings::{DatabaseSettings, DatabaseUrl};

/// How long an unused connection is kept.
pub(super) const IDLE_LIMIT: Duration = Duration::from_secs(600);
/// How long a connection is kept, used or not.
const AGE_LIMIT: Duration = Duration::from_secs(1800);

static REPLACED: Repeated = Repeated::new(|file, times| {
    tracing::error!(target: "polls.db", file, times, "The database file was replaced or removed while it was open; connecting again.");
});

#[derive(Debug, Clone)]
pub(super) struct Connector {
    url: DatabaseUrl,
    /// The database at each of its hosts.
    hosts: Arc<[DatabaseUrl]>,
    /// The index of the host that accepted writes last.
    host: Arc<AtomicUsize>,
    create: Create,
    may_lose_votes: bool,
    durable_tables: &'static [&'static str],
    outage: Arc<Outage>,
    /// Whether it was found out that no pooler shares the server's sessions.
    has_own_sessions: Arc<AtomicBool>,
    /// How often the server has made all existing connections unusable, because it shut down or became a standby.
    generation: Arc<AtomicU64>,
    open: OpenConnections,
}

impl Connector {
    pub fn new(settings: &DatabaseSettings, create: Create, durable_tables: &'static [&'static str]) -> Self {
        Self {
            url: settings.url.clone(),
            hosts: settings.url.each_host().into(),
            host: Arc::default(),
            create,
            may_lose_votes: settings.may_lose_votes,
            durable_tables,
            outage: Arc::default(),
            has_own_sessions: Arc::default(),
            generation: Arc::default(),
            open: OpenConnections::default(),
        }
    }

    pub fn url(&self) -> &DatabaseUrl {
        &self.url
    }

    /// The path of the SQLite file; None for a server.
    pub fn file(&self) -> Option<&Path> {
        match &self.url {
            DatabaseUrl::Sqlite(path) => Some(path),
            _ => None,
        }
    }

    pub fn open_connections(&self) -> &OpenConnections {
        &self.open
    }

    pub fn outage(&self) -> &Outage {
        &self.outage
    }

    pub fn is_away(&self) -> bool {
        self.outage.is_on()
    }

    /// Connects. During an outage it fails at once, until the next attempt is due.
    pub fn open(&self) -> Result<PooledConnection, DatabaseError> {
        self.outage.expect_attempt()?;
        self.open_anyway()
    }

    /// Connects, also during an outage.
    pub fn open_anyway(&self) -> Result<PooledConnection, DatabaseError> {
        if matches!(self.url, DatabaseUrl::Sqlite(_)) {
            return self.connect(0);
        }
        let begun = Instant::now();
        let first = self.host.load(Ordering::Relaxed);
        let attempts = (0..self.hosts.len()).map(|turn| {
            let connector = self.clone();
            let host = (first + turn) % self.hosts.len();
            move || connector.connect(host).map(|conn| (conn, host))
        });
        let opened = self.outage.in_time(attempts).map(|(conn, host)| self.note_host(conn, host));
        match &opened {
            Err(DatabaseError::Unreachable(why)) => drop(self.outage.begin(why, begun.elapsed())),
            _ => self.outage.end(),
        }
        opened
    }

    /// A connection for short reads on one worker thread. It never waits for a lock.
    pub fn open_reader(&self) -> Result<PooledConnection, DatabaseError> {
        let mut reader = self.open()?;
        dialect::never_wait(&mut reader)?;
        Ok(reader)
    }

    fn connect(&self, host: usize) -> Result<PooledConnection, DatabaseError> {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        let generation = self.generation.load(Ordering::Relaxed);
        // Read before the file is opened: if the file is replaced in between, the next use detects that.
        let file = self.file().and_then(dialect::sqlite::file_id);
        let open = self.open.one_more();
        let mut conn = Connection::open_host(self.host_url(host), self.create, self.hosts.len() > 1)?;
        let has_wal = match (&mut conn, self.file()) {
            (Connection::Sqlite(conn), Some(path)) => {
                dialect::sqlite::expect_wal(conn, path).map_err(DatabaseError::Unreachable)?;
                dialect::sqlite::uses_wal(conn)
            }
            _ => {
                self.expect_own_session(&mut conn, host)?;
                self.expect_durable(&mut conn)?;
                self.watch_for_end(&mut conn);
                false
            }
        };
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let now = Instant::now();
        Ok(PooledConnection {
            conn,
            number,
            foreign_writes: None,
            file,
            has_wal,
            generation,
            made: now,
            used: now,
            _open: open,
        })
    }

    fn host_url(&self, host: usize) -> &DatabaseUrl {
        self.hosts.get(host).unwrap_or(&self.url)
    }

    /// Looks once whether there is a pooler that shares sessions.
    fn expect_own_session(&self, conn: &mut Connection, host: usize) -> Result<(), DatabaseError> {
        if !self.has_own_sessions.load(Ordering::Relaxed) {
            conn.expect_own_session(self.host_url(host), self.create)?;
            self.has_own_sessions.store(true, Ordering::Relaxed);
        }
        Ok(())
    }

    /// If the connection is to another host than those before it, these are not used again.
    fn note_host(&self, mut conn: PooledConnection, host: usize) -> PooledConnection {
        if self.host.swap(host, Ordering::Relaxed) != host {
            tracing::warn!(target: "polls.db", url = %self.host_url(host), "Another host of the database accepts writes now.");
            conn.generation = self.generation.fetch_add(1, Ordering::Relaxed) + 1;
        }
        conn
    }

    /// Refuses a server whose settings can lose committed rows and cannot be changed by a session.
    fn expect_durable(&self, conn: &mut Connection) -> Result<(), DatabaseError> {
        if self.may_lose_votes {
            return Ok(());
        }
        let losses = dialect::losses(conn, self.durable_tables)?;
        if losses.is_empty() {
            return Ok(());
        }
        Err(DatabaseError::Refused(format!(
            "the database server can lose votes that it has committed: {}; set this right on the server, or accept the \
             loss with `database_may_lose_votes = true`",
            losses.join(", ")
        )))
    }

    /// Counts errors on this connection that make all existing connections unusable.
    fn watch_for_end(&self, conn: &mut Connection) {
        let generation = Arc::clone(&self.generation);
        conn.set_instrumentation(move |event: InstrumentationEvent<'_>| {
            if let InstrumentationEvent::FinishQuery { error: Some(error), .. } = event
                && ends_connections(error)
            {
                generation.fetch_add(1, Ordering::Relaxed);
            }
        });
    }

    /// On SQLite, whether the connection has the file open that is at the path now. On a server, whether it was made
    /// after the last error that made all connections unusable.
    pub fn is_current(&self, conn: &PooledConnection) -> bool {
        let Some(path) = self.file() else {
            return conn.generation == self.generation.load(Ordering::Relaxed);
        };
        let current = dialect::sqlite::file_id(path) == conn.file;
        if !current {
            REPLACED.log(path.display().to_string());
        }
        current
    }

    /// Whether a connection from the pool is not too old, is current, and answers a query.
    pub fn is_usable(&self, pooled: &mut PooledConnection) -> bool {
        pooled.made.elapsed() < AGE_LIMIT
            && pooled.used.elapsed() < IDLE_LIMIT
            && self.is_current(pooled)
            && !<Connection as diesel::Connection>::TransactionManager::is_broken_transaction_manager(&mut pooled.conn)
            && pooled.conn.batch_execute("SELECT 1").is_ok()
    }
}
