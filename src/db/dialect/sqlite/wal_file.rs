//! The write-ahead log as bytes, read without SQLite (<https://sqlite.org/fileformat2.html>, §4).

use std::fs::File;
use std::io::{self, ErrorKind};
use std::os::unix::fs::FileExt as _;
use std::path::Path;

const LOG_HEADER: u64 = 32;
const FRAME_HEADER: u64 = 24;
/// The magic number without its last bit, which is the byte order of the checksums.
const MAGIC: u32 = 0x377f_0682;

/// The big-endian number at an offset; 0 beyond the end.
pub(super) fn number(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..).and_then(<[u8]>::first_chunk).map_or(0, |bytes| u32::from_be_bytes(*bytes))
}

/// The header of a database, at the beginning of page 1.
#[derive(Debug, Clone, Copy)]
pub(super) struct FileHeader {
    pub page_size: u32,
    /// Whether changes go to a write-ahead log first.
    pub is_wal: bool,
    /// The change counter, which increases with each transaction that writes page 1.
    pub change: u32,
    /// The number of pages, as the transaction left it that wrote page 1 last.
    pub pages: u32,
    /// The schema cookie, which increases with each change of the tables' definitions.
    schema: u32,
    /// `PRAGMA user_version`, which increases with every batch of ballots (`stamp`); 0 before the first.
    stamp: u32,
}

impl FileHeader {
    /// None for a file without a header, such as an empty one.
    pub fn of_file(file: &File) -> io::Result<Option<Self>> {
        let mut bytes = [0; 100];
        match file.read_exact_at(&mut bytes, 0) {
            Ok(()) => Ok(Self::read(&bytes)),
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => Ok(None),
            Err(error) => Err(error),
        }
    }

    pub fn read(page: &[u8]) -> Option<Self> {
        let size = u32::from(*page.get(16)?) << 8 | u32::from(*page.get(17)?);
        page.starts_with(b"SQLite format 3\0").then_some(Self {
            page_size: if size == 1 { 65_536 } else { size },
            is_wal: page.get(19) == Some(&2),
            change: number(page, 24),
            pages: number(page, 28),
            schema: number(page, 40),
            stamp: number(page, 60),
        })
    }

    /// Whether `next` is page 1 as the next batch of ballots made it.
    pub fn is_just_before(&self, next: &Self) -> bool {
        self.stamp != 0 && next.stamp == self.stamp + 1 && self.schema == next.schema && self.may_be_before(next)
    }

    /// Whether `next` can be page 1 after one more transaction. A connection that was the last to write page 1 may
    /// leave the change counter as it is.
    pub fn may_be_before(&self, next: &Self) -> bool {
        next.change.wrapping_sub(self.change) <= 1 && (self.stamp == 0 || next.stamp.wrapping_sub(self.stamp) <= 1)
    }
}

/// A write-ahead log that is read from its beginning.
pub(super) struct WriteAheadLog {
    file: File,
    pub page_size: u32,
    salts: [u8; 8],
    is_big_endian: bool,
    checksum: (u32, u32),
    at: u64,
}

/// The pages that one transaction has written.
pub(super) struct Transaction {
    /// The number of each page, and the position of its content in the log.
    pub frames: Vec<(u32, u64)>,
    /// How many pages the database has after the transaction.
    pub size: u32,
}

impl WriteAheadLog {
    /// None if there is no log that SQLite would read.
    pub fn open(path: &Path) -> io::Result<Option<Self>> {
        let file = match File::open(path) {
            Ok(file) => file,
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::PermissionDenied) => return Ok(None),
            Err(error) => return Err(error),
        };
        let mut header = [0; 32];
        match file.read_exact_at(&mut header, 0) {
            Ok(()) => {}
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => return Ok(None),
            Err(error) => return Err(error),
        }
        let magic = number(&header, 0);
        let page_size = number(&header, 8);
        let is_big_endian = magic & 1 == 1;
        let checksum = sum((0, 0), &header[..24], is_big_endian);
        let is_log = magic & !1 == MAGIC
            && page_size.is_power_of_two()
            && (512..=65_536).contains(&page_size)
            && checksum == (number(&header, 24), number(&header, 28));
        let mut salts = [0; 8];
        salts.copy_from_slice(&header[16..24]);
        Ok(is_log.then_some(Self { file, page_size, salts, is_big_endian, checksum, at: LOG_HEADER }))
    }

    /// None at the end of the log. Frames after it were not committed, or remain from an earlier log.
    pub fn next_transaction(&mut self) -> io::Result<Option<Transaction>> {
        let mut frames = Vec::new();
        let mut frame = vec![0; self.page_size as usize + 24];
        loop {
            match self.file.read_exact_at(&mut frame, self.at) {
                Ok(()) => {}
                Err(error) if error.kind() == ErrorKind::UnexpectedEof => return Ok(None),
                Err(error) => return Err(error),
            }
            let (head, page) = frame.split_at(24);
            let checksum = sum(sum(self.checksum, &head[..8], self.is_big_endian), page, self.is_big_endian);
            if head[8..16] != self.salts || checksum != (number(head, 16), number(head, 20)) || number(head, 0) == 0 {
                return Ok(None);
            }
            frames.push((number(head, 0), self.at + FRAME_HEADER));
            let size = number(head, 4);
            self.checksum = checksum;
            self.at += FRAME_HEADER + u64::from(self.page_size);
            if size > 0 {
                return Ok(Some(Transaction { frames, size }));
            }
        }
    }

    /// The content of a page.
    pub fn page(&self, place: u64) -> io::Result<Vec<u8>> {
        let mut page = vec![0; self.page_size as usize];
        self.file.read_exact_at(&mut page, place)?;
        Ok(page)
    }
}

/// Continues SQLite's checksum over more bytes, eight at a time.
fn sum((mut first, mut second): (u32, u32), bytes: &[u8], is_big_endian: bool) -> (u32, u32) {
    let word = |bytes: &[u8]| {
        let bytes = bytes.first_chunk().copied().unwrap_or_default();
        if is_big_endian { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) }
    };
    for pair in bytes.chunks_exact(8) {
        first = first.wrapping_add(word(&pair[..4])).wrapping_add(second);
        second = second.wrapping_add(word(&pair[4..])).wrapping_add(first);
    }
    (first, second)
}
