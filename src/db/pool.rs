//! Connections for requests: bounded, made when they are first needed, and never waited for without end.

use std::cell::RefCell;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use diesel::QueryResult;
use diesel::connection::{Connection as _, InstrumentationEvent, SimpleConnection as _, TransactionManager as _};
use tokio::sync::{Semaphore, oneshot};

use super::dialect::sqlite::FileId;
use super::error::{ends_connections, is_out_of_time_on_a_server};
use super::outage::{NO_ANSWER, Outage};
use super::time_limit::{self, Limit, Turns};
use super::version::Others;
use super::{Connection, Error, dialect};
use crate::logging::Repeated;
use crate::settings::{DatabaseSettings as Settings, DatabaseUrl};

/// How long a request waits for others to be done with their connections.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long it waits before it looks whether the database has been found away meanwhile.
const GLANCE: Duration = Duration::from_millis(100);

/// How long it is good to know that something could be written.
const FRESH: Duration = Duration::from_millis(500);

/// How long a connection is kept that nobody uses, and how long any.
const MOST_IDLE: Duration = Duration::from_secs(600);
const OLDEST: Duration = Duration::from_secs(1800);

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
    /// What [`Manager::ended`] was when it was made.
    ended: u64,
    made: Instant,
    used: Instant,
}

/// The database as requests see it.
#[derive(Clone)]
pub struct Database {
    manager: Manager,
    /// Connections that nobody uses now, the last used last.
    idle: Arc<Mutex<Vec<Kept>>>,
    /// One for each that may be in use.
    places: Arc<Semaphore>,
    /// Of the places, how many those have together whose queries may take long, and the turn of each person.
    long: Arc<Semaphore>,
    turns: Turns,
    /// Whether who waits here keeps nobody else waiting.
    alone: bool,
    /// Who writes ballots, or a part of long work.
    turn: Arc<Mutex<()>>,
    pub(super) changes: Arc<AtomicU64>,
    /// When [`Self::expect_writable`] has last written.
    written: Arc<tokio::sync::Mutex<Option<Instant>>>,
}

#[derive(Debug, Clone)]
struct Manager {
    url: DatabaseUrl,
    create: Create,
    may_lose_votes: bool,
    outage: Arc<Outage>,
    /// How often the server has said what makes every connection useless that was made before.
    ended: Arc<AtomicU64>,
}

static REPLACED: Repeated = Repeated::new(|file, times| {
    tracing::error!(target: "polls.db", file, times, "The database file was replaced or removed while it was open; connecting again.");
});

thread_local! {
    /// The connection of a worker's own for short SQLite reads.
    static READER: RefCell<Option<Kept>> = const { RefCell::new(None) };
}

impl Database {
    /// Prepares access; connects to nothing yet.
    pub fn new(settings: &Settings, create: Create) -> Self {
        let manager = Manager {
            url: settings.url.clone(),
            create,
            may_lose_votes: settings.may_lose_votes,
            outage: Arc::default(),
            ended: Arc::default(),
        };
        Self {
            manager,
            idle: Arc::default(),
            places: Arc::new(Semaphore::new(settings.pool_size as usize)),
            long: Arc::new(Semaphore::new(half(settings.pool_size))),
            turns: Turns::default(),
            alone: false,
            turn: Arc::default(),
            changes: Arc::default(),
            written: Arc::default(),
        }
    }

    /// The same for a process that answers one request, and keeps nobody else waiting.
    pub fn for_one_request(settings: &Settings, create: Create) -> Self {
        Self { alone: true, ..Self::new(settings, create) }
    }

    /// Whether the process ends with the request that it answers.
    pub fn answers_one_request(&self) -> bool {
        self.alone
    }

    /// Looks whether the database is one that votes can be trusted to. One that does not answer now is looked at with
    /// every new connection.
    ///
    /// # Errors
    /// [`Error::Refused`] if votes could be lost.
    pub fn expect_safe(&self) -> Result<(), Error> {
        // Opened with the first request, unless there is something to put right.
        if let Some(path) = self.manager.file()
            && dialect::sqlite::is_in_order(path)?
        {
            return Ok(());
        }
        match self.manager.open() {
            Err(error @ Error::Refused(_)) => Err(error),
            _ => Ok(()),
        }
    }

