//! Connections for requests: bounded, made when they are first needed, and never waited for without end.

use std::cell::RefCell;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use diesel::QueryResult;
use diesel::connection::SimpleConnection as _;
use diesel::r2d2::{self, ManageConnection};
use tokio::sync::Semaphore;

use super::dialect::sqlite::FileId;
use super::version::Others;
use super::{Connection, Error, dialect};
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

/// A connection, and which file it has open. A path can come to name another file under a running program
/// (a backup that was brought back); what is then written through the old one is lost.
pub struct Kept {
    pub conn: Connection,
    /// No other connection of this process has it.
    pub(super) number: u64,
    /// What others had written at a `data_version`.
    pub(super) seen: Option<(i64, Others)>,
    file: Option<FileId>,
    /// Whether SQLite writes to a log beside the file first.
    has_log: bool,
}

/// The database as requests see it.
#[derive(Clone)]
pub struct Database {
    manager: Manager,
    size: u32,
    /// Made when it is first needed, as it starts threads.
    pool: Arc<OnceLock<r2d2::Pool<Manager>>>,
    places: Arc<Semaphore>,
    /// Whether who waits here keeps nobody else waiting.
    alone: bool,
    pub(super) changes: Arc<AtomicU64>,
}

#[derive(Debug, Clone)]
struct Manager {
    url: DatabaseUrl,
    create: Create,
}

thread_local! {
    /// The connection of a worker's own for short SQLite reads.
    static READER: RefCell<Option<Kept>> = const { RefCell::new(None) };
}

impl Database {
    /// Prepares access; connects to nothing yet.
    pub fn new(settings: &Settings, create: Create) -> Self {
        let db = Self { alone: false, ..Self::for_one_request(settings, create) };
        // Threads that cannot be started are noticed now.
        db.pool();
        db
    }

    /// The same for a process that answers one request, and does without what it does not need for that.
    pub fn for_one_request(settings: &Settings, create: Create) -> Self {
        Self {
            manager: Manager { url: settings.url.clone(), create },
            size: settings.pool_size,
            pool: Arc::default(),
            places: Arc::new(Semaphore::new(settings.pool_size as usize)),
            alone: true,
            changes: Arc::default(),
        }
    }

