//! Writes and reads the lines of a backup file.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, BufRead as _, BufReader, BufWriter, Write as _};
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::BackupError;
use crate::db::rows::{CellKind, PortableRow};

/// The version of the file format. The program reads this version and all older ones.
pub const FORMAT: u32 = 1;

/// A line that is not a table's row.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BackupLine {
    /// The first line.
    PollsBackup(BackupHead),
    /// The line before the rows of a table.
    Table(TableHead),
    /// The last line.
    Manifest(Manifest),
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct BackupHead {
    pub format: u32,
    pub program: String,
    /// In UTC.
    pub made_at: String,
    /// The database's URL with its password masked.
    pub database: String,
    /// The names of the migrations that were applied to the database.
    pub migrations: Vec<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct TableHead {
    pub name: String,
    /// The names and kinds of the columns, in the order of the values in each row.
    pub columns: Vec<(String, CellKind)>,
}

#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    pub tables: BTreeMap<String, TableSum>,
    /// The SHA-256 of all lines before this one.
    pub sha256: String,
}

#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableSum {
    pub rows: u64,
    /// The SHA-256 of the table's lines, line ends included.
    pub sha256: String,
    /// The highest id that the table has given to a row, which may be deleted by now; None for a table without such a
    /// counter.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_id: Option<i64>,
}

/// Computes the SHA-256 and the number of a table's rows.
#[derive(Default)]
pub struct RowSum {
    digest: Sha256,
    pub rows: u64,
}

impl RowSum {
    pub fn add(&mut self, line: &[u8]) {
        self.digest.update(line);
        self.digest.update(b"\n");
        self.rows += 1;
    }