    /// Whether a database server has been found away and has not come back yet.
    pub fn is_away(&self) -> bool {
        self.manager.outage.is_on()
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
        let db = self.clone();
        self.on_another_thread(move |connected| db.read_on(connected, &query)).await
    }

    /// Reads once more if the connection turns out to be of no use.
    fn read_on<T>(&self, connected: Connected, query: impl Fn(&mut Connection) -> QueryResult<T>) -> Result<T, Error> {
        let mut kept = self.take()?;
        connected.tell()?;
        let mut result = query(&mut kept.conn).map_err(Error::from);
        if matches!(result, Err(Error::Unreachable(_))) && !self.is_sqlite() {
            drop(kept);
            kept = self.take()?;
            result = query(&mut kept.conn).map_err(Error::from);
        }
        self.put_back(kept);
        result
    }

    /// Runs queries that only read and may take long; never on the worker, which has others to answer meanwhile.
    ///
    /// # Errors
    /// As [`Error`] says; `TooSlow` after ten seconds.
    pub async fn read_aside<T, F>(&self, query: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: Fn(&mut Connection) -> QueryResult<T> + Send + 'static,
    {
        let db = self.clone();
        let (limit, _waiting) = Limit::new();
        self.on_another_thread(move |connected| db.read_within(&limit, connected, &query)).await
    }

    /// The same for what a person can make as long as they like, such as a search: one at a time for each, and all of
    /// them in half of the connections, so that the others have theirs.
    ///
    /// # Errors
    /// As [`Error`] says; `OneAtATime` if what the person has asked for before takes long.
    pub async fn read_in_turn<T, F>(&self, person: i32, query: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: Fn(&mut Connection) -> QueryResult<T> + Send + 'static,
    {
        let turn = self.turns.take(person, PATIENCE).await.ok_or(Error::OneAtATime)?;
        let place = tokio::time::timeout(PATIENCE, Arc::clone(&self.long).acquire_owned()).await;
        let Ok(Ok(place)) = place else {
            return Err(Error::Busy("as many lists are being read as may be".to_owned()));
        };
        // Given back when the query has ended, which is later where nobody waits for it.
        let held = (turn, place);
        self.read_aside(move |conn| {
            let _held = &held;
            query(conn)
        })
        .await
    }

    fn read_within<T>(
        &self,
        limit: &Limit,
        connected: Connected,
        query: impl Fn(&mut Connection) -> QueryResult<T>,
    ) -> Result<T, Error> {
        let result = self.read_on(connected, |conn| {
            dialect::limit_statements(conn, Some(time_limit::MOST))?;
            let result = limit.hold(|| query(conn));
            dialect::limit_statements(conn, None)?;
            result
        });
        match result {
            Err(Error::Busy(said)) if is_out_of_time_on_a_server(&said) => Err(Error::TooSlow),
            result => result,
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
        let result = self.write_unseen(change).await;
        // Also after an error: the database may have committed before it broke off.
        self.note_change();
        result
    }

    /// A part of long work: the ballot box and such parts wait for each other here, where who waits is woken at once.
    /// For SQLite's own lock one looks only now and then, and may always find it taken by the next part.
    ///
    /// # Errors
    /// As [`Self::write`].
    pub async fn write_by_turns<T, E, F>(&self, change: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + From<diesel::result::Error> + Send + 'static,
        F: FnOnce(&mut Connection) -> Result<T, E> + Send + 'static,
    {
        let db = self.clone();
        let task = move |connected: Connected| {
            let mut kept = db.take()?;
            connected.tell()?;
            let turn = db.turn();
            let result = super::write(&mut kept.conn, change);
            drop(turn);
            db.put_back(kept);
            result
        };
        let result = self.on_another_thread(task).await;
        self.note_change();
        result
    }

    /// This thread's turn to write, on SQLite; a server lets many write. Blocks.
    pub fn turn(&self) -> Option<std::sync::MutexGuard<'_, ()>> {
        self.is_sqlite().then(|| self.turn.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Whether votes can be written now: something is written, and undone in the same transaction, as that alone tells.
    /// Who asks at the same time, or just after, has the same answer.
    ///
    /// # Errors
    /// As [`Error`] says.
    pub async fn expect_writable(&self) -> Result<(), Error> {
        let mut last = Arc::clone(&self.written).lock_owned().await;
        if last.is_some_and(|last| last.elapsed() < FRESH) {
            return Ok(());
        }
        let db = self.clone();
        let task = move |connected: Connected| {
            let mut kept = db.take()?;
            connected.tell()?;
            let result = super::write(&mut kept.conn, dialect::touch);
            db.put_back(kept);
            *last = result.is_ok().then(Instant::now);
            result.map_err(Error::from)
        };
        self.on_another_thread(task).await
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
        let db = self.clone();
        let task = move |connected: Connected| {
            let mut kept = db.take()?;
            connected.tell()?;
            let result = super::write(&mut kept.conn, change);
            db.put_back(kept);
            result
        };
        self.on_another_thread(task).await
    }

    /// Sees to it that this worker has a current reader. A worker that has others to answer meanwhile has it made
    /// by another thread: opening a file that somebody has locked waits.
    async fn open_reader(&self) -> Result<(), Error> {
        let current = READER.with_borrow(|reader| reader.as_ref().is_some_and(|kept| self.is_current(kept)));
        if current {
            return Ok(());
        }
        // Closed first: the log beside a file that was replaced goes with the last who has it open.
        READER.set(None);
        let manager = self.manager.clone();
        let kept = if self.alone {
            manager.open_reader()?
        } else {
            let open = move |connected: Connected| {
                connected.tell()?;
                manager.open_reader()
            };
            self.on_another_thread(open).await?
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

    pub fn is_sqlite(&self) -> bool {
        matches!(self.manager.url, DatabaseUrl::Sqlite(_))
    }

    /// A connection that answers. Blocks.
    fn take(&self) -> Result<Kept, Error> {
        self.manager.outage.expect_none()?;
        loop {
            // The lock is let go of before the connection is asked.
            let last = self.idle().pop();
            let Some(mut kept) = last else {
                return self.manager.try_open();
            };
            if self.manager.is_usable(&mut kept) {
                self.manager.outage.end();
                return Ok(kept);
            }
        }
    }

    fn put_back(&self, mut kept: Kept) {
        kept.used = Instant::now();
        let mut idle = self.idle();
        idle.push(kept);
        let (old, rest): (Vec<_>, Vec<_>) = idle.drain(..).partition(|kept| kept.used.elapsed() > MOST_IDLE);
        *idle = rest;
        drop(idle);
        drop(old);
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Kept>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs a task on a thread that may block; as many at once as there are connections. Whoever asks is not kept
    /// waiting for a connection that does not come.
    async fn on_another_thread<T, E>(
        &self,
        task: impl FnOnce(Connected) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let place = Arc::new(Mutex::new(Some(self.place().await?)));
        let (connected, is_connected) = oneshot::channel();
        let places = Arc::clone(&place);
        let task = tokio::task::spawn_blocking(move || {
            let result = task(Connected(connected));
            drop(places);
            result
        });
        if !self.is_sqlite() && tokio::time::timeout(NO_ANSWER, is_connected).await.is_err() {
            // A thread that waits for a host that is gone may do so for a quarter of an hour.
            drop(place.lock().unwrap_or_else(PoisonError::into_inner).take());
            return Err(self.manager.outage.begin("it does not answer", NO_ANSWER).into());
        }
        drop(place);
        match task.await {
            Ok(result) => result,
            Err(stopped) if stopped.is_panic() => std::panic::resume_unwind(stopped.into_panic()),
            Err(stopped) => Err(Error::Busy(stopped.to_string()).into()),
        }
    }

    async fn place(&self) -> Result<tokio::sync::OwnedSemaphorePermit, Error> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            match tokio::time::timeout(GLANCE, Arc::clone(&self.places).acquire_owned()).await {
                Ok(Ok(place)) => return Ok(place),
                _ if Instant::now() < deadline => self.manager.outage.expect_none_yet()?,
                _ => return Err(Error::Busy("every connection is in use".to_owned())),
            }
        }
    }

    /// A connection outside the pool, for whoever keeps it.
    ///
    /// # Errors
    /// If the database cannot be reached.
    pub fn connect(&self) -> Result<Kept, Error> {
        self.manager.open()
    }

    /// Whether a connection still has the file open that its path names.
    pub fn is_current(&self, kept: &Kept) -> bool {
        self.manager.is_current(kept)
    }

    /// The same, once something was written: then the log that SQLite writes first must be there as well. What a
    /// server has committed it has, whatever has become of its connections.
    pub fn is_current_after_write(&self, kept: &Kept) -> bool {
        self.manager
            .file()
            .is_none_or(|file| self.is_current(kept) && (!kept.has_log || dialect::sqlite::has_log(file)))
    }
}

impl Manager {
    fn open(&self) -> Result<Kept, Error> {
        self.outage.expect_none()?;
        self.try_open()
    }

    /// Whether or not there is an outage.
    fn try_open(&self) -> Result<Kept, Error> {
        if matches!(self.url, DatabaseUrl::Sqlite(_)) {
            return self.connect();
        }
        let manager = self.clone();
        let begun = Instant::now();
        let opened = self.outage.in_time(move || manager.connect());
        match &opened {
            Err(Error::Unreachable(why)) => drop(self.outage.begin(why, begun.elapsed())),
            _ => self.outage.end(),
        }
        opened
    }

    fn connect(&self) -> Result<Kept, Error> {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        let ended = self.ended.load(Ordering::Relaxed);
        // Looked at first: a file that is replaced in between is found out at the next use.
        let file = self.file().and_then(dialect::sqlite::file_id);
        let mut conn = Connection::open(&self.url, self.create)?;
        let has_log = match (&mut conn, self.file()) {
            (Connection::Sqlite(conn), Some(path)) => {
                dialect::sqlite::expect_log(conn, path).map_err(Error::Unreachable)?;
                dialect::sqlite::uses_log(conn)
            }
            _ => {
                self.expect_safe(&mut conn)?;
                self.notice_end(&mut conn);
                false
            }
        };
        let (number, now) = (NUMBER.fetch_add(1, Ordering::Relaxed), Instant::now());
        Ok(Kept { conn, number, seen: None, file, has_log, ended, made: now, used: now })
    }

    /// What a session cannot set for itself.
    fn expect_safe(&self, conn: &mut Connection) -> Result<(), Error> {
        if self.may_lose_votes {
            return Ok(());
        }
        let losses = dialect::losses(conn)?;
        if losses.is_empty() {
            return Ok(());
        }
        Err(Error::Refused(format!(
            "the database server can lose votes that it has committed: {}; set this right on the server, or accept the \
             loss with `database_may_lose_votes = true`",
            losses.join(", ")
        )))
    }

    /// Has the connection tell when it is of no use any more, nor are the others of its age.
    fn notice_end(&self, conn: &mut Connection) {
        let ended = Arc::clone(&self.ended);
        conn.set_instrumentation(move |event: InstrumentationEvent<'_>| {
            if let InstrumentationEvent::FinishQuery { error: Some(error), .. } = event
                && ends_connections(error)
            {
                ended.fetch_add(1, Ordering::Relaxed);
            }
        });
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
            return kept.ended == self.ended.load(Ordering::Relaxed);
        };
        let current = dialect::sqlite::file_id(path) == kept.file;
        if !current {
            REPLACED.log(path.display().to_string());
        }
        current
    }

    /// Whether a connection that was not used for a while answers.
    fn is_usable(&self, kept: &mut Kept) -> bool {
        kept.made.elapsed() < OLDEST
            && kept.used.elapsed() < MOST_IDLE
            && self.is_current(kept)
            && !<Connection as diesel::Connection>::TransactionManager::is_broken_transaction_manager(&mut kept.conn)
            && kept.conn.batch_execute("SELECT 1").is_ok()
    }
}

fn half(places: u32) -> usize {
    (places as usize / 2).max(1)
}

/// Told once a task has a connection.
struct Connected(oneshot::Sender<()>);

impl Connected {
    /// Fails if nobody waits any more: what was refused is not done later.
    fn tell(self) -> Result<(), Error> {
        self.0.send(()).map_err(|()| Error::Unreachable("it has answered too late".to_owned()))
    }
}
