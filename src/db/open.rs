//! Opens a connection to the kind of database that the URL names.

use std::time::Duration;

use super::connection::{AnyConnection, Create};
use super::first_answer::first_answer;
use super::{DatabaseError, dialect};
use crate::settings::DatabaseUrl;

/// How long a command waits for a server.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(10);

impl AnyConnection {
    /// Connects, and applies the session settings that the program relies on. Of several hosts, the first that accepts
    /// writes is taken. A server is waited for at most [`ANSWER_TIMEOUT`].
    ///
    /// # Errors
    /// If the server cannot be reached or refuses the connection, or if the file cannot be opened; with several hosts,
    /// the error of one of them. [`DatabaseError::Refused`] if the file's log would lose votes.
    pub fn open(url: &DatabaseUrl, create: Create) -> Result<Self, DatabaseError> {
        if matches!(url, DatabaseUrl::Sqlite(_)) {
            return Self::open_host(url, create, false);
        }
        let hosts = url.each_host();
        let is_one_of_several = hosts.len() > 1;
        let attempts = hosts.into_iter().map(|host| move || Self::open_host(&host, create, is_one_of_several));
        first_answer(attempts, ANSWER_TIMEOUT)
    }

    /// Connects to the only host of the URL. Where it is one of several, it must accept writes.
    ///
    /// # Errors
    /// As [`Self::open`] has them.
    pub fn open_host(url: &DatabaseUrl, create: Create, is_one_of_several: bool) -> Result<Self, DatabaseError> {
        let mut conn = match url {
            DatabaseUrl::Sqlite(path) => dialect::sqlite::open(path, create).map(Self::Sqlite),
            #[cfg(feature = "postgres")]
            DatabaseUrl::Postgres(url) => Ok(Self::Postgres(dialect::postgres::open(url)?)),
            #[cfg(feature = "mysql")]
            DatabaseUrl::Mysql(url) => Ok(Self::Mysql(dialect::mysql::open(url)?)),
            #[cfg(not(all(feature = "postgres", feature = "mysql")))]
            _ => Err(DatabaseError::Unreachable(format!("{url}: not built in"))),
        }?;
        if is_one_of_several && !dialect::accepts_writes(&mut conn)? {
            return Err(DatabaseError::Unreachable("this host accepts no writes now".to_owned()));
        }
        Ok(conn)
    }

    /// Refuses a pooler that gives the server's sessions to other connections between two transactions.
    ///
    /// # Errors
    /// [`DatabaseError::Refused`]; or that of a second connection, which is made to find out.
    pub fn expect_own_session(&mut self, url: &DatabaseUrl, create: Create) -> Result<(), DatabaseError> {
        if !matches!(url, DatabaseUrl::Postgres(_)) {
            return Ok(());
        }
        let mut other = Self::open_host(url, create, false)?;
        if dialect::share_a_session(self, &mut other)? {
            return Err(DatabaseError::Refused(SHARED_SESSION.to_owned()));
        }
        Ok(())
    }
}

const SHARED_SESSION: &str = "a pooler gives each transaction another session of the server, so what a session has set does \
    not hold (that a commit waits for the disk, for one); set `pool_mode = session` in PgBouncer, or name the server \
    itself in database_url";
