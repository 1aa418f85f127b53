//! What the three databases do differently.

mod in_time;
#[cfg(feature = "mysql")]
pub mod mysql;
#[cfg(feature = "postgres")]
pub mod postgres;
mod same_text;
pub mod sqlite;

pub use in_time::in_time;
pub use same_text::{SameText, contains, is_same};

use std::time::Duration;

use diesel::connection::SimpleConnection as _;
use diesel::connection::{AnsiTransactionManager, TransactionManager};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Text};

use super::Connection;
use super::schema::polls_choice;

/// A column as the database itself describes it.
#[derive(Debug, diesel::QueryableByName)]
pub struct Column {
    #[diesel(sql_type = Text)]
    pub name: String,
    /// The type's name in lower case, without a length.
    #[diesel(sql_type = Text)]
    pub data_type: String,
    /// Whether a row cannot be inserted without a value for it.
    #[diesel(sql_type = Bool)]
    pub required: bool,
}

#[derive(diesel::QueryableByName)]
struct Name {
    #[diesel(sql_type = Text)]
    name: String,
}

/// What of a server's settings can lose a vote that it has committed.
///
/// # Errors
/// If the database does not answer.
pub fn losses(conn: &mut Connection) -> QueryResult<Vec<String>> {
    let losses: Vec<Name> = match conn {
        Connection::Sqlite(_) => Vec::new(),
        #[cfg(feature = "postgres")]
        Connection::Postgres(conn) => postgres::losses(conn)?,
        #[cfg(feature = "mysql")]
        Connection::Mysql(conn) => mysql::losses(conn)?,
    };
    Ok(losses.into_iter().map(|row| row.name).collect())
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
pub fn columns(conn: &mut Connection, table: &str) -> QueryResult<Vec<Column>> {
    match conn {
        Connection::Sqlite(conn) => sqlite::columns(conn, table),
        #[cfg(feature = "postgres")]
        Connection::Postgres(conn) => postgres::columns(conn, table),
        #[cfg(feature = "mysql")]
        Connection::Mysql(conn) => mysql::columns(conn, table),
    }
}

/// Runs `change` while no other process migrates the same database; all or nothing where the
/// database can undo changes of its tables (MySQL and MariaDB cannot).
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

/// Runs `change` in a transaction that is going to write.
///
/// On SQLite it waits for its turn at its beginning, where the busy timeout holds; a transaction that
/// first reads and then writes is refused half-way, at once.
///
/// # Errors
/// What `change` or the database says; then nothing is changed.
pub fn write<T, E>(conn: &mut Connection, change: impl FnOnce(&mut Connection) -> Result<T, E>) -> Result<T, E>
where
    E: From<diesel::result::Error>,
{
    match conn {
        Connection::Sqlite(conn) => AnsiTransactionManager::begin_transaction_sql(conn, "BEGIN IMMEDIATE")?,
        #[cfg(any(feature = "postgres", feature = "mysql"))]
        _ => Connection::begin_transaction(conn)?,
    }
    match change(conn) {
        Ok(value) => {
            Connection::commit_transaction(conn)?;
            Ok(value)
        }
        Err(error) => {
            // What went wrong first is what the caller needs to know; a connection that could not
            // even roll back is found broken at its next use.
            let _ = Connection::rollback_transaction(conn);
            Err(error)
        }
    }
}

/// Locks choices until the transaction ends, in the order of their keys, as votes do: those who lock in one
/// order never wait for each other in a circle. On PostgreSQL as a deletion would, since whoever locks first for
/// a change and then for a deletion meets the votes that came between.
///
/// # Errors
/// If the database does not answer, or not in time.
pub fn lock_choices(conn: &mut Connection, choices: &[i64]) -> QueryResult<()> {
    let rows = polls_choice::table.filter(polls_choice::id.eq_any(choices));
    match conn {
        #[cfg(feature = "postgres")]
        Connection::Postgres(conn) => {
            rows.select(polls_choice::id).order(polls_choice::id).for_update().load::<i64>(conn).map(|_| ())
        }
        _ => diesel::update(rows).set(polls_choice::votes.eq(polls_choice::votes)).execute(conn).map(|_| ()),
    }
}

/// The characters of a text that a column, or what is written beside it of every change (the log, the session's
/// messages), cannot hold: on MySQL and MariaDB those beyond the character set of their tables.
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

/// The tables whose texts are not of every character, and the statement that makes them so.
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

/// Writes something that nobody sees.
///
/// # Errors
/// If the database takes no writes now.
pub fn touch(conn: &mut Connection) -> QueryResult<()> {
    let name = format!("probe {:016x}", getrandom::u64().unwrap_or_default());
    diesel::sql_query(format!("INSERT INTO __diesel_schema_migrations (version) VALUES ('{name}')")).execute(conn)?;
    diesel::sql_query(format!("DELETE FROM __diesel_schema_migrations WHERE version = '{name}'")).execute(conn)?;
    Ok(())
}

/// The end of an `INSERT` that, where a row with its `key` is there already, locks that row and leaves it as it is.
/// Who finds the row being inserted by another transaction waits for that one's end.
pub fn or_lock(conn: &Connection, table: &str, key: &str) -> String {
    match conn {
        #[cfg(feature = "mysql")]
        Connection::Mysql(_) => format!("ON DUPLICATE KEY UPDATE {key} = {table}.{key}"),
        _ => format!("ON CONFLICT ({key}) DO UPDATE SET {key} = {table}.{key}"),
    }
}

/// A column's text as it can be read, whatever another program has written: SQLite takes what is no UTF-8.
pub fn text(conn: &Connection, column: &str) -> String {
    match conn {
        Connection::Sqlite(_) => format!("polls_text({column})"),
        #[cfg(any(feature = "postgres", feature = "mysql"))]
        _ => column.to_owned(),
    }
}

/// The type that `CAST` makes a number of 64 bits with.
pub fn bigint(conn: &Connection) -> &'static str {
    match conn {
        #[cfg(feature = "mysql")]
        Connection::Mysql(_) => "SIGNED",
        _ => "bigint",
    }
}

/// The id that this session's last insert was given.
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

/// How long each further statement of a session may take on a server; None for as long as it likes.
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

/// Makes a SQLite connection refuse at once what it would have to wait for.
///
/// # Errors
/// If the database does not answer.
pub fn never_wait(conn: &mut Connection) -> QueryResult<()> {
    conn.batch_execute("PRAGMA busy_timeout = 0")
}
