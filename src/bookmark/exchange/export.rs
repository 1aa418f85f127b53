//! Writes all bookmarks to a file.

use std::io::{self, Write};

use serde::Serialize;

use super::netscape_writer;
use crate::bookmark::models::TaggedBookmark;
use crate::bookmark::{folder, queries};
use crate::db::Connection;
use crate::web::pages::i18n;

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ExchangeFormat {
    /// The HTML that browsers and bookmark services read.
    #[default]
    Netscape,
    Csv,
    Json,
}

impl ExchangeFormat {
    /// The format of a file by its first bytes: JSON begins with a bracket, and the first line of CSV names the column
    /// of the address.
    pub fn guess(head: &[u8]) -> Self {
        let head = String::from_utf8_lossy(head);
        let first_line = head.trim_start_matches('\u{feff}').trim_start().lines().next().unwrap_or_default();
        let mut columns = first_line.split([',', ';']).map(|column| column.trim_matches(['"', ' ']).to_lowercase());
        match first_line.as_bytes().first() {
            Some(b'[') => Self::Json,
            _ if columns.any(|column| column == "url") => Self::Csv,
            _ => Self::Netscape,
        }
    }
}

/// A bookmark as CSV and JSON have it.
#[derive(Serialize)]
struct ExportedBookmark<'a, T> {
    url: &'a str,
    title: &'a str,
    description: &'a str,
    tags: T,
    private: bool,
    unread: bool,
    archived: bool,
    notes: &'a str,
    added_at: Option<String>,
    changed_at: Option<String>,
    folder: &'a str,
}

fn exported<T>(row: &TaggedBookmark, tags: T) -> ExportedBookmark<'_, T> {
    let bookmark = &row.bookmark;
    ExportedBookmark {
        url: &bookmark.url,
        title: bookmark.title.as_deref().unwrap_or_default(),
        description: &bookmark.description,
        tags,
        private: bookmark.is_private,
        unread: bookmark.unread,
        archived: bookmark.is_archived,
        notes: &bookmark.notes,
        added_at: bookmark.added_at.map(i18n::iso),
        changed_at: bookmark.changed_at.map(i18n::iso),
        folder: &bookmark.folder,
    }
}

/// Writes the bookmarks, oldest first and in HTML by their folders, private ones too, and returns how many they are.
///
/// # Errors
/// If the file cannot be written or the database does not answer.
pub fn export(conn: &mut Connection, format: ExchangeFormat, out: &mut dyn Write) -> io::Result<u64> {
    let count = match format {
        ExchangeFormat::Netscape => netscape(conn, out)?,
        ExchangeFormat::Csv => csv(conn, out)?,
        ExchangeFormat::Json => json(conn, out)?,
    };
    out.flush()?;
    Ok(count)
}

/// Writes the bookmarks that are in no folder, then the folders with theirs.
fn netscape(conn: &mut Connection, out: &mut dyn Write) -> io::Result<u64> {
    let folders = queries::folders(conn).map_err(io::Error::other)?;
    let mut folders: Vec<_> = folders.into_iter().map(|path| (folder::names(&path), path)).collect();
    folders.sort();
    folders.insert(0, (Vec::new(), String::new()));
    let mut count = 0;
    let mut open: Vec<String> = Vec::new();
    netscape_writer::write_head(out)?;
    for (names, path) in folders {
        netscape_writer::change_folder(out, &open, &names)?;
        open = names;
        let mut rows = Rows::of(conn, Some(path));
        while let Some(row) = rows.next()? {
            netscape_writer::write(out, &row)?;
            count += 1;
        }
    }
    netscape_writer::change_folder(out, &open, &[])?;
    netscape_writer::write_foot(out)?;
    Ok(count)
}

fn csv(conn: &mut Connection, out: &mut dyn Write) -> io::Result<u64> {
    let (mut csv, mut rows, mut count) = (csv::Writer::from_writer(out), Rows::of(conn, None), 0);
    while let Some(row) = rows.next()? {
        csv.serialize(exported(&row, row.tags.join(",")))?;
        count += 1;
    }
    csv.flush()?;
    Ok(count)
}

fn json(conn: &mut Connection, out: &mut dyn Write) -> io::Result<u64> {
    let (mut rows, mut count) = (Rows::of(conn, None), 0);
    while let Some(row) = rows.next()? {
        out.write_all(if count == 0 { b"[\n" } else { b",\n" })?;
        serde_json::to_writer(&mut *out, &exported(&row, &row.tags))?;
        count += 1;
    }
    out.write_all(if count == 0 { b"[]\n" } else { b"\n]\n" })?;
    Ok(count)
}

/// All bookmarks, or those of a folder, read in parts.
struct Rows<'a> {
    conn: &'a mut Connection,
    folder: Option<String>,
    part: std::vec::IntoIter<TaggedBookmark>,
    last: i64,
}

impl<'a> Rows<'a> {
    fn of(conn: &'a mut Connection, folder: Option<String>) -> Self {
        Self { conn, folder, part: Vec::new().into_iter(), last: 0 }
    }

    fn next(&mut self) -> io::Result<Option<TaggedBookmark>> {
        if self.part.len() == 0 {
            self.part =
                queries::after(self.conn, self.last, self.folder.as_deref()).map_err(io::Error::other)?.into_iter();
        }
        let row = self.part.next();
        self.last = row.as_ref().map_or(self.last, |row| row.bookmark.id);
        Ok(row)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_format_is_known_by_its_beginning() {
        for (head, format) in [
            ("[\n{", ExchangeFormat::Json),
            ("url,title\nhttps", ExchangeFormat::Csv),
            ("\u{feff}\"Title\",\"URL\"\n", ExchangeFormat::Csv),
            ("<!DOCTYPE NETSCAPE-Bookmark-file-1>\n<A HREF=url>", ExchangeFormat::Netscape),
            ("", ExchangeFormat::Netscape),
        ] {
            assert_eq!(ExchangeFormat::guess(head.as_bytes()), format, "{head}");
        }
    }
}
