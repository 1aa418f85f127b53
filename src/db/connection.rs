//! A connection to whichever database the settings name.

/// One connection (`db::Connection`; the derived code uses Diesel's trait of that name).
#[derive(diesel::MultiConnection)]
pub enum AnyConnection {
    #[cfg(feature = "postgres")]
    Postgres(diesel::PgConnection),
    #[cfg(feature = "mysql")]
    Mysql(diesel::MysqlConnection),
    Sqlite(diesel::SqliteConnection),
}

/// What boxed queries are boxed for.
pub type Backend = <AnyConnection as diesel::Connection>::Backend;

/// Whether a SQLite file that is missing may be made. A server in production must not make one:
/// an empty file in the place of one that is not mounted looks like lost votes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Create {
    IfMissing,
    Never,
}
