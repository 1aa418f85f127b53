//! Writes a backup. Votes can be cast meanwhile.

use std::fs::{self, File, OpenOptions};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use super::check::{Summary, check};
use super::file::{BackupHead, BackupWriter, FORMAT, TableHead};
use super::{BackupError, SESSIONS, fresh, shapes};
use crate::clock;
use crate::db::rows::{self, TableShape};
use crate::db::{Connection, migrate};

/// Writes the state of the database at one moment into a temporary file, checks that file by reading it, and renames it
/// to `path`.
///
/// # Errors
/// If the database does not answer, if the file cannot be written, or if the check finds a fault. A file that was at
/// `path` before is replaced only after the check has passed.
pub fn save(
    conn: &mut Connection,
    database: &str,
    path: &Path,
    with_sessions: bool,
    mut progress: impl FnMut(&str, u64),
) -> Result<Summary, BackupError> {
    let mut shapes = shapes(&mut fresh()?)?;
    shapes.retain(|shape| with_sessions || shape.name != SESSIONS);
    let mut tables = rows::present(conn, shapes)?;
    if !tables.iter().any(|table| table.name == "polls_question") {
        return Err(BackupError::Refused(
            "there are no polls in this database; `polls migrate` makes its tables".to_owned(),
        ));
    }
    tables.retain(|table| !table.columns.is_empty());
    let part = PartFile::new(path)?;
    let result = write(conn, database, &part, &tables, &mut progress).and_then(|()| {
        let summary = check(&part.path)?;
        fs::rename(&part.path, path).and_then(|()| sync_directory(path)).map_err(|error| part.error(error))?;
        Ok(summary)
    });
    if result.is_err() {
        // The temporary file is removed, because it may be incomplete.
        let _ = fs::remove_file(&part.path);
    }
    result
}

/// The temporary file, beside `path`. It is renamed when it is known to be good.
struct PartFile {
    path: PathBuf,
}

impl PartFile {
    fn new(path: &Path) -> Result<Self, BackupError> {
        let name = path.file_name().ok_or_else(|| BackupError::Refused(format!("{} names no file", path.display())))?;
        let name = format!(".{}.{}.part", name.to_string_lossy(), std::process::id());
        Ok(Self { path: path.with_file_name(name) })
    }

    /// Creates the file with mode 0600, because it contains password hashes.
    fn create(&self) -> Result<File, BackupError> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true).mode(0o600).open(&self.path).map_err(|error| self.error(error))
    }

    fn error(&self, error: std::io::Error) -> BackupError {
        BackupError::File { path: self.path.clone(), error }
    }
}

fn write(
    conn: &mut Connection,
    database: &str,
    part: &PartFile,
    tables: &[TableShape],
    progress: &mut impl FnMut(&str, u64),
) -> Result<(), BackupError> {
    let migrations = migrate::list(conn)?.into_iter().filter(|state| state.applied).map(|state| state.name).collect();
    let mut writer = BackupWriter::new(&part.path, part.create()?);
    writer.head(BackupHead {
        format: FORMAT,
        program: env!("CARGO_PKG_VERSION").to_owned(),
        made_at: clock::now().format("%Y-%m-%d %H:%M:%S").to_string(),
        database: database.to_owned(),
        migrations,
    })?;
    rows::in_snapshot(conn, |conn| {
        for table in tables {
            let columns = table.columns.iter().map(|column| (column.name.clone(), column.kind)).collect();
            writer.begin_table(TableHead { name: table.name.clone(), columns })?;
            let mut written = 0;
            rows::read(conn, table, |row| {
                written = writer.row(&row)?;
                progress(&table.name, written);
                Ok::<_, BackupError>(())
            })?;
            let there = rows::count(conn, &table.name)?;
            if written != there {
                return Err(BackupError::Refused(format!(
                    "{} has {there} rows, of which {written} could be read in the order of their keys",
                    table.name
                )));
            }
            writer.end_table(rows::last_id(conn, table)?);
        }
        Ok(())
    })?;
    writer.finish()
}

/// Returns when the new name of the file is on disk.
fn sync_directory(path: &Path) -> std::io::Result<()> {
    let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(directory)?.sync_all()
}
