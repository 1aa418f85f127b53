//! SQLite: a file, one writer at a time, everything durable at its commit.

mod files;

pub use files::{FileId, Trace, file_id, has_log, trace};

use std::fmt::Write as _;
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::result::Error;
use diesel::sql_types::{BigInt, Text};
use diesel::sqlite::Sqlite;

use super::{Column, Name};
use crate::db::{Connection as AnyConnection, Create};
use crate::seeded_bugs::{self, Bug};

/// Every session's own settings. `FULL` makes a commit wait for the disk also in WAL mode.
const SESSION: &str = "PRAGMA busy_timeout = 5000; PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL;";

/// Opens the file, and changes nothing in it.
pub fn open(path: &Path, create: Create) -> ConnectionResult<SqliteConnection> {
    let mut conn = SqliteConnection::establish(&uri(path, create)).map_err(|error| {
        let place = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
        ConnectionError::BadConnection(format!("{}: {error}; `polls migrate` makes the file", place.display()))
    })?;
    conn.batch_execute(SESSION).map_err(ConnectionError::CouldntSetupConfiguration)?;
    if seeded_bugs::is_on(Bug::SynchronousNormal) {
        conn.batch_execute("PRAGMA synchronous = NORMAL").map_err(ConnectionError::CouldntSetupConfiguration)?;
    }
    Ok(conn)
}

/// Whether the file is in WAL mode; one that cannot say so now is not held to it.
pub fn uses_log(conn: &mut SqliteConnection) -> bool {
    let mode = diesel::sql_query("SELECT journal_mode AS name FROM pragma_journal_mode").get_result::<Name>(conn);
    mode.is_ok_and(|mode| mode.name == "wal")
}

/// A number that changes with what other connections commit. None for a connection that cannot say so now.
pub fn data_version(conn: &mut AnyConnection) -> Option<i64> {
    match conn {
        AnyConnection::Sqlite(conn) => DataVersion.get_result(conn).ok(),
        #[cfg(any(feature = "postgres", feature = "mysql"))]
        _ => None,
    }
}

/// Asked for a thousand times a second, so a query of its own, which is parsed once for a connection.
#[derive(QueryId)]
struct DataVersion;

impl QueryFragment<Sqlite> for DataVersion {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        out.push_sql("PRAGMA data_version");
        Ok(())
    }
}

impl Query for DataVersion {
    type SqlType = BigInt;
}

impl RunQueryDsl<SqliteConnection> for DataVersion {}

#[derive(diesel::QueryableByName)]
struct Public {
    #[diesel(sql_type = BigInt)]
    triggers: i64,
    #[diesel(sql_type = BigInt)]
    number: i64,
}

/// Three for each table whose rows pages show (migration 0030).
const PUBLIC_TRIGGERS: i64 = 9;

/// How many writes have changed what is public. None where they are not all counted, or it cannot be told now.
pub fn public_changes(conn: &mut AnyConnection) -> Option<i64> {
    let query = "SELECT (SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%_is_public') AS triggers, \
                 number FROM polls_public_change";
    let public: Public = match conn {
        AnyConnection::Sqlite(conn) => diesel::sql_query(query).get_result(conn).ok()?,
        #[cfg(any(feature = "postgres", feature = "mysql"))]
        _ => return None,
    };
    (public.triggers == PUBLIC_TRIGGERS).then_some(public.number)
}

/// `mode=rw` opens only what is there. The characters that end a URI's path are escaped.
fn uri(path: &Path, create: Create) -> String {
    let mut uri = String::from("file:");
    for byte in path.as_os_str().as_bytes() {
        match byte {
            b'?' | b'#' | b'%' | 0..=0x20 | 0x7f.. => write!(uri, "%{byte:02X}").unwrap_or_default(),
            _ => uri.push(char::from(*byte)),
        }
    }
    uri.push_str(match create {
        Create::IfMissing => "?mode=rwc",
        Create::Never => "?mode=rw",
    });
    uri
}

pub(super) fn tables(conn: &mut SqliteConnection) -> QueryResult<Vec<Name>> {
    diesel::sql_query("SELECT name FROM sqlite_master WHERE type = 'table'").load(conn)
}

pub(super) fn columns(conn: &mut SqliteConnection, table: &str) -> QueryResult<Vec<Column>> {
    diesel::sql_query(
        "SELECT name, lower(CASE instr(type, '(') WHEN 0 THEN type ELSE substr(type, 1, instr(type, '(') - 1) END) AS data_type, \
         \"notnull\" AND dflt_value IS NULL AND NOT pk AS required FROM pragma_table_info(?) ORDER BY cid",
    )
    .bind::<Text, _>(table)
    .load(conn)
}

/// One transaction around it all, waiting longer than a request would. A file that is ours from then on
/// is in WAL mode, which stays with the file: readers and the writer do not wait for each other.
pub(super) fn migrating<T, E: From<Error>>(
    conn: &mut AnyConnection,
    change: impl FnOnce(&mut AnyConnection) -> Result<T, E>,
) -> Result<T, E> {
    conn.batch_execute("PRAGMA busy_timeout = 60000")?;
    let value = super::write(conn, change)?;
    conn.batch_execute("PRAGMA journal_mode = WAL")?;
    conn.batch_execute(SESSION)?;
    Ok(value)
}
