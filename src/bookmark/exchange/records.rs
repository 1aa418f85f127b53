//! Reads bookmarks from CSV and JSON: the columns that our own export writes, and those of the services whose exports
//! people bring along (Pinboard, Pocket, Raindrop, linkding).

use std::io::{self, BufRead};

use serde::Deserialize;
use serde_json::Value;

use super::foreign::{FileItem, ForeignBookmark, time};
use crate::bookmark::{folder, tags};

/// A record of a file. A name is that of our export; the aliases are those of others.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct BookmarkRecord {
    #[serde(alias = "href", alias = "link", alias = "uri")]
    url: String,
    #[serde(alias = "name")]
    title: Value,
    #[serde(alias = "note", alias = "excerpt")]
    description: Value,
    /// Pinboard's description, whose `description` is the title.
    extended: Value,
    #[serde(alias = "tag_names", alias = "labels")]
    tags: Value,
    #[serde(alias = "is_private")]
    private: Value,
    /// Pinboard: "no" is private.
    shared: Value,
    #[serde(alias = "toread", alias = "is_unread")]
    unread: Value,
    #[serde(alias = "is_archived")]
    archived: Value,
    notes: Value,
    folder: Value,
    #[serde(alias = "time", alias = "time_added", alias = "created", alias = "date_added")]
    added_at: Value,
    #[serde(alias = "date_modified", alias = "updated")]
    changed_at: Value,
}

