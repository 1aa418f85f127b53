//! Everything that differs between the three databases, except the statements for ballots (`polls/ballot_box/sql`).

mod catalog;
mod in_time;
#[cfg(feature = "mysql")]
pub mod mysql;
#[cfg(feature = "postgres")]
pub mod postgres;
mod read_only;
mod rows;
mod same_text;
pub mod sqlite;
mod transaction;

pub use catalog::{columns, losses, narrow_tables, tables, unstorable, uses_wal};
pub use in_time::in_time;
pub use read_only::{TextRow, read_only};
pub use rows::ColumnInfo;
pub use same_text::{SameText, contains, is_same};
pub use transaction::write;

use std::time::Duration;

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool};

use super::Connection;

/// Runs `change` while no other process migrates the same database. On SQLite and PostgreSQL it is one transaction;
/// MySQL and MariaDB cannot roll back changes of tables.
pub fn migrating<T, E>(conn: &mut Connection, change: impl FnOnce(&mut Connection) -> Result<T, E>) -> Result<T, E>
where
    E: From<diesel::result::Error>,
{
    match conn {
        Connection::Sqlite(_) => sqlite::migrating(conn, change),
        #[cfg(feature = "postgres")]
        Connection::Postgres(_) => postgres::migrating(conn, change),
        #[cfg(feature = "mysql")]
        Connection::Mysql(_) => mysql::migrating(conn, change),
    }
}

/// Whether a server is one that takes writes: no standby, no replica, and not set to read only.
///
/// # Errors
/// If the database does not answer.
pub fn accepts_writes(conn: &mut Connection) -> QueryResult<bool> {
    let answer = match conn {
        Connection::Sqlite(_) => return Ok(true),
        #[cfg(feature = "postgres")]
        Connection::Postgres(_) => "current_setting('transaction_read_only') = 'off'",
        #[cfg(feature = "mysql")]
        Connection::Mysql(_) => "@@GLOBAL.read_only = 0",
    };
    diesel::select(diesel::dsl::sql::<Bool>(answer)).get_result(conn)
}

/// Whether a pooler between us and the server lets two connections share one session.
///
/// # Errors
/// If the database does not answer.
pub fn share_a_session(one: &mut Connection, other: &mut Connection) -> QueryResult<bool> {
    match (one, other) {
        #[cfg(feature = "postgres")]
        (Connection::Postgres(one), Connection::Postgres(other)) => postgres::share_a_session(one, other),
        _ => Ok(false),
    }
}

/// Inserts a row and deletes it, to find out whether the database accepts writes now. It uses the table of the applied
/// migrations, which every database of ours has; no reader looks for this row.
///
/// # Errors
/// If the database accepts no writes.
pub fn touch(conn: &mut Connection) -> QueryResult<()> {
    let name = format!("probe {:016x}", getrandom::u64().unwrap_or_default());
    diesel::sql_query(format!("INSERT INTO __diesel_schema_migrations (version) VALUES ('{name}')")).execute(conn)?;
    diesel::sql_query(format!("DELETE FROM __diesel_schema_migrations WHERE version = '{name}'")).execute(conn)?;
    Ok(())
}

/// The end of an `INSERT` statement. If a row with the same `key` exists already, the statement locks that row and does
/// not change it. If another transaction is inserting the row, the statement waits for the end of that transaction.
pub fn or_lock(conn: &Connection, table: &str, key: &str) -> String {
    match conn {
        #[cfg(feature = "mysql")]
        Connection::Mysql(_) => format!("ON DUPLICATE KEY UPDATE {key} = {table}.{key}"),
        _ => format!("ON CONFLICT ({key}) DO UPDATE SET {key} = {table}.{key}"),
    }
}

/// A column's text in SQL. On SQLite, other programs may have stored bytes that are not UTF-8; they are replaced by
/// U+FFFD.
pub fn text(conn: &Connection, column: &str) -> String {
    match conn {
        Connection::Sqlite(_) => format!("polls_text({column})"),
        #[cfg(any(feature = "postgres", feature = "mysql"))]
        _ => column.to_owned(),
    }
}

/// The name of the 64-bit integer type in `CAST`.
pub fn bigint(conn: &Connection) -> &'static str {
    match conn {
        #[cfg(feature = "mysql")]
        Connection::Mysql(_) => "SIGNED",
        _ => "bigint",
    }
}

/// The id of the row that this session has inserted last.
///
/// # Errors
/// If the database does not answer.
pub fn last_insert_id(conn: &mut Connection) -> QueryResult<i64> {
    let query = match conn {
        Connection::Sqlite(_) => "last_insert_rowid()",
        #[cfg(feature = "postgres")]
        Connection::Postgres(_) => "lastval()",
        #[cfg(feature = "mysql")]
        Connection::Mysql(_) => "CAST(last_insert_id() AS SIGNED)",
    };
    diesel::select(diesel::dsl::sql::<BigInt>(query)).get_result(conn)
}

/// Limits the time of each further statement of this session on a server; None removes the limit.
///
/// # Errors
/// If the database does not answer.
#[cfg_attr(
    not(any(feature = "postgres", feature = "mysql")),
    expect(unused_variables, reason = "SQLite is stopped by its function")
)]
pub fn limit_statements(conn: &mut Connection, limit: Option<Duration>) -> QueryResult<()> {
    let limit = limit.unwrap_or_default();
    match conn {
        Connection::Sqlite(_) => Ok(()),
        #[cfg(feature = "postgres")]
        Connection::Postgres(conn) => conn.batch_execute(&format!("SET statement_timeout = {}", limit.as_millis())),
        #[cfg(feature = "mysql")]
        Connection::Mysql(conn) => conn.batch_execute(&format!(
            "SET SESSION sql_auto_is_null = 0 /*M! , max_statement_time = {} */ /*!50708 , max_execution_time = {} */",
            limit.as_secs(),
            limit.as_millis()
        )),
    }
}

/// Lets a SQLite connection fail at once with `SQLITE_BUSY` instead of waiting for a lock.
///
/// # Errors
/// If the database does not answer.
pub fn never_wait(conn: &mut Connection) -> QueryResult<()> {
    conn.batch_execute("PRAGMA busy_timeout = 0")
}
