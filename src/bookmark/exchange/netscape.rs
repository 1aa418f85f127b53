//! Reads bookmark files in the format that Netscape began and that all browsers and services exchange.

use std::io::{self, BufRead};

use super::foreign::{ARCHIVED_TAG, FileItem, ForeignBookmark, LONGEST_DESCRIPTION, NOTES, time};
use super::markup::{MarkupReader, MarkupToken};
use crate::bookmark::{folder, tags};
use crate::text::is_blank;

/// How many folders within each other have names that become tags. Deeper ones are read without their names.
const NAMED_FOLDERS: usize = 1000;

/// What the text that is being read belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum TextOf {
    Nothing,
    Title,
    Folder,
    Description,
}

/// A stream of the bookmarks in a file. The names of their folders become tags as well.
pub struct NetscapeReader<R> {
    markup: MarkupReader<R>,
    text_of: TextOf,
    text: String,
    bookmark: Option<ForeignBookmark>,
    /// The folder whose list is about to begin. The browser's own folders have no name that says anything.
    next_folder: Option<String>,
    is_root: bool,
    depth: usize,
    /// The names of the open folders that have one, each with its depth.
    folders: Vec<(usize, String)>,
}

impl<R: BufRead> NetscapeReader<R> {
    pub fn new(input: R) -> Self {
        Self {
            markup: MarkupReader::new(input),
            text_of: TextOf::Nothing,
            text: String::new(),
            bookmark: None,
            next_folder: None,
            is_root: false,
            depth: 0,
            folders: Vec::new(),
        }
    }

    /// The bookmark that is complete now, if there is one.
    fn finished(&mut self) -> Option<FileItem> {
        self.end_text();
        self.bookmark.take().map(FileItem::Bookmark)
    }

    fn end_text(&mut self) {
        let text = std::mem::take(&mut self.text);
        match (std::mem::replace(&mut self.text_of, TextOf::Nothing), &mut self.bookmark) {
            (TextOf::Title, Some(bookmark)) => {
                bookmark.set_title(&text);
            }
            (TextOf::Description, Some(bookmark)) => {
                let (description, notes) = text.split_once(NOTES[0]).unwrap_or((&text, ""));
                bookmark.set_description(description);
                bookmark.set_notes(notes.split(NOTES[1]).next().unwrap_or_default());
            }
            (TextOf::Folder, _) => self.next_folder = Some(text).filter(|_| !self.is_root),
            _ => {}
        }
    }

    fn opened(&mut self, name: &str, attributes: &[(&'static str, String)], line: u64) -> Option<FileItem> {
        match name {
            // A link within a description is part of it.
            "a" if self.text_of == TextOf::Description => None,
            "a" => {
                let finished = self.finished();
                self.bookmark = Some(bookmark(attributes, line, &self.folders));
                self.text_of = TextOf::Title;
                finished
            }
            "h3" => {
                let finished = self.finished();
                self.is_root = attributes.iter().any(|(name, _)| name.ends_with("_folder"));
                self.text_of = TextOf::Folder;
                finished
            }
            "dl" => {
                let finished = self.finished();
                self.depth = self.depth.saturating_add(1);
                let folder = self.next_folder.take().filter(|_| self.folders.len() < NAMED_FOLDERS);
                self.folders.extend(folder.filter(|name| !is_blank(name)).map(|name| (self.depth, name)));
                finished
            }
            "dd" => {
                self.end_text();
                if self.bookmark.is_some() {
                    self.text_of = TextOf::Description;
                }
                None
            }
            "dt" | "hr" => self.finished(),
            "br" | "p" | "li" if self.text_of == TextOf::Description => {
                self.text.push('\n');
                None
            }
            _ => None,
        }
    }

    fn closed(&mut self, name: &str) -> Option<FileItem> {
        match (name, self.text_of) {
            ("dl", _) => {
                let finished = self.finished();
                self.folders.retain(|(depth, _)| *depth < self.depth);
                self.depth = self.depth.saturating_sub(1);
                finished
            }
            ("a", TextOf::Title) | ("h3", TextOf::Folder) => {
                self.end_text();
                None
            }
            _ => None,
        }
    }
}

impl<R: BufRead> Iterator for NetscapeReader<R> {
    type Item = io::Result<FileItem>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let item = match self.markup.token() {
                Err(error) => return Some(Err(error)),
                Ok(None) => return self.finished().map(Ok),
                Ok(Some(MarkupToken::Broken(line, reason))) => {
                    self.end_text();
                    return Some(Ok(FileItem::Broken(line, reason.into())));
                }
                Ok(Some(MarkupToken::Text(text))) => {
                    if self.text_of != TextOf::Nothing && self.text.len() < 4 * LONGEST_DESCRIPTION {
                        self.text.push_str(&text);
                    }
                    None
                }
                Ok(Some(MarkupToken::Open { name, attributes, line })) => self.opened(&name, &attributes, line),
                Ok(Some(MarkupToken::Close(name))) => self.closed(&name),
            };
            if item.is_some() {
                return item.map(Ok);
            }
        }
    }
}