impl BookmarkRecord {
    fn into_item(self, line: u64) -> FileItem {
        if self.url.trim().is_empty() {
            return FileItem::Broken(line, "there is no address (a column or key \"url\")".into());
        }
        let is_pinboard = !self.extended.is_null();
        let (title, description) =
            if is_pinboard { (&self.description, &self.extended) } else { (&self.title, &self.description) };
        let mut bookmark = ForeignBookmark {
            line,
            url: self.url.trim().to_owned(),
            added_at: time(&text(&self.added_at)),
            changed_at: time(&text(&self.changed_at)),
            is_private: is_set(&self.private) || text(&self.shared) == "no",
            unread: is_set(&self.unread),
            is_archived: is_set(&self.archived),
            folder: folder::tidied(&text(&self.folder)),
            ..ForeignBookmark::default()
        };
        bookmark.set_title(&text(title));
        bookmark.set_description(&text(description));
        bookmark.set_notes(&text(&self.notes));
        bookmark.set_tags(match &self.tags {
            Value::Array(names) => {
                names.iter().filter_map(|name| tags::clean(&text(name))).collect::<Vec<_>>().into_iter()
            }
            // Pocket separates them by "|".
            list => tags::parse(&text(list).replace('|', ",")).into_iter(),
        });
        FileItem::Bookmark(bookmark)
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn is_set(value: &Value) -> bool {
    matches!(text(value).to_lowercase().as_str(), "true" | "yes" | "1")
}

/// The bookmarks of a CSV file whose first line names the columns.
pub fn csv(file: impl BufRead) -> impl Iterator<Item = io::Result<FileItem>> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(file);
    let headers = reader.headers().map(|names| {
        names.iter().map(|name| name.trim_start_matches('\u{feff}').to_lowercase()).collect::<csv::StringRecord>()
    });
    let mut headers = Some(headers);
    let mut columns = csv::StringRecord::new();
    std::iter::from_fn(move || {
        match headers.take() {
            Some(Ok(names)) => columns = names,
            Some(Err(error)) => return Some(Err(io::Error::other(error))),
            None => {}
        }
        let mut record = csv::StringRecord::new();
        match reader.read_record(&mut record) {
            Ok(false) => None,
            Ok(true) => {
                let line = record.position().map_or(0, csv::Position::line);
                let read = record.deserialize::<BookmarkRecord>(Some(&columns));
                Some(Ok(read.map_or_else(
                    |error| FileItem::Broken(line, error.to_string().into()),
                    |read| read.into_item(line),
                )))
            }
            Err(error) if error.is_io_error() => Some(Err(io::Error::other(error))),
            Err(error) => {
                let line = error.position().map_or(0, csv::Position::line);
                Some(Ok(FileItem::Broken(line, error.to_string().into())))
            }
        }
    })
}

/// The bookmarks of a JSON file: an array of objects, whose number in the file stands for a line. The whole file is
/// read into memory.
///
/// # Errors
/// If the file cannot be read, or is no JSON array.
pub fn json(file: impl BufRead) -> io::Result<impl Iterator<Item = io::Result<FileItem>>> {
    let values: Vec<Value> = serde_json::from_reader(file)?;
    Ok((1..).zip(values).map(|(number, value)| {
        let read = serde_json::from_value::<BookmarkRecord>(value);
        Ok(read.map_or_else(|error| FileItem::Broken(number, error.to_string().into()), |read| read.into_item(number)))
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(items: impl Iterator<Item = io::Result<FileItem>>) -> (Vec<ForeignBookmark>, Vec<u64>) {
        let (mut bookmarks, mut broken) = (Vec::new(), Vec::new());
        for item in items {
            match item.unwrap() {
                FileItem::Bookmark(bookmark) => bookmarks.push(bookmark),
                FileItem::Broken(line, _) => broken.push(line),
            }
        }
        (bookmarks, broken)
    }

    #[test]
    fn a_csv_file_of_ours_is_read() {
        let file = "url,title,description,tags,private,unread,added_at,changed_at\n\
                    https://a.org/,\"A, \"\"a\"\"\",\"two\nlines\",\"rust,web\",true,false,2026-01-02T03:04:05Z,\n\
                    ,no address,,,,,,\n\
                    https://b.org/,,,,,true,,\n";
        let (bookmarks, broken) = read(csv(file.as_bytes()));
        assert_eq!((bookmarks.len(), broken), (2, vec![4]));
        assert_eq!((bookmarks[0].title.as_str(), bookmarks[0].description.as_str()), ("A, \"a\"", "two\nlines"));
        assert_eq!(bookmarks[0].tags, ["rust", "web"]);
        assert_eq!(bookmarks[0].added_at.map(|time| time.to_string()).as_deref(), Some("2026-01-02 03:04:05"));
        assert!(bookmarks[0].is_private && !bookmarks[0].unread && bookmarks[1].unread);
    }

    #[test]
    fn csv_files_of_others_are_read() {
        let pocket =
            "title,url,time_added,tags,status\nRust,https://www.rust-lang.org/,1500000000,lang|web dev,unread\n";
        let (bookmarks, broken) = read(csv(pocket.as_bytes()));
        assert!(broken.is_empty());
        assert_eq!(bookmarks[0].tags, ["lang", "web-dev"]);
        assert_eq!(bookmarks[0].added_at.map(|time| time.to_string()).as_deref(), Some("2017-07-14 02:40:00"));
        let upper = "\u{feff}URL,Name\nhttps://a.org/,A\nhttps://b.org/,B,one more\n";
        assert_eq!(read(csv(upper.as_bytes())).0.len(), 2);
    }

    #[test]
    fn json_files_of_ours_and_of_others_are_read() {
        let ours =
            br#"[{"url": "https://a.org/", "title": "A", "tags": ["x y", "z"], "private": true}, {"title": 3}, 7]"#;
        let (bookmarks, broken) = read(json(&ours[..]).unwrap());
        assert_eq!((bookmarks.len(), broken), (1, vec![2, 3]));
        assert_eq!(
            (bookmarks[0].tags.clone(), bookmarks[0].is_private),
            (vec!["x-y".to_owned(), "z".to_owned()], true)
        );
        let pinboard = br#"[{"href": "https://a.org/", "description": "Title", "extended": "Text", "tags": "a b",
            "shared": "no", "toread": "yes", "time": "2020-01-01T00:00:00Z"}]"#;
        let (bookmarks, _) = read(json(&pinboard[..]).unwrap());
        let one = &bookmarks[0];
        assert_eq!((one.title.as_str(), one.description.as_str()), ("Title", "Text"));
        assert!(one.is_private && one.unread && one.tags == ["a", "b"] && one.added_at.is_some());
        assert!(json(&b"{"[..]).is_err());
    }
}
