//! What the files of a SQLite database show without opening the database.

use std::fs::{File, canonicalize, metadata};
use std::io::{ErrorKind, Read as _};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// Identifies a file: its device and inode.
pub type FileId = (u64, u64);

pub fn file_id(path: &Path) -> Option<FileId> {
    metadata(path).ok().map(|file| (file.dev(), file.ino()))
}

/// Whether the write-ahead log exists.
pub fn has_wal(path: &Path) -> bool {
    beside(path, "-wal").exists()
}

/// A file that SQLite keeps beside the database. If the database's path is a symbolic link, it is beside the link's
/// target.
pub(super) fn beside(path: &Path, ending: &str) -> PathBuf {
    let real = if path.is_symlink() { canonicalize(path).ok() } else { None };
    let mut name = real.unwrap_or_else(|| path.to_path_buf()).into_os_string();
    name.push(ending);
    name.into()
}

/// The parts of the files that change with every commit, read without opening the database.
#[derive(Debug, PartialEq, Eq)]
pub struct FilesState {
    file: FileId,
    length: u64,
    modified: SystemTime,
    /// SQLite's header of the shared memory (the `-shm` file). It shows which frames of the write-ahead log are
    /// committed. Empty if there are none.
    log: Vec<u8>,
}

/// The length in bytes of the header of the `-shm` file (<https://sqlite.org/walformat.html>, §2.1). The file contains
/// the header twice.
const LOG_HEADER: usize = 48;

/// The only version of that format so far.
const LOG_FORMAT: u32 = 3_007_000;

/// The resolution of the file system's clock: two writes within this time may have the same time stamp.
const CLOCK_STEP: Duration = Duration::from_millis(20);
/// The same for file systems whose time stamps have no fractions of a second.
const COARSE_CLOCK_STEP: Duration = Duration::from_secs(2);

/// None if it cannot be determined: just after a commit, while one is being written, or after a crash.
pub fn files_state(path: &Path) -> Option<FilesState> {
    // The log is read first: if pages are copied from the log to the file meanwhile, the change is then seen in the
    // file.
    let log = log_header(path)?;
    let file = metadata(path).ok()?;
    let modified = file.modified().ok()?;
    let step = if file.mtime_nsec() == 0 { COARSE_CLOCK_STEP } else { CLOCK_STEP };
    let is_settled = modified.elapsed().is_ok_and(|age| age > step);
    is_settled.then(|| FilesState { file: (file.dev(), file.ino()), length: file.len(), modified, log })
}

fn log_header(path: &Path) -> Option<Vec<u8>> {
    let mut both = [0; 2 * LOG_HEADER];
    match File::open(beside(path, "-shm")) {
        Ok(mut shared) => shared.read_exact(&mut both).ok()?,
        Err(error) if error.kind() == ErrorKind::NotFound && !has_wal(path) => return Some(Vec::new()),
        Err(_) => return None,
    }
    let (header, copy) = both.split_first_chunk::<LOG_HEADER>()?;
    let word = |at: usize| header[at..].first_chunk().map(|word| u32::from_ne_bytes(*word));
    let format = word(0)?;
    let frames = word(16)?;
    (header == copy && format == LOG_FORMAT).then(|| if frames > 0 { header.to_vec() } else { Vec::new() })
}
