//! Opens a connection to the kind of database that the URL names.

use super::connection::{AnyConnection, Create};
use super::{DatabaseError, dialect};
use crate::settings::DatabaseUrl;

impl AnyConnection {
    /// Connects, and applies the session settings that the program relies on.
    ///
    /// # Errors
    /// If the server cannot be reached or refuses the connection, or if the file cannot be opened.
    /// [`DatabaseError::Refused`] if the server's settings or the file's log would lose votes.
    pub fn open(url: &DatabaseUrl, create: Create) -> Result<Self, DatabaseError> {
        match url {
            DatabaseUrl::Sqlite(path) => dialect::sqlite::open(path, create).map(Self::Sqlite),
            #[cfg(feature = "postgres")]
            DatabaseUrl::Postgres(url) => Ok(Self::Postgres(dialect::postgres::open(url)?)),
            #[cfg(feature = "mysql")]
            DatabaseUrl::Mysql(url) => Ok(Self::Mysql(dialect::mysql::open(url)?)),
            #[cfg(not(all(feature = "postgres", feature = "mysql")))]
            _ => Err(DatabaseError::Unreachable(format!("{url}: not built in"))),
        }
    }
}