    pub fn hex(self) -> String {
        hex(&self.digest.finalize())
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The line of a row, without the line end.
pub fn row_line(row: &PortableRow) -> String {
    serde_json::Value::Array(row.clone()).to_string()
}

/// A backup that is being written.
pub struct BackupWriter {
    path: PathBuf,
    out: GzEncoder<BufWriter<File>>,
    all: Sha256,
    manifest: Manifest,
    table: Option<(String, RowSum)>,
}

impl BackupWriter {
    pub fn new(path: &Path, file: File) -> Self {
        Self {
            path: path.to_path_buf(),
            out: GzEncoder::new(BufWriter::new(file), Compression::default()),
            all: Sha256::new(),
            manifest: Manifest::default(),
            table: None,
        }
    }

    pub fn head(&mut self, head: BackupHead) -> Result<(), BackupError> {
        self.write(&json(&BackupLine::PollsBackup(head)))
    }

    pub fn begin_table(&mut self, head: TableHead) -> Result<(), BackupError> {
        self.table = Some((head.name.clone(), RowSum::default()));
        self.write(&json(&BackupLine::Table(head)))
    }

    /// Writes a row, and returns how many rows of the table are written by now.
    pub fn row(&mut self, row: &PortableRow) -> Result<u64, BackupError> {
        let line = row_line(row);
        self.write(&line)?;
        let Some((_, sum)) = &mut self.table else { return Ok(0) };
        sum.add(line.as_bytes());
        Ok(sum.rows)
    }

    pub fn end_table(&mut self, last_id: Option<i64>) {
        if let Some((name, sum)) = self.table.take() {
            let rows = sum.rows;
            self.manifest.tables.insert(name, TableSum { rows, sha256: sum.hex(), last_id });
        }
    }

    /// Writes the manifest, and returns when the file is on disk.
    pub fn finish(mut self) -> Result<(), BackupError> {
        let mut manifest = std::mem::take(&mut self.manifest);
        manifest.sha256 = hex(&self.all.clone().finalize());
        self.write(&json(&BackupLine::Manifest(manifest)))?;
        let path = self.path;
        let finish = || self.out.finish()?.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all();
        finish().map_err(|error| BackupError::File { path, error })
    }

    fn write(&mut self, line: &str) -> Result<(), BackupError> {
        self.all.update(line.as_bytes());
        self.all.update(b"\n");
        let written = self.out.write_all(line.as_bytes()).and_then(|()| self.out.write_all(b"\n"));
        written.map_err(|error| BackupError::File { path: self.path.clone(), error })
    }
}

fn json(line: &BackupLine) -> String {
    serde_json::to_string(line).unwrap_or_default()
}

/// A part of a backup, in the order of the file.
pub enum BackupPart<'a> {
    Head(&'a BackupHead),
    Table(&'a TableHead),
    Row(PortableRow),
}

/// Reads a whole backup, passes each part to `each`, and checks all sums against the manifest.
///
/// # Errors
/// [`BackupError::File`] if the file cannot be opened; [`BackupError::Damaged`] if it is not a backup, was changed, or
/// is cut off; or the error of `each`.
pub fn read(
    path: &Path,
    mut each: impl FnMut(BackupPart<'_>) -> Result<(), BackupError>,
) -> Result<Manifest, BackupError> {
    let damaged = |what: String| BackupError::Damaged { path: path.to_path_buf(), what };
    let file = File::open(path).map_err(|error| BackupError::File { path: path.to_path_buf(), error })?;
    let mut input = BufReader::with_capacity(1 << 16, MultiGzDecoder::new(BufReader::new(file)));
    let (mut all, mut found, mut table) = (Sha256::new(), Manifest::default(), None::<(TableHead, RowSum)>);
    let (mut line, mut number) = (String::new(), 0_u64);
    let end = |table: &mut Option<(TableHead, RowSum)>, found: &mut Manifest| match table.take() {
        Some((head, sum)) => {
            let rows = sum.rows;
            let last_id = None;
            found.tables.insert(head.name, TableSum { rows, sha256: sum.hex(), last_id }).is_none()
        }
        None => true,
    };
    loop {
        line.clear();
        number += 1;
        let read = input.read_line(&mut line).map_err(|error| damaged(format!("line {number}: {error}")))?;
        let Some(text) = line.strip_suffix('\n').filter(|_| read > 0) else {
            return Err(damaged("it has no end".to_owned()));
        };
        if text.starts_with('[') {
            let row: PortableRow =
                serde_json::from_str(text).map_err(|error| damaged(format!("line {number}: {error}")))?;
            let Some((head, sum)) = &mut table else {
                return Err(damaged(format!("line {number}: a row of no table")));
            };
            let fits = row.len() == head.columns.len()
                && head.columns.iter().zip(&row).all(|((_, kind), value)| kind.fits(value));
            if !fits {
                return Err(damaged(format!("line {number}: no row of {}", head.name)));
            }
            sum.add(text.as_bytes());
            each(BackupPart::Row(row))?;
        } else {
            match serde_json::from_str(text).map_err(|error| damaged(format!("line {number}: {error}")))? {
                BackupLine::PollsBackup(head) if number == 1 && head.format <= FORMAT => each(BackupPart::Head(&head))?,
                BackupLine::PollsBackup(head) if number == 1 => {
                    return Err(damaged(format!("it has the form {}, which a newer program reads", head.format)));
                }
                BackupLine::Table(head) if number > 1 => {
                    if !end(&mut table, &mut found) {
                        return Err(damaged(format!("line {number}: a table comes twice")));
                    }
                    each(BackupPart::Table(&head))?;
                    table = Some((head, RowSum::default()));
                }
                BackupLine::Manifest(manifest) if number > 1 => {
                    if !end(&mut table, &mut found) {
                        return Err(damaged(format!("line {number}: a table comes twice")));
                    }
                    found.sha256 = hex(&all.finalize());
                    compare(&found, &manifest).map_err(damaged)?;
                    return match input.read_line(&mut line) {
                        Ok(0) => Ok(manifest),
                        Ok(_) => Err(damaged("something follows its end".to_owned())),
                        Err(error) => Err(damaged(error.to_string())),
                    };
                }
                _ => return Err(damaged(format!("line {number}: out of place"))),
            }
        }
        all.update(text.as_bytes());
        all.update(b"\n");
    }
}

/// Checks that the sums of the lines that were read equal those in the manifest.
fn compare(found: &Manifest, manifest: &Manifest) -> Result<(), String> {
    for (name, sum) in &manifest.tables {
        match found.tables.get(name) {
            Some(there) if there.rows == sum.rows && there.sha256 == sum.sha256 => {}
            Some(there) => {
                return Err(format!("{name} has {} rows, which are not the {} of the manifest", there.rows, sum.rows));
            }
            None => return Err(format!("{name} is missing")),
        }
    }
    match found.tables.len() == manifest.tables.len() && found.sha256 == manifest.sha256 {
        true => Ok(()),
        false => Err("it is not what the manifest says".to_owned()),
    }
}
