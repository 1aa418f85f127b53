//! Writes a bookmark file in the format that `netscape` reads.

use std::io::{self, Write};

use super::foreign::{ARCHIVED_TAG, NOTES};
use crate::bookmark::models::TaggedBookmark;

/// Writes what comes before the bookmarks.
///
/// # Errors
/// If it cannot be written.
pub fn write_head(out: &mut dyn Write) -> io::Result<()> {
    out.write_all(
        b"<!DOCTYPE NETSCAPE-Bookmark-file-1>\n\
          <META HTTP-EQUIV=\"Content-Type\" CONTENT=\"text/html; charset=UTF-8\">\n\
          <TITLE>Bookmarks</TITLE>\n<H1>Bookmarks</H1>\n<DL><p>\n",
    )
}

/// # Errors
/// If it cannot be written.
pub fn write(out: &mut dyn Write, row: &TaggedBookmark) -> io::Result<()> {
    let bookmark = &row.bookmark;
    write!(out, "    <DT><A HREF=\"{}\"", escaped(&bookmark.url))?;
    for (name, time) in [("ADD_DATE", bookmark.added_at), ("LAST_MODIFIED", bookmark.changed_at)] {
        if let Some(time) = time {
            write!(out, " {name}=\"{}\"", time.and_utc().timestamp())?;
        }
    }
    let [private, unread] = [bookmark.is_private, bookmark.unread].map(u8::from);
    let archived = bookmark.is_archived.then_some(ARCHIVED_TAG);
    let tags = escaped(&row.tags.iter().map(String::as_str).chain(archived).collect::<Vec<_>>().join(","));
    writeln!(
        out,
        " PRIVATE=\"{private}\" TOREAD=\"{unread}\" TAGS=\"{tags}\">{}</A>",
        escaped(bookmark.title.as_deref().unwrap_or_default())
    )?;
    let notes = if bookmark.notes.is_empty() { String::new() } else { NOTES.join(&bookmark.notes) };
    if !bookmark.description.is_empty() || !notes.is_empty() {
        writeln!(out, "    <DD>{}{}", escaped(&bookmark.description), escaped(&notes))?;
    }
    Ok(())
}

/// Closes and opens folders, so that after those with the names `open` those with the names `next` are open.
///
/// # Errors
/// If it cannot be written.
pub fn change_folder(out: &mut dyn Write, open: &[String], next: &[String]) -> io::Result<()> {
    let common = open.iter().zip(next).take_while(|(open, next)| open == next).count();
    for _ in common..open.len() {
        out.write_all(b"    </DL><p>\n")?;
    }
    for name in &next[common..] {
        writeln!(out, "    <DT><H3>{}</H3>\n    <DL><p>", escaped(name))?;
    }
    Ok(())
}

/// # Errors
/// If it cannot be written.
pub fn write_foot(out: &mut dyn Write) -> io::Result<()> {
    out.write_all(b"</DL><p>\n")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
