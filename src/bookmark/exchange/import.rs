//! Writes the bookmarks of a file to the database. A bookmark whose address is there already in some spelling is merged:
//! its tags are united, its empty fields filled, and nothing else is changed.

use std::collections::HashMap;
use std::io::{self, BufRead};

use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error as Diesel};
use sha2::{Digest as _, Sha256};

use super::foreign::{FileItem, ForeignBookmark};
use super::netscape::NetscapeReader;
use super::{ExchangeFormat, records};
use crate::admin::registry::table::TableRow as _;
use crate::bookmark::models::{Bookmark, TaggedBookmark};
use crate::bookmark::schema::bookmark_bookmark;
use crate::bookmark::{address, queries, tagging, tags};
use crate::clock;
use crate::db::{self, Connection};
use crate::text::is_blank;

/// How many bookmarks are sorted by their dates, so that the list's order is theirs, and how many are written in one
/// transaction, between which votes are written.
const SORTED_AT_ONCE: usize = 5000;
const WRITTEN_AT_ONCE: usize = 200;
/// How many tags are remembered by their ids.
const REMEMBERED_TAGS: usize = 10_000;
/// How many addresses are read at a time.
const READ_AT_ONCE: i64 = 10_000;

#[derive(Debug, Clone, Copy, Default)]
pub struct ImportRules {
    /// Only says what an import would do.
    pub dry_run: bool,
    /// Makes every new bookmark private.
    pub all_private: bool,
}

