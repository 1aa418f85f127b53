//! Printing bookmarks: many, one a line, or one with all that is known of it.

use std::io::{Write as _, stdout};
use std::process::ExitCode;

use crate::bookmark::models::TaggedBookmark;
use crate::bookmark::shown::{Archived, ShownBookmarks};
use crate::bookmark::{queries, search};
use crate::cli::Failure;
use crate::db::Connection;
use crate::web::pages::pagination::{Start, Window};

/// How many bookmarks are read at a time.
const AT_ONCE: i64 = 500;

pub fn list(conn: &mut Connection, archived: bool, text: &str) -> Result<ExitCode, Failure> {
    let archived = if archived { Archived::Only } else { Archived::Hidden };
    let shown = ShownBookmarks { search: search::parse(text), archived, ..ShownBookmarks::all() };
    let mut out = stdout().lock();
    let mut last = i64::MAX;
    loop {
        let rows = queries::list(conn, &shown, Window { start: Start::After(last), limit: AT_ONCE })?;
        let (count, rows) = (rows.len(), rows.into_iter().flatten());
        for TaggedBookmark { bookmark, tags, .. } in rows {
            last = bookmark.id;
            let tags: Vec<_> = tags.iter().map(|tag| format!("#{tag}")).collect();
            let title = bookmark.title.as_deref().unwrap_or_default();
            writeln!(out, "{last}\t{}\t{}\t{}", line(&bookmark.url), line(title), line(&tags.join(" ")))?;
        }
        if i64::try_from(count).is_ok_and(|count| count < AT_ONCE) {
            return Ok(ExitCode::SUCCESS);
        }
    }
}

pub fn show(row: &TaggedBookmark) {
    let TaggedBookmark { bookmark, tags, check } = row;
    let time = |time: Option<chrono::NaiveDateTime>| time.map(|time| format!("{time} UTC")).unwrap_or_default();
    let yes = |yes| if yes { "yes" } else { "no" }.to_owned();
    for (name, text) in [
        ("id", bookmark.id.to_string()),
        ("url", line(&bookmark.url)),
        ("title", line(bookmark.title.as_deref().unwrap_or_default())),
        ("tags", line(&tags.join(", "))),
        ("folder", line(&bookmark.folder)),
        ("private", yes(bookmark.is_private)),
        ("unread", yes(bookmark.unread)),
        ("archived", yes(bookmark.is_archived)),
        ("added", time(bookmark.added_at)),
        ("changed", time(bookmark.changed_at)),
        ("link", check.as_ref().map(|check| line(&format!("{} {}", check.state, check.answer()))).unwrap_or_default()),
        ("moved to", line(check.as_ref().map(|check| &*check.new_address).unwrap_or_default())),
        ("checked", time(check.as_ref().map(|check| check.checked_at))),
    ] {
        println!("{name:<9}{text}");
    }
    for text in bookmark.description.lines().chain(bookmark.notes.lines()) {
        println!("  {}", line(text));
    }
}

/// The text without characters that would move a terminal's cursor or end the line.
pub fn line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}
