//! What `polls bookmark` takes from the pages of bookmarks.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _, stdout};
use std::path::Path;
use std::process::ExitCode;

use url::Url;

use super::NOT_ALL_READ;
use super::listing::line;
use crate::bookmark::models::Bookmark;
use crate::bookmark::page::{FileNames, PageHead, PictureFacts, examine, fetch_head, fetch_pictures};
use crate::cli::Failure;
use crate::cli::progress::ProgressLine;
use crate::outbound::{FetchKind, Fetcher};
use crate::text::is_blank;

/// The title and the description on the page of a new bookmark. If the page cannot be fetched, standard error says why
/// and the result is empty, so that the bookmark is added all the same.
pub fn head(fetcher: &Fetcher, url: &str) -> PageHead {
    fetch_head(fetcher, url).unwrap_or_else(|error| {
        eprintln!("No title was found: {}.", line(&error.to_string()));
        PageHead::default()
    })
}

/// The fields that a bookmark lacks and its page has. Its title is replaced if `replaces_title`.
pub fn missing(
    fetcher: &Fetcher,
    bookmark: &Bookmark,
    replaces_title: bool,
) -> Result<Vec<(&'static str, String)>, Failure> {
    let found = fetch_head(fetcher, &bookmark.url).map_err(|error| line(&error.to_string()))?;
    let has_title = bookmark.title.as_deref().is_some_and(|title| !is_blank(title));
    let title = found.title.filter(|title| !has_title || (replaces_title && bookmark.title.as_ref() != Some(title)));
    let description = found.description.filter(|_| is_blank(&bookmark.description));
    let given = [("title", title), ("description", description)];
    Ok(given.into_iter().filter_map(|(name, text)| Some((name, text?))).collect())
}

/// Lists the pictures of a page.
pub fn images(fetcher: &Fetcher, url: &str) -> Result<ExitCode, Failure> {
    each_picture(fetcher, url, |picture, facts, bytes| {
        let PictureFacts { width, height, extension } = facts;
        writeln!(stdout(), "{picture}\t{width}x{height}\t{}\t{extension}", bytes.len())?;
        Ok(())
    })
}

/// Downloads the pictures of a page to a folder, which is made if it is not there.
pub fn download(fetcher: &Fetcher, url: &str, folder: &Path) -> Result<ExitCode, Failure> {
    fs::create_dir_all(folder).map_err(|error| format!("cannot make {}: {error}", folder.display()))?;
    let mut names = FileNames::default();
    each_picture(fetcher, url, |picture, facts, bytes| {
        let name = store(folder, &mut names, picture, facts, bytes)
            .map_err(|error| format!("cannot write to {}: {error}", folder.display()))?;
        writeln!(stdout(), "{name}\t{}x{}\t{}\t{picture}", facts.width, facts.height, bytes.len())?;
        Ok(())
    })
}

/// Fetches the pictures of a page one after the other. Those that cannot be fetched, or are none, are told.
fn each_picture(
    fetcher: &Fetcher,
    url: &str,
    mut take: impl FnMut(&Url, &PictureFacts, &[u8]) -> Result<(), Failure>,
) -> Result<ExitCode, Failure> {
    let (pictures, broken) = fetch_pictures(fetcher, url).map_err(|error| line(&error.to_string()))?;
    if let Some(error) = &broken {
        eprintln!("The page was not read to its end: {}.", line(&error.to_string()));
    }
    let mut code = if broken.is_none() { ExitCode::SUCCESS } else { ExitCode::from(NOT_ALL_READ) };
    let mut progress = ProgressLine::new();
    for (number, picture) in (1..).zip(&pictures) {
        progress.show(&format!("Picture (of {})", pictures.len()), number);
        match fetched(fetcher, picture) {
            Ok((facts, bytes)) => {
                progress.end();
                take(picture, &facts, &bytes)?;
            }
            Err(error) => {
                progress.end();
                eprintln!("{picture}: {}", line(&error.to_string()));
                code = ExitCode::from(NOT_ALL_READ);
            }
        }
    }
    progress.end();
    Ok(code)
}

fn fetched(fetcher: &Fetcher, picture: &Url) -> Result<(PictureFacts, Vec<u8>), Failure> {
    let bytes = fetcher.get(picture.as_str(), FetchKind::Picture)?.bytes()?;
    Ok((examine(&bytes)?, bytes))
}

/// Writes a picture to a file that nothing else is at, unless it is there already, and returns its name.
fn store(
    folder: &Path,
    names: &mut FileNames,
    picture: &Url,
    facts: &PictureFacts,
    bytes: &[u8],
) -> io::Result<String> {
    loop {
        let name = names.name(picture, facts.extension);
        let path = folder.join(&name);
        match OpenOptions::new().write(true).create_new(true).open(&path) {
            Ok(mut file) => {
                return file.write_all(bytes).map(|()| name).inspect_err(|_| {
                    // Half a picture is none.
                    let _ = fs::remove_file(&path);
                });
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                let there = fs::symlink_metadata(&path)?;
                let may_be_it = there.is_file() && there.len() == bytes.len() as u64;
                if may_be_it && fs::read(&path)? == bytes {
                    return Ok(name);
                }
            }
            Err(error) => return Err(error),
        }
    }
}
