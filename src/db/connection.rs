//! A connection to whichever database the URL names.

use super::pool::Create;
use super::{Error, dialect};
use crate::settings::DatabaseUrl;

/// One connection (`db::Connection`; the derived code has the trait of that name), of the kind that the settings chose at run time.
#[derive(diesel::MultiConnection)]
pub enum AnyConnection {
    #[cfg(feature = "postgres")]
    Postgres(diesel::PgConnection),
    #[cfg(feature = "mysql")]
    Mysql(diesel::MysqlConnection),
    Sqlite(diesel::SqliteConnection),
}

impl AnyConnection {
    /// Connects, and sets what every session of ours relies on.
    ///
    /// # Errors
    /// If the server cannot be reached or refuses, or the file cannot be opened. [`Error::Refused`] if what is found
    /// would lose votes.
    pub fn open(url: &DatabaseUrl, create: Create) -> Result<Self, Error> {
        match url {
            DatabaseUrl::Sqlite(path) => dialect::sqlite::open(path, create).map(Self::Sqlite),
            #[cfg(feature = "postgres")]
            DatabaseUrl::Postgres(url) => Ok(Self::Postgres(dialect::postgres::open(url)?)),
            #[cfg(feature = "mysql")]
            DatabaseUrl::Mysql(url) => Ok(Self::Mysql(dialect::mysql::open(url)?)),
            #[cfg(not(all(feature = "postgres", feature = "mysql")))]
            _ => Err(Error::Unreachable(format!("{url}: not built in"))),
        }
    }
}