fn bookmark(attributes: &[(&'static str, String)], line: u64, folders: &[(usize, String)]) -> ForeignBookmark {
    let value = |name: &str| attributes.iter().find(|(key, _)| *key == name).map(|(_, value)| value.as_str());
    let is_set = |name: &str| value(name).is_some_and(|value| !matches!(value, "0" | "false" | ""));
    // The innermost folders say most.
    let names = folders.iter().rev().take(tags::MOST + 1).filter_map(|(_, name)| tags::clean(name));
    let is_archived = |tag: &&str| tag.trim() == ARCHIVED_TAG;
    let own = value("tags").unwrap_or_default().split(',');
    let own = own.filter(|tag| !is_archived(tag)).filter_map(tags::clean);
    let mut bookmark = ForeignBookmark {
        line,
        url: value("href").unwrap_or_default().to_owned(),
        added_at: value("add_date").and_then(time),
        changed_at: value("last_modified").and_then(time),
        is_private: is_set("private"),
        unread: is_set("toread"),
        is_archived: value("tags").is_some_and(|tags| tags.split(',').any(|tag| is_archived(&tag))),
        folder: folder::path(folders.iter().map(|(_, name)| name.as_str())),
        ..ForeignBookmark::default()
    };
    bookmark.set_tags(own.chain(names));
    bookmark
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::bookmark::address;

    fn read(file: &[u8]) -> (Vec<ForeignBookmark>, Vec<(u64, String)>) {
        let (mut bookmarks, mut broken) = (Vec::new(), Vec::new());
        for item in NetscapeReader::new(file) {
            match item.unwrap() {
                FileItem::Bookmark(bookmark) => bookmarks.push(bookmark),
                FileItem::Broken(line, reason) => broken.push((line, reason.into_owned())),
            }
        }
        (bookmarks, broken)
    }

    fn file(name: &str) -> (Vec<ForeignBookmark>, Vec<(u64, String)>) {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/bookmarks").join(name);
        read(&std::fs::read(path).unwrap())
    }

    fn date(bookmark: &ForeignBookmark) -> String {
        bookmark.added_at.map(|time| time.to_string()).unwrap_or_default()
    }

    #[test]
    fn every_dialect_is_read() {
        for (name, count) in [
            ("chromium_flat.htm", 9),
            ("chromium_nested.htm", 18),
            ("delicious.htm", 5),
            ("firefox_nested.htm", 24),
            ("internet_explorer_11_nested.htm", 27),
            ("netscape_extended.htm", 1),
            ("netscape_multiline.htm", 3),
            ("safari_folded.htm", 3),
            ("shaarli.htm", 6),
        ] {
            let (bookmarks, broken) = file(name);
            assert_eq!((bookmarks.len(), broken), (count, Vec::new()), "{name}");
        }
    }

    #[test]
    fn folders_become_tags_and_dates_stay() {
        let (bookmarks, _) = file("firefox_nested.htm");
        let parser = bookmarks.iter().find(|found| found.url.ends_with("netscape-bookmark-parser")).unwrap();
        assert_eq!(parser.tags, ["github", "netscape", "parser", "PHP", "Dev"]);
        assert_eq!(date(parser), "2016-05-19 19:31:19");
        assert!(parser.description.starts_with("netscape-bookmark-parser - a php script"));
        let central = bookmarks.iter().find(|found| found.url.contains("firefox/central")).unwrap();
        assert!(central.tags.is_empty(), "{central:?}");
        let (bookmarks, _) = file("safari_folded.htm");
        assert_eq!(bookmarks[2].tags, ["doc", "Autre-Divers"]);
    }

    #[test]
    fn descriptions_keep_their_lines_and_lose_their_markup() {
        let (bookmarks, _) = file("netscape_multiline.htm");
        assert_eq!(bookmarks[0].description, "List:\n- item1\n- item2\n- item3");
        let (bookmarks, _) = file("netscape_extended.htm");
        assert!(bookmarks[0].is_private && bookmarks[0].description.ends_with("finally netted the one that got away."));
        let (bookmarks, _) = read(b"<DT><A HREF=x><script>alert(1)</script>T</A><DD>a<br><b>b</b><DT>");
        assert_eq!((&*bookmarks[0].title, &*bookmarks[0].description), ("alert(1)T", "a\nb"));
    }

    #[test]
    fn notes_and_the_archive_are_read_as_linkding_writes_them() {
        let (bookmarks, _) = read(
            b"<DT><A HREF=x TAGS=\"a,linkding:bookmarks.archived,b\">T</A><DD>Text[linkding-notes]*two*\nlines[/linkding-notes]\n\
              <DT><A HREF=y TAGS=\"a\">T</A><DD>Text[linkding-notes]cut off",
        );
        assert!(bookmarks[0].is_archived && !bookmarks[1].is_archived);
        assert_eq!((&*bookmarks[0].description, &*bookmarks[0].notes), ("Text", "*two*\nlines"));
        assert_eq!((bookmarks[0].tags.join(" "), &*bookmarks[1].notes), ("a b".to_owned(), "cut off"));
    }

    #[test]
    fn a_date_has_many_units() {
        let second = "2016-05-19 19:31:19";
        for text in ["1463686279", "1463686279000", "1463686279000000", "13108159879000000", "2016-05-19T19:31:19Z"] {
            assert_eq!(time(text).map(|time| time.to_string()).as_deref(), Some(second), "{text}");
        }
        for text in ["", "0", "-1", "x", "9223372036854775807", "99999999999", "2016"] {
            assert_eq!(time(text), None, "{text}");
        }
    }

    #[test]
    fn what_is_broken_is_named_and_the_rest_is_read() {
        let text = b"<DL><p>\n<DT><A HREF=\"http://a.example/\">A</A>\n<DT><A HREF=\"http://b.example/>B</A>\n\
            <DT><A HREF=\"http://c.example/\" ADD_DATE=\"1463686279\"\n<DT><A HREF=\"http://d.example/\">D < E</A>\n<DT><A HR";
        let (bookmarks, broken) = read(text);
        assert_eq!(
            bookmarks.iter().map(|found| &*found.url).collect::<Vec<_>>(),
            ["http://a.example/", "http://d.example/"]
        );
        assert_eq!(bookmarks[1].title, "D < E");
        assert_eq!(broken.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [3, 4, 6]);
    }

    #[test]
    fn depth_and_length_are_bounded() {
        let mut deep = String::new();
        for number in 0..10_000 {
            let _ = std::fmt::Write::write_fmt(&mut deep, format_args!("<DT><H3>f{number}</H3><DL><p>"));
        }
        deep.push_str("<DT><A HREF=\"http://a.example/\">A</A>");
        let (bookmarks, _) = read(deep.as_bytes());
        assert_eq!(bookmarks[0].tags.len(), tags::MOST);
        let long = "t".repeat(1 << 20);
        let (bookmarks, _) = read(format!("<A HREF=x TAGS=\"{long},b\">{long}</A><DD>{long}").as_bytes());
        assert_eq!(bookmarks[0].title.chars().count(), address::LONGEST_TITLE);
        assert_eq!(bookmarks[0].losses.len(), 3);
    }

    proptest! {
        #[test]
        fn every_file_is_read_to_its_end(
            file in prop::collection::vec(prop_oneof![any::<u8>(), prop::sample::select(b"<>/=\"'! -aAdDtTlL3hHrReEfF\n&#;".to_vec())], 0..400)
        ) {
            read(&file);
        }
    }
}
