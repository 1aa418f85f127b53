//! Writing a backup, while people vote.

use std::fs::{self, File, OpenOptions};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use super::check::{Summary, check};
use super::file::{BackupHead, BackupWriter, FORMAT, TableHead};
use super::{BackupError, SESSIONS, fresh, shapes};
use crate::clock;
use crate::db::rows::{self, TableShape};
use crate::db::{Connection, migrate};

/// Writes the database, as it is at one moment, into a file, and reads that once more before it takes its name.
///
/// # Errors
/// The database does not answer, the file cannot be written, or it is not what the database had; then there is no file,
/// or the one that was there before.
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
        // Whatever it is, it is no backup.
        let _ = fs::remove_file(&part.path);
    }
    result
}

/// The file under another name until it is known to be good.
struct PartFile {
    path: PathBuf,
}

impl PartFile {
    fn new(path: &Path) -> Result<Self, BackupError> {
        let name = path.file_name().ok_or_else(|| BackupError::Refused(format!("{} names no file", path.display())))?;
        let name = format!(".{}.{}.part", name.to_string_lossy(), std::process::id());
        Ok(Self { path: path.with_file_name(name) })
    }

    /// A new file that nobody else may read: there are password hashes in it.
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

/// Waits until the file's name is on disk, too.
fn sync_directory(path: &Path) -> std::io::Result<()> {
    let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(directory)?.sync_all()
}
