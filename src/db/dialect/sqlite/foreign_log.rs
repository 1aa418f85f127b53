//! Finds a log beside a database file (`-wal`, or `-journal`) that belongs to another database. If a backup is moved
//! over a live file, the log of the old file is still there; SQLite would apply it to the backup without asking, and
//! the result would be a malformed database. The check reads the bytes (<https://sqlite.org/fileformat2.html>, §3 and
//! §4) before SQLite opens a file.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{FileExt as _, MetadataExt as _};
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::thread::sleep;
use std::time::{Duration, SystemTime};

use super::files::{FileId, beside, file_id};
use super::rollback_journal;
use super::wal_file::{FileHeader, Transaction, WriteAheadLog};

/// How many times a fault must be found before it counts. Another process may be writing the log, or copying it into
/// the file, while it is read, so that a single look can be wrong.
const LOOKS: usize = 4;
const BETWEEN_LOOKS: Duration = Duration::from_millis(25);

/// Checks each file once, before this process opens it through SQLite: by POSIX rules, closing a file releases all
/// locks that the process has on it, SQLite's included.
///
/// # Errors
/// If a log beside the file belongs to another database; the text says what is wrong and which command to run. Also if
/// the file system reports an error.
pub fn expect_own_log(path: &Path) -> Result<(), String> {
    static SEEN: Mutex<BTreeSet<(FileId, Option<SystemTime>)>> = Mutex::new(BTreeSet::new());
    let mut seen = SEEN.lock().unwrap_or_else(PoisonError::into_inner);
    // The creation time is included because a new file may get the inode number of a deleted one.
    let this = file_id(path).map(|id| (id, fs::metadata(path).and_then(|file| file.created()).ok()));
    if this.is_some_and(|this| seen.contains(&this)) {
        return Ok(());
    }
    let mut looks = 1;
    loop {
        match look(path).map_err(|error| format!("{}: {error}", path.display()))? {
            None => break,
            Some(fault) if looks == LOOKS => return Err(fault),
            Some(_) => sleep(BETWEEN_LOOKS),
        }
        looks += 1;
    }
    seen.extend(this);
    Ok(())
}

/// The fault that is found in the logs; None if there is none.
fn look(path: &Path) -> io::Result<Option<String>> {
    // The file is read before its log: pages that are copied into the file in between are still in the log.
    let file = opened(path)?;
    let header = file.as_ref().map(FileHeader::of_file).transpose()?.flatten();
    if let Some(log) = WriteAheadLog::open(&beside(path, "-wal"))?
        && let Some(reason) = foreign_log(path, file.as_ref(), header.as_ref(), log)?
    {
        return Ok(Some(advice(path, "-wal", &reason)));
    }
    let journal = opened(&beside(path, "-journal"))?
        .map(|journal| rollback_journal::reason_if_foreign(&journal, header.as_ref()));
    Ok(journal.transpose()?.flatten().map(|reason| advice(path, "-journal", &reason)))
}

fn advice(path: &Path, ending: &str, reason: &str) -> String {
    let file = path.display();
    let log = beside(path, ending);
    let log = log.display();
    format!(
        "{file}: the {ending} beside it is another database's: {reason}. Nothing was opened or changed. If the file \
         is a backup that was put here, stop every program that uses it, run `mv '{log}' '{log}.old'` and start again; \
         if it is not, put back the file that the {ending} belongs to"
    )
}

fn opened(path: &Path) -> io::Result<Option<File>> {
    match File::open(path) {
        Ok(file) => Ok(Some(file)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        // Not an error here: when SQLite opens the file, it reports that itself.
        Err(error) if error.kind() == ErrorKind::PermissionDenied => Ok(None),
        Err(error) => Err(error),
    }
}

/// The reason why a write-ahead log does not belong to the file; None if it does.
///
/// Every batch of ballots writes the next stamp to page 1 (`stamp`), so the log belongs to the file if the first page 1
/// in it has the stamp that follows the file's. If a checkpoint has copied a later page 1 into the file, that page is
/// in the log. A log that another program wrote may have no page 1; then it belongs to the file if the file already
/// holds everything that is in the log, or if the file was not changed since the log was written.
fn foreign_log(
    path: &Path,
    file: Option<&File>,
    header: Option<&FileHeader>,
    mut log: WriteAheadLog,
) -> io::Result<Option<String>> {
    let Some(mut transaction) = log.next_transaction()? else {
        return Ok(None);
    };
    let (Some(file), Some(header)) = (file, header) else {
        return Ok(Some("the file is missing, empty or no database, and the log has transactions".to_owned()));
    };
    if header.page_size != log.page_size {
        return Ok(Some(format!("its pages have {} bytes, the file's {}", log.page_size, header.page_size)));
    }
    if !header.is_wal {
        return Ok(Some("the file is in rollback-journal mode, as VACUUM INTO and .dump leave it".to_owned()));
    }
    let mut all = Contents::default();
    loop {
        if let Some(first) = all.add(&log, &transaction)?
            && header.is_just_before(&first)
        {
            return Ok(None);
        }
        match log.next_transaction()? {
            Some(next) => transaction = next,
            None => break,
        }
    }
    let size = u64::from(header.page_size);
    let mut page = vec![0; log.page_size as usize];
    let of_file = |number: u32, page: &mut [u8]| file.read_exact_at(page, u64::from(number - 1) * size);
    let mut is_all_in_file = true;
    let mut has_page_1 = false;
    let pages = u32::try_from(file.metadata()?.len() / size).unwrap_or(u32::MAX);
    for (number, places) in &all.pages {
        if *number > pages {
            is_all_in_file = false;
            continue;
        }
        of_file(*number, &mut page)?;
        let last = places.last().copied().unwrap_or_default();
        is_all_in_file = is_all_in_file && log.page(last)? == page;
        if *number == 1 {
            for place in places {
                has_page_1 = has_page_1 || log.page(*place)? == page;
            }
        }
    }
    if is_all_in_file || has_page_1 {
        return Ok(None);
    }
    if let Some(first) = &all.first
        && !header.may_be_before(first)
    {
        return Ok(Some("its first header does not follow the file's".to_owned()));
    }
    if (pages + 1..=transaction.size).any(|number| !all.pages.contains_key(&number)) {
        return Ok(Some("the file is too short for it".to_owned()));
    }
    let written = fs::metadata(beside(path, "-wal"))?;
    let changed = file.metadata()?;
    let is_later = (changed.ctime(), changed.ctime_nsec()) > (written.mtime(), written.mtime_nsec());
    Ok(is_later.then(|| "the file was put here or changed after the log was written".to_owned()))
}

/// The pages that the transactions of a log have written.
#[derive(Default)]
struct Contents {
    /// The positions of each page in the log, in the order in which they were written.
    pages: BTreeMap<u32, Vec<u64>>,
    /// The first page 1 in the log.
    first: Option<FileHeader>,
}

impl Contents {
    /// Adds a transaction. Returns page 1 of the log if this is the first transaction that has it.
    fn add(&mut self, log: &WriteAheadLog, transaction: &Transaction) -> io::Result<Option<FileHeader>> {
        for (number, place) in &transaction.frames {
            self.pages.entry(*number).or_default().push(*place);
        }
        let first = transaction.frames.iter().find(|(number, _)| *number == 1);
        let (None, Some((_, place))) = (self.first, first) else {
            return Ok(None);
        };
        self.first = FileHeader::read(&log.page(*place)?);
        Ok(self.first)
    }
}
