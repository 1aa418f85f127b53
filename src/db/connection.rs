//! A connection to whichever database the URL names.

use diesel::ConnectionResult;

use super::dialect;
use super::pool::Create;
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
    /// If the server cannot be reached or refuses, or the file cannot be opened.
    pub fn open(url: &DatabaseUrl, create: Create) -> ConnectionResult<Self> {
        match url {
            DatabaseUrl::Sqlite(path) => dialect::sqlite::open(path, create).map(Self::Sqlite),
            #[cfg(feature = "postgres")]
            DatabaseUrl::Postgres(url) => dialect::postgres::open(url).map(Self::Postgres),
            #[cfg(feature = "mysql")]
            DatabaseUrl::Mysql(url) => dialect::mysql::open(url).map(Self::Mysql),
            #[cfg(not(all(feature = "postgres", feature = "mysql")))]
            _ => Err(diesel::ConnectionError::InvalidConnectionUrl(format!("{url}: not built in"))),
        }
    }
}
