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

/// The backend of boxed queries.
pub type Backend = <AnyConnection as diesel::Connection>::Backend;

/// Whether a missing SQLite file may be created. A server in production must not create it: if the disk with the file
/// is not mounted, an empty new file would look as if the votes were lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Create {
    IfMissing,
    Never,
}