    /// Runs short, indexed queries that only read.
    ///
    /// SQLite answers these in microseconds from memory, so they run where they are on a connection of
    /// the worker's own, unless somebody has locked the file; then, and with a server, the answer is waited
    /// for on another thread.
    ///
    /// # Errors
    /// As [`Error`] says; `Query(NotFound)` when a query wanted one row and there is none.
    pub async fn read<T, F>(&self, query: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: Fn(&mut Connection) -> QueryResult<T> + Send + 'static,
    {
        if matches!(self.manager.url, DatabaseUrl::Sqlite(_)) {
            self.open_reader().await?;
            match Self::read_here(&query) {
                Err(Error::Busy(_)) => {}
                answer => return answer,
            }
        }
        self.run(move |conn| query(conn).map_err(Error::from)).await
    }

    /// Runs queries that only read and may take long; never on the worker, which has others to answer meanwhile.
    ///
    /// # Errors
    /// As [`Error`] says.
    pub async fn read_aside<T, F>(&self, query: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: FnOnce(&mut Connection) -> QueryResult<T> + Send + 'static,
    {
        self.run(move |conn| query(conn).map_err(Error::from)).await
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
        let result = self.write_unseen(change).await;
        // Also after an error: the database may have committed before it broke off.
        self.note_change();
        result
    }

    /// The same for what shows on no page for readers without a session (sessions, failed logins, passwords): the
    /// pages in memory stay.
    ///
    /// # Errors
    /// As [`Self::write`].
    pub async fn write_unseen<T, E, F>(&self, change: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + From<diesel::result::Error> + Send + 'static,
        F: FnOnce(&mut Connection) -> Result<T, E> + Send + 'static,
    {
        self.run(move |conn| super::write(conn, change)).await
    }

    /// Sees to it that this worker has a current reader. A worker that has others to answer meanwhile has it made
    /// by another thread: opening a file that somebody has locked waits.
    async fn open_reader(&self) -> Result<(), Error> {
        let current = READER.with_borrow(|reader| reader.as_ref().is_some_and(|kept| self.is_current(kept)));
        if current {
            return Ok(());
        }
        let manager = self.manager.clone();
        let kept = if self.alone {
            manager.open_reader()?
        } else {
            self.on_another_thread(move || manager.open_reader()).await?
        };
        READER.set(Some(kept));
        Ok(())
    }

    fn read_here<T>(query: impl Fn(&mut Connection) -> QueryResult<T>) -> Result<T, Error> {
        // Taken out meanwhile, so that a panic or a broken file leaves no connection behind.
        let mut kept = READER.take().ok_or_else(|| Error::Busy("the worker's reader is in use".to_owned()))?;
        let result = query(&mut kept.conn).map_err(Error::from);
        if !matches!(result, Err(Error::Unreachable(_))) {
            READER.set(Some(kept));
        }
        result
    }

    /// Does something short with this worker's reader, if it is there and current.
    pub(super) fn with_reader<T>(&self, task: impl FnOnce(&mut Kept) -> Option<T>) -> Option<T> {
        READER.with_borrow_mut(|reader| reader.as_mut().filter(|reader| self.is_current(reader)).and_then(task))
    }

    pub(super) fn url(&self) -> &DatabaseUrl {
        &self.manager.url
    }

    /// Runs a task with a connection of the pool on a thread that may block.
    async fn run<T, E, F>(&self, task: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
        F: FnOnce(&mut Connection) -> Result<T, E> + Send + 'static,
    {
        let pool = self.pool().clone();
        self.on_another_thread(move || {
            let mut kept = pool.get().map_err(|error| Error::Unreachable(error.to_string()))?;
            task(&mut kept.conn)
        })
        .await
    }

    fn pool(&self) -> &r2d2::Pool<Manager> {
        self.pool.get_or_init(|| {
            r2d2::Pool::builder()
                .max_size(self.size)
                .min_idle(Some(0))
                .connection_timeout(PATIENCE)
                .build_unchecked(self.manager.clone())
        })
    }

    /// Runs a task on a thread that may block; as many at once as there are connections.
    async fn on_another_thread<T, E>(&self, task: impl FnOnce() -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let place = tokio::time::timeout(PATIENCE, Arc::clone(&self.places).acquire_owned())
            .await
            .map_err(|_| Error::Busy("every connection is in use".to_owned()))?;
        let task = tokio::task::spawn_blocking(move || {
            let _place = place;
            task()
        });
        match task.await {
            Ok(result) => result,
            Err(stopped) if stopped.is_panic() => std::panic::resume_unwind(stopped.into_panic()),
            Err(stopped) => Err(Error::Busy(stopped.to_string()).into()),
        }
    }

    /// A connection outside the pool, for whoever keeps it.
    ///
    /// # Errors
    /// If the database cannot be reached.
    pub fn connect(&self) -> Result<Kept, Error> {
        self.manager.open().map_err(Error::from)
    }

    /// Whether a connection still has the file open that its path names.
    pub fn is_current(&self, kept: &Kept) -> bool {
        self.manager.is_current(kept)
    }

    /// The same, once something was written: then the log that SQLite writes first must be there as well.
    pub fn is_current_after_write(&self, kept: &Kept) -> bool {
        self.is_current(kept) && (!kept.has_log || self.manager.file().is_some_and(dialect::sqlite::has_log))
    }
}

impl Manager {
    fn open(&self) -> diesel::ConnectionResult<Kept> {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        // Looked at first: a file that is replaced in between is found out at the next use.
        let file = self.file().and_then(dialect::sqlite::file_id);
        let mut conn = Connection::open(&self.url, self.create)?;
        let has_log = match &mut conn {
            Connection::Sqlite(conn) => dialect::sqlite::uses_log(conn),
            #[cfg(any(feature = "postgres", feature = "mysql"))]
            _ => false,
        };
        Ok(Kept { conn, number: NUMBER.fetch_add(1, Ordering::Relaxed), seen: None, file, has_log })
    }

    fn open_reader(&self) -> Result<Kept, Error> {
        let mut kept = self.open()?;
        dialect::never_wait(&mut kept.conn)?;
        Ok(kept)
    }

    fn file(&self) -> Option<&Path> {
        match &self.url {
            DatabaseUrl::Sqlite(path) => Some(path),
            _ => None,
        }
    }

    fn is_current(&self, kept: &Kept) -> bool {
        let Some(path) = self.file() else {
            return true;
        };
        let current = dialect::sqlite::file_id(path) == kept.file;
        if !current {
            tracing::error!(target: "polls.db", file = %path.display(), "The database file was replaced or removed while it was open; connecting again.");
        }
        current
    }
}

impl ManageConnection for Manager {
    type Connection = Kept;
    type Error = r2d2::Error;

    fn connect(&self) -> Result<Kept, r2d2::Error> {
        self.open().map_err(r2d2::Error::ConnectionError)
    }

    fn is_valid(&self, kept: &mut Kept) -> Result<(), r2d2::Error> {
        if !self.is_current(kept) {
            return Err(r2d2::Error::QueryError(diesel::result::Error::BrokenTransactionManager));
        }
        kept.conn.batch_execute("SELECT 1").map_err(r2d2::Error::QueryError)
    }

    fn has_broken(&self, kept: &mut Kept) -> bool {
        std::thread::panicking() || r2d2::R2D2Connection::is_broken(&mut kept.conn)
    }
}
