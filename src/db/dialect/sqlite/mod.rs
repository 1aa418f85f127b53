//! SQLite: a file, one writer at a time, everything durable at its commit.

mod belongs;
mod files;
mod log;

pub use files::{FileId, Trace, file_id, has_log, trace};

use std::fmt::Write as _;
use std::fs::File;
use std::io::Read as _;
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::result::Error;
use diesel::sql_types::{BigInt, Text};
use diesel::sqlite::Sqlite;

use super::{Column, Name};
use crate::db::{Connection as AnyConnection, Create, Error as AnyError};
use crate::seeded_bugs::{self, Bug};

/// Every session's own settings. `EXTRA` makes a commit wait for the disk also in WAL mode, and where a file is not
/// in WAL mode also for the directory, out of which its journal was deleted.
const SESSION: &str = "PRAGMA busy_timeout = 5000; PRAGMA foreign_keys = ON; PRAGMA synchronous = EXTRA;";

/// Opens the file, and changes nothing in it.
///
/// # Errors
/// If it cannot be opened; [`Error::Refused`](AnyError::Refused) if a log beside it is another's, which SQLite would
/// bring in.
pub fn open(path: &Path, create: Create) -> Result<SqliteConnection, AnyError> {
    belongs::expect_own_log(path).map_err(AnyError::Refused)?;
    let mut conn = SqliteConnection::establish(&uri(path, create)).map_err(|error| {
        let place = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
        AnyError::Unreachable(format!("{}: {error}; `polls migrate` makes the file", place.display()))
    })?;
    conn.batch_execute(SESSION)?;
    super::in_time::register(&mut conn)?;
    super::same_text::register(&mut conn)?;
    if seeded_bugs::is_on(Bug::SynchronousNormal) {
        conn.batch_execute("PRAGMA synchronous = NORMAL")?;
    }
    Ok(conn)
}

/// Whether a file that this process has not opened yet needs nothing before it is used: it is in WAL mode.
///
/// # Errors
/// [`Error::Refused`](AnyError::Refused) if a log beside it is another's.
pub fn is_in_order(path: &Path) -> Result<bool, AnyError> {
    belongs::expect_own_log(path).map_err(AnyError::Refused)?;
    let mut header = [0; 20];
    let read = File::open(path).and_then(|mut file| file.read_exact(&mut header));
    Ok(read.is_ok() && header[18..] == [2, 2])
}

/// Puts a file of ours into WAL mode if it is not, as `VACUUM INTO` and `.dump` make it.
///
/// # Errors
/// With the command to run, if another program uses the file or it cannot be written.
pub fn expect_log(conn: &mut SqliteConnection, path: &Path) -> Result<(), String> {
    if uses_log(conn) || !is_migrated(conn) {
        return Ok(());
    }
    let changed = conn.batch_execute("PRAGMA journal_mode = WAL");
    if uses_log(conn) {
        tracing::warn!(target: "polls.db", file = %path.display(), "The file was in rollback-journal mode, as VACUUM INTO and .dump leave it; it is in WAL mode from now on.");
        return Ok(());
    }
    let error =
        changed.err().map_or_else(|| "its journal mode cannot be changed".to_owned(), |error| error.to_string());
    Err(format!(
        "{}: the file is in rollback-journal mode and cannot be put into WAL mode now ({error}); \
         end what else uses the file and run `polls migrate`",
        path.display()
    ))
}

/// Whether `migrate` has made it, or adopted it.
fn is_migrated(conn: &mut SqliteConnection) -> bool {
    let table = "SELECT name FROM sqlite_master WHERE name = '__diesel_schema_migrations'";
    diesel::sql_query(table).get_result::<Name>(conn).is_ok()
}

/// Gives page 1 the next stamp, within a transaction that writes anyway: a log in which page 1 follows the file's
/// is the file's own. The first is any, so that two databases do not have the same.
pub fn stamp(conn: &mut SqliteConnection) -> QueryResult<()> {
    let next = i32::try_from(last_stamp(conn)?).ok().filter(|last| *last > 0).and_then(|last| last.checked_add(1));
    let next = next.unwrap_or_else(|| {
        let random = getrandom::u32().ok().and_then(|random| i32::try_from(random >> 2).ok());
        random.unwrap_or_default().max(1)
    });
    conn.batch_execute(&format!("PRAGMA user_version = {next}"))
}

/// The first stamp, of a file that was just made or adopted.
fn stamp_first(conn: &mut AnyConnection) -> QueryResult<()> {
    match conn {
        AnyConnection::Sqlite(conn) => {
            if last_stamp(conn)? == 0 {
                stamp(conn)?;
            }
            Ok(())
        }
        #[cfg(any(feature = "postgres", feature = "mysql"))]
        _ => Ok(()),
    }
}

fn last_stamp(conn: &mut SqliteConnection) -> QueryResult<i64> {
    UserVersion.get_result(conn)
}

/// Asked for with every batch of votes, so parsed once for a connection.
#[derive(QueryId)]
struct UserVersion;

impl QueryFragment<Sqlite> for UserVersion {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        out.push_sql("PRAGMA user_version");
        Ok(())
    }
}

impl Query for UserVersion {
    type SqlType = BigInt;
}

impl RunQueryDsl<SqliteConnection> for UserVersion {}

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

/// Three for each table whose rows pages show (migration 0033).
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
    let value = super::write(conn, |conn| {
        let value = change(conn)?;
        stamp_first(conn)?;
        Ok::<T, E>(value)
    })?;
    conn.batch_execute("PRAGMA journal_mode = WAL")?;
    conn.batch_execute(SESSION)?;
    Ok(value)
}
