//! The rollback journal as bytes, read without SQLite (<https://sqlite.org/fileformat2.html>, §3).

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt as _;

use super::wal_file::{FileHeader, number};

/// The reason why a journal that SQLite would play back does not belong to the file; None if it does. If the journal has
/// page 1 as it was before the transaction, the file's page 1 must be the same, or have exactly one change more. Otherwise
/// the transaction did not come to writing page 1, so the file's must say how many pages there were before it.
pub(super) fn reason_if_foreign(journal: &File, header: Option<&FileHeader>) -> io::Result<Option<String>> {
    const MAGIC: [u8; 8] = [0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7];
    let mut start = [0; 28];
    let length = journal.metadata()?.len();
    // SQLite plays back neither a journal of at most 512 bytes nor one without this magic number at its beginning.
    if length <= 512 || journal.read_exact_at(&mut start, 0).is_err() || start[..8] != MAGIC {
        return Ok(None);
    }
    let Some(header) = header else {
        return Ok(Some("the file is missing, empty or no database".to_owned()));
    };
    let records = number(&start, 8);
    let pages_before = number(&start, 16);
    let sector = number(&start, 20);
    let page_size = number(&start, 24);
    if page_size != header.page_size {
        return Ok(Some(format!("its pages have {page_size} bytes, the file's {}", header.page_size)));
    }
    let record = u64::from(page_size) + 8;
    let room = length.saturating_sub(u64::from(sector)) / record;
    let mut page = vec![0; page_size as usize + 4];
    for index in 0..room.min(u64::from(records)) {
        journal.read_exact_at(&mut page, u64::from(sector) + index * record)?;
        if number(&page, 0) == 1 {
            let before = FileHeader::read(&page[4..]);
            let is_own = before.is_some_and(|before| header.change.wrapping_sub(before.change) <= 1);
            return Ok((!is_own).then(|| "its header is not the one before the file's".to_owned()));
        }
    }
    let is_own = header.pages == pages_before;
    Ok((!is_own).then(|| format!("it is of a file with {pages_before} pages, not {}", header.pages)))
}