/// What became of a line of the file, where that is not simply a new bookmark.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ImportNote {
    /// Not read, and why.
    Refused(String),
    /// Read, but for these parts.
    Shortened(Vec<&'static str>),
    /// Another bookmark has the address; what it got from this one.
    Known(i64, Vec<&'static str>),
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ImportSummary {
    pub added: u64,
    pub merged: u64,
    pub unchanged: u64,
    pub refused: u64,
}

/// The failure of an import; what was written before it stays, and the same file can be imported again.
#[derive(Debug, thiserror::Error)]
pub enum ImportFailure {
    #[error("the file cannot be read: {0}")]
    File(#[from] io::Error),
    #[error(transparent)]
    Database(#[from] Diesel),
}

type AddressKey = [u8; 16];

struct Importer<'a> {
    conn: &'a mut Connection,
    rules: ImportRules,
    /// The bookmarks that are there, by their normal addresses; in a dry run 0 for one that is only in the file.
    known: HashMap<AddressKey, i64>,
    tag_ids: HashMap<String, i64>,
    summary: ImportSummary,
    say: &'a mut dyn FnMut(u64, ImportNote),
}

/// Imports a file, and says of each line what is worth saying.
///
/// # Errors
/// If the file cannot be read or the database does not answer.
pub fn import(
    conn: &mut Connection,
    file: impl BufRead,
    format: ExchangeFormat,
    rules: ImportRules,
    say: &mut dyn FnMut(u64, ImportNote),
) -> Result<ImportSummary, ImportFailure> {
    let known = known_addresses(conn)?;
    let mut importer = Importer { conn, rules, known, tag_ids: HashMap::new(), summary: ImportSummary::default(), say };
    match format {
        ExchangeFormat::Netscape => importer.import(NetscapeReader::new(file))?,
        ExchangeFormat::Csv => importer.import(records::csv(file))?,
        ExchangeFormat::Json => importer.import(records::json(file)?)?,
    }
    Ok(importer.summary)
}

fn known_addresses(conn: &mut Connection) -> QueryResult<HashMap<AddressKey, i64>> {
    use bookmark_bookmark::{id, table, url};
    let (mut known, mut last) = (HashMap::new(), 0);
    loop {
        let rows: Vec<(i64, String)> =
            table.filter(id.gt(last)).order(id).limit(READ_AT_ONCE).select((id, url)).load(conn)?;
        let Some((highest, _)) = rows.last() else { return Ok(known) };
        last = *highest;
        for (bookmark, address) in rows {
            known.entry(key(&address)).or_insert(bookmark);
        }
    }
}

fn key(url: &str) -> AddressKey {
    let digest = Sha256::digest(address::normal(url).as_bytes());
    std::array::from_fn(|index| digest[index])
}

impl Importer<'_> {
    fn import(&mut self, items: impl Iterator<Item = io::Result<FileItem>>) -> Result<(), ImportFailure> {
        let mut waiting = Vec::new();
        for item in items {
            match item? {
                FileItem::Bookmark(bookmark) => waiting.extend(self.checked(bookmark)),
                FileItem::Broken(line, reason) => self.refuse(line, reason.into_owned()),
            }
            if waiting.len() >= SORTED_AT_ONCE {
                self.write_all(std::mem::take(&mut waiting))?;
            }
        }
        self.write_all(waiting)
    }

    fn refuse(&mut self, line: u64, reason: String) {
        self.summary.refused += 1;
        (self.say)(line, ImportNote::Refused(reason));
    }

    /// The bookmark with its address as it is stored; None if it is refused.
    fn checked(&mut self, mut bookmark: ForeignBookmark) -> Option<ForeignBookmark> {
        let shown: String = bookmark.url.chars().take(60).collect();
        let Some(url) = address::stored(&bookmark.url) else {
            self.refuse(bookmark.line, format!("not a web address: {shown:?}"));
            return None;
        };
        if url.chars().count() > address::LONGEST_ADDRESS {
            let reason = format!("the address is longer than {} characters: {shown:?}…", address::LONGEST_ADDRESS);
            self.refuse(bookmark.line, reason);
            return None;
        }
        if !bookmark.losses.is_empty() {
            (self.say)(bookmark.line, ImportNote::Shortened(std::mem::take(&mut bookmark.losses)));
        }
        Some(ForeignBookmark { url, ..bookmark })
    }

    fn write_all(&mut self, mut bookmarks: Vec<ForeignBookmark>) -> Result<(), ImportFailure> {
        bookmarks.sort_by_key(|bookmark| bookmark.added_at);
        for part in bookmarks.chunks(WRITTEN_AT_ONCE) {
            let written = match self.write_part(part) {
                // Another process has saved the same address or tag since they were read. Read again, they are found and
                // merged.
                Err(Diesel::DatabaseError(DatabaseErrorKind::UniqueViolation, _)) if !self.rules.dry_run => {
                    self.known = known_addresses(self.conn)?;
                    self.tag_ids.clear();
                    self.write_part(part)?
                }
                written => written?,
            };
            for (bookmark, written) in part.iter().zip(written) {
                match written {
                    Written::New => self.summary.added += 1,
                    Written::Known(id, filled) => {
                        *(if filled.is_empty() { &mut self.summary.unchanged } else { &mut self.summary.merged }) += 1;
                        (self.say)(bookmark.line, ImportNote::Known(id, filled));
                    }
                }
            }
        }
        Ok(())
    }

    /// Writes some bookmarks in one transaction.
    fn write_part(&mut self, part: &[ForeignBookmark]) -> QueryResult<Vec<Written>> {
        if self.tag_ids.len() > REMEMBERED_TAGS {
            self.tag_ids.clear();
        }
        let (rules, known, tag_ids) = (self.rules, &self.known, &mut self.tag_ids);
        let mut new = HashMap::new();
        let mut write = |conn: &mut Connection| -> QueryResult<Vec<Written>> {
            let mut written = Vec::new();
            for bookmark in part {
                let key = key(&bookmark.url);
                let there = new.get(&key).or_else(|| known.get(&key)).copied();
                written.push(match there {
                    Some(id) => Written::Known(id, merge(conn, id, bookmark, rules)?),
                    None => {
                        new.insert(key, insert(conn, bookmark, rules, tag_ids)?);
                        Written::New
                    }
                });
            }
            Ok(written)
        };
        let written = if rules.dry_run { write(self.conn)? } else { db::write(self.conn, write)? };
        self.known.extend(new);
        Ok(written)
    }
}

enum Written {
    New,
    Known(i64, Vec<&'static str>),
}

fn insert(
    conn: &mut Connection,
    foreign: &ForeignBookmark,
    rules: ImportRules,
    tag_ids: &mut HashMap<String, i64>,
) -> QueryResult<i64> {
    if rules.dry_run {
        return Ok(0);
    }
    let bookmark = Bookmark {
        id: 0,
        title: Some(foreign.title.clone()),
        url: foreign.url.clone(),
        added_at: foreign.added_at.or_else(|| Some(clock::now())),
        description: foreign.description.clone(),
        is_private: foreign.is_private || rules.all_private,
        unread: foreign.unread,
        changed_at: foreign.changed_at,
        notes: foreign.notes.clone(),
        is_archived: foreign.is_archived,
        folder: foreign.folder.clone(),
    };
    let id = bookmark.insert(conn, None)?;
    tagging::add(conn, id, &foreign.tags, tag_ids)?;
    Ok(id)
}

/// Fills what the bookmark lacks, and returns what that was.
fn merge(
    conn: &mut Connection,
    id: i64,
    foreign: &ForeignBookmark,
    rules: ImportRules,
) -> QueryResult<Vec<&'static str>> {
    if id == 0 {
        return Ok(Vec::new());
    }
    let TaggedBookmark { bookmark: was, tags: had, .. } = queries::detail(conn, id, true)?;
    let mut bookmark = was.clone();
    let mut filled = Vec::new();
    if was.title.as_deref().is_none_or(is_blank) && !foreign.title.is_empty() {
        bookmark.title = Some(foreign.title.clone());
        filled.push("title");
    }
    if was.description.is_empty() && !foreign.description.is_empty() {
        bookmark.description.clone_from(&foreign.description);
        filled.push("description");
    }
    if was.notes.is_empty() && !foreign.notes.is_empty() {
        bookmark.notes.clone_from(&foreign.notes);
        filled.push("notes");
    }
    if was.folder.is_empty() && !foreign.folder.is_empty() {
        bookmark.folder.clone_from(&foreign.folder);
        filled.push("folder");
    }
    let mut united = tags::unique(had.iter().chain(&foreign.tags).cloned());
    united.truncate(tags::MOST.max(had.len()));
    if united.len() > had.len() {
        filled.push("tags");
    }
    let lacks_date = was.added_at.is_none() && foreign.added_at.is_some();
    if lacks_date {
        filled.push("date");
    }
    if rules.dry_run || filled.is_empty() {
        return Ok(filled);
    }
    bookmark.changed_at = Some(clock::now());
    bookmark.update(conn, id)?;
    if lacks_date {
        let added = bookmark_bookmark::added_at.eq(foreign.added_at);
        diesel::update(bookmark_bookmark::table.find(id)).set(added).execute(conn)?;
    }
    tagging::set(conn, id, &united)?;
    Ok(filled)
}
