//! SQLite: a single file with one writer at a time. A commit returns when it is on disk.

mod changes;
mod files;
mod foreign_log;
mod rollback_journal;
mod stamp;
mod wal_file;

pub use changes::{data_version, public_changes};
pub use files::{FileId, FilesState, file_id, files_state, has_wal};
pub use stamp::stamp;

use std::fmt::Write as _;
use std::fs::File;
use std::io::Read as _;
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::result::Error;
use diesel::sql_types::Text;

use super::rows::{ColumnInfo, Name};
use super::transaction::write;
use crate::db::{Connection as AnyConnection, Create, DatabaseError};
use crate::seeded_bugs::{self, Bug};

/// The settings of every session. With `synchronous = EXTRA` a commit waits for the disk in WAL mode, too; in other
/// modes it also waits until the deletion of the journal is on disk.
const SESSION: &str = "PRAGMA busy_timeout = 5000; PRAGMA foreign_keys = ON; PRAGMA synchronous = EXTRA;";

/// Opens the file without changing it.
///
/// # Errors
/// If the file cannot be opened; [`DatabaseError::Refused`] if a log beside it belongs to another database, because
/// SQLite would apply that log.
pub fn open(path: &Path, create: Create) -> Result<SqliteConnection, DatabaseError> {
    foreign_log::expect_own_log(path).map_err(DatabaseError::Refused)?;
    let mut conn = SqliteConnection::establish(&uri(path, create)).map_err(|error| {
        let place = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
        DatabaseError::Unreachable(format!("{}: {error}; `polls migrate` makes the file", place.display()))
    })?;
    conn.batch_execute(SESSION)?;
    super::in_time::register(&mut conn)?;
    super::same_text::register(&mut conn)?;
    if seeded_bugs::is_on(Bug::SynchronousNormal) {
        conn.batch_execute("PRAGMA synchronous = NORMAL")?;
    }
    Ok(conn)
}

/// Whether a file that this process has not opened yet is in WAL mode, so that it can be used as it is.
///
/// # Errors
/// [`DatabaseError::Refused`] if a log beside the file belongs to another database.
pub fn is_in_order(path: &Path) -> Result<bool, DatabaseError> {
    foreign_log::expect_own_log(path).map_err(DatabaseError::Refused)?;
    let mut header = [0; 20];
    let read = File::open(path).and_then(|mut file| file.read_exact(&mut header));
    Ok(read.is_ok() && header[18..] == [2, 2])
}

/// Switches a file of ours to WAL mode. `VACUUM INTO` and `.dump` make files that are not in WAL mode.
///
/// # Errors
/// If another program uses the file, or if it cannot be written; the text names the command to run.
pub fn expect_wal(conn: &mut SqliteConnection, path: &Path) -> Result<(), String> {
    if uses_wal(conn) || !is_migrated(conn) {
        return Ok(());
    }
    let changed = conn.batch_execute("PRAGMA journal_mode = WAL");
    if uses_wal(conn) {
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

/// Whether `migrate` has created or adopted the file.
fn is_migrated(conn: &mut SqliteConnection) -> bool {
    let table = "SELECT name FROM sqlite_master WHERE name = '__diesel_schema_migrations'";
    diesel::sql_query(table).get_result::<Name>(conn).is_ok()
}

/// Whether the file is in WAL mode; false if it cannot be read now.
pub fn uses_wal(conn: &mut SqliteConnection) -> bool {
    let mode = diesel::sql_query("SELECT journal_mode AS name FROM pragma_journal_mode").get_result::<Name>(conn);
    mode.is_ok_and(|mode| mode.name == "wal")
}

/// The file as a URI, because only a URI has a `mode`, which decides whether a missing file is created. Characters that
/// would end the URI's path are escaped.
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

pub(super) fn columns(conn: &mut SqliteConnection, table: &str) -> QueryResult<Vec<ColumnInfo>> {
    diesel::sql_query(
        "SELECT name, lower(CASE instr(type, '(') WHEN 0 THEN type ELSE substr(type, 1, instr(type, '(') - 1) END) AS data_type, \
         \"notnull\" AND dflt_value IS NULL AND NOT pk AS required FROM pragma_table_info(?) ORDER BY cid",
    )
    .bind::<Text, _>(table)
    .load(conn)
}

/// Runs `change` in one transaction, with a longer busy timeout than a request has. Afterwards the file is in WAL mode,
/// in which readers and the writer do not wait for each other. The mode is stored in the file.
pub(super) fn migrating<T, E: From<Error>>(
    conn: &mut AnyConnection,
    change: impl FnOnce(&mut AnyConnection) -> Result<T, E>,
) -> Result<T, E> {
    conn.batch_execute("PRAGMA busy_timeout = 60000")?;
    let value = write(conn, |conn| {
        let value = change(conn)?;
        stamp::stamp_first(conn)?;
        Ok::<T, E>(value)
    })?;
    conn.batch_execute("PRAGMA journal_mode = WAL")?;
    conn.batch_execute(SESSION)?;
    Ok(value)
}
