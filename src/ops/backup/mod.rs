//! Backups: the whole database in one file, from which a database of any kind can be restored.
//!
//! The file is gzipped JSON, one object or array a line: a head, then each table with a line for every row, then the
//! manifest with the SHA-256 of each table and of the whole. `zcat` shows it.

mod check;
mod file;
mod restore;
mod save;

pub use check::{Summary, check};
pub use restore::restore;
pub use save::save;

use std::path::PathBuf;

use crate::db::rows::{self, TableShape};
use crate::db::{Connection, Create, migrate};
use crate::settings::DatabaseUrl;

/// Tables that a backup leaves out: those that migrations or triggers fill, and those whose rows are valid for a short
/// time only.
const LEFT_OUT: [&str; 11] = [
    "ops_last_done",
    "django_migrations",
    "polls_public_change",
    "auth_login_failure",
    "auth_login_turn",
    "auth_mail",
    "auth_setup_link",
    "bookmark_turn",
    "outbound_host",
    "outbound_report",
    "web_form_key",
];

/// The table of login sessions. A backup contains it only with `--with-sessions`.
const SESSIONS: &str = "django_session";

/// Why a backup could not be made, checked or restored.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    #[error("{}: {error}", path.display())]
    File { path: PathBuf, error: std::io::Error },
    /// The file is not as it was written.
    #[error("{}: not a whole backup: {what}", path.display())]
    Damaged { path: PathBuf, what: String },
    #[error("{0}")]
    Refused(String),
    #[error(transparent)]
    Database(#[from] diesel::result::Error),
    #[error(transparent)]
    Migration(#[from] migrate::MigrationError),
    #[error(transparent)]
    Open(#[from] crate::db::DatabaseError),
}

/// A new SQLite database in memory with all tables of this program.
pub(super) fn fresh() -> Result<Connection, BackupError> {
    let mut conn = Connection::open(&DatabaseUrl::Sqlite(":memory:".into()), Create::IfMissing)?;
    migrate::run(&mut conn)?;
    Ok(conn)
}

/// The tables that a backup may contain.
fn shapes(fresh: &mut Connection) -> Result<Vec<TableShape>, BackupError> {
    let mut shapes = rows::shapes(fresh)?;
    shapes.retain(|shape| !LEFT_OUT.contains(&shape.name.as_str()));
    Ok(shapes)
}
