//! What the databases report about themselves: tables, columns, character sets, settings.

use diesel::prelude::*;

#[cfg(feature = "mysql")]
use super::mysql;
#[cfg(feature = "postgres")]
use super::postgres;
use super::rows::{ColumnInfo, Name};
use super::sqlite;
use crate::db::Connection;

/// The server's settings, and the properties of these tables, that can lose committed rows; empty if there are none.
///
/// # Errors
/// If the database does not answer.
#[cfg_attr(
    not(any(feature = "postgres", feature = "mysql")),
    expect(unused_variables, reason = "SQLite has no settings but those of each session")
)]
pub fn losses(conn: &mut Connection, durable_tables: &[&str]) -> QueryResult<Vec<String>> {
    let losses: Vec<Name> = match conn {
        Connection::Sqlite(_) => Vec::new(),
        #[cfg(feature = "postgres")]
        Connection::Postgres(conn) => postgres::losses(conn, durable_tables)?,
        #[cfg(feature = "mysql")]
        Connection::Mysql(conn) => mysql::losses(conn, durable_tables)?,
    };
    Ok(losses.into_iter().map(|row| row.name).collect())
}

/// Whether a SQLite file is in WAL mode; None for a server.
pub fn uses_wal(conn: &mut Connection) -> Option<bool> {
    match conn {
        Connection::Sqlite(conn) => Some(sqlite::uses_wal(conn)),
        #[cfg(any(feature = "postgres", feature = "mysql"))]
        _ => None,
    }
}

/// The names of all tables.
pub fn tables(conn: &mut Connection) -> QueryResult<Vec<String>> {
    let names: Vec<Name> = match conn {
        Connection::Sqlite(conn) => sqlite::tables(conn)?,
        #[cfg(feature = "postgres")]
        Connection::Postgres(conn) => postgres::tables(conn)?,
        #[cfg(feature = "mysql")]
        Connection::Mysql(conn) => mysql::tables(conn)?,
    };
    Ok(names.into_iter().map(|row| row.name).collect())
}

/// The columns of a table, in its own order.
pub fn columns(conn: &mut Connection, table: &str) -> QueryResult<Vec<ColumnInfo>> {
    match conn {
        Connection::Sqlite(conn) => sqlite::columns(conn, table),
        #[cfg(feature = "postgres")]
        Connection::Postgres(conn) => postgres::columns(conn, table),
        #[cfg(feature = "mysql")]
        Connection::Mysql(conn) => mysql::columns(conn, table),
    }
}

/// The characters of a text that cannot be stored in the column, or in the tables of the log and of the session's
/// messages, to which every change is written, too. On MySQL and MariaDB a table may have a character set without some
/// characters.
///
/// # Errors
/// If the database does not answer.
#[cfg_attr(not(feature = "mysql"), expect(unused_variables, reason = "only MySQL's tables can be too narrow"))]
pub fn unstorable(conn: &mut Connection, table: &str, column: &str, text: &str) -> QueryResult<String> {
    match conn {
        #[cfg(feature = "mysql")]
        Connection::Mysql(conn) if !text.is_ascii() => mysql::unstorable(conn, table, column, text),
        _ => Ok(String::new()),
    }
}

/// The `ALTER TABLE` statements that make every table able to store every character; empty if all of them are.
///
/// # Errors
/// If the database does not answer.
pub fn narrow_tables(conn: &mut Connection) -> QueryResult<Vec<String>> {
    match conn {
        #[cfg(feature = "mysql")]
        Connection::Mysql(conn) => Ok(mysql::narrow_tables(conn)?.into_iter().map(|row| row.name).collect()),
        _ => Ok(Vec::new()),
    }
}
