//! `polls bookmark`: bookmarks on the command line.

mod checks;
mod files;
mod listing;
mod pages;
mod writing;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Subcommand;
use files::FormatArgument;

use super::{Context, Failure, connect};
use crate::bookmark::exchange::ImportRules;
use crate::bookmark::models::TaggedBookmark;
use crate::bookmark::queries;
use crate::db::{Create, migrate};
use crate::outbound::Fetcher;

/// The exit code of a command that left out a part of what it was to read.
const NOT_ALL_READ: u8 = 3;
#[derive(Debug, Subcommand)]
pub enum BookmarkCommand {
    /// Add a bookmark
    Add {
        /// The address; https:// is put before one without a scheme
        url: String,
        #[command(flatten)]
        fields: BookmarkFieldArguments,
        /// Do not ask the page for a title and a description that are not given
        #[arg(long)]
        no_fetch: bool,
        /// Add it although another bookmark has the address in another spelling
        #[arg(long)]
        force: bool,
    },
    /// List bookmarks, newest first: number, address, title, tags
    List {
        /// Only those that are put away, which are not listed otherwise
        #[arg(long)]
        archived: bool,
        /// Words, "phrases", #tag, -word, or, parentheses
        search: Vec<String>,
    },
    /// Show everything about a bookmark
    Show { id: i64 },
    /// Change a bookmark; what is not given stays as it is
    Edit {
        id: i64,
        /// The new address
        #[arg(long)]
        url: Option<String>,
        #[command(flatten)]
        fields: BookmarkFieldArguments,
    },
    /// Take the title and the description of a bookmark from its page, where it has none
    ///
    /// Exit codes: 0 all was fetched; 1 the page was not; 3 some of its pictures were not, as standard error says.
    Fetch {
        id: i64,
        /// Replace the title that it has
        #[arg(long)]
        title: bool,
        /// Also download the pictures of the page to this folder
        #[arg(long, value_name = "DIR")]
        images: Option<PathBuf>,
        #[command(flatten)]
        author: AuthorArgument,
    },
    /// List the pictures of a page: address, width and height, bytes, kind
    Images {
        /// The address of a page, or the number of a bookmark
        #[arg(value_name = "URL|ID")]
        page: String,
    },
    /// Check whether the pages of bookmarks are still there: number, state, status, address, new address
    ///
    /// States: ok, moved, gone, refused, unsafe (its certificate), unreachable, faulty, not-allowed (its address is not
    /// public), robots (its robots.txt forbids it). One host is asked one question at a time, with a pause. What a site
    /// has no time for is left to `polls outbound`. Exit codes: 0 all are there; 3 some are not, or were not checked.
    Check {
        /// Their numbers [default: all]
        ids: Vec<i64>,
        /// Only those that were not checked for so many days
        #[arg(long, value_name = "DAYS", conflicts_with = "ids")]
        older_than: Option<u32>,
    },
    /// Delete bookmarks
    Delete {
        #[arg(required = true)]
        ids: Vec<i64>,
        #[command(flatten)]
        author: AuthorArgument,
    },
    /// Read bookmarks from a file that a browser or bookmark service has exported: Netscape HTML, CSV or JSON
    ///
    /// Folders become tags. A bookmark whose address is there already, in whatever spelling, is merged: its tags are
    /// united and its empty fields filled. What cannot be read is named by its line on standard error. Exit codes: 0
    /// all was read; 3 a part of the file was left out.
    Import {
        /// The file; - for standard input
        file: PathBuf,
        /// Its format [default: told by how it begins]
        #[arg(long, value_enum)]
        format: Option<FormatArgument>,
        /// Write nothing: only say what would be done
        #[arg(long)]
        dry_run: bool,
        /// Make all new bookmarks private
        #[arg(long)]
        private: bool,
    },
    /// Write all bookmarks, private ones too, to a file or standard output
    Export {
        file: Option<PathBuf>,
        #[arg(long, value_enum, default_value_t = FormatArgument::Netscape)]
        format: FormatArgument,
    },
}

#[derive(Debug, clap::Args)]
pub struct BookmarkFieldArguments {
    #[arg(long)]
    title: Option<String>,
    #[arg(long)]
    description: Option<String>,
    /// All tags, separated by commas or spaces
    #[arg(long)]
    tags: Option<String>,
    /// Its folder in an exported file; folders within each other are separated by /
    #[arg(long)]
    folder: Option<String>,
    /// Show it only to users who may view bookmarks
    #[arg(long, conflicts_with = "public")]
    private: bool,
    #[arg(long)]
    public: bool,
    /// Mark it to be read later
    #[arg(long, conflicts_with = "read")]
    unread: bool,
    #[arg(long)]
    read: bool,
    /// Remarks for users who may view bookmarks
    #[arg(long)]
    notes: Option<String>,
    /// Put it away: it stays, and is in no public list
    #[arg(long, conflicts_with = "unarchived")]
    archived: bool,
    #[arg(long)]
    unarchived: bool,
    #[command(flatten)]
    author: AuthorArgument,
}

#[derive(Debug, clap::Args)]
pub struct AuthorArgument {
    /// Note the change in the history of the admin as this user's
    #[arg(long, value_name = "USERNAME")]
    user: Option<String>,
}

pub fn run(context: &Context, command: BookmarkCommand) -> Result<ExitCode, Failure> {
    let settings = context.logged_settings()?;
    let url = settings.database.url.clone();
    let fetcher = || Fetcher::new(&settings.outbound);
    if let BookmarkCommand::Images { page } = &command
        && page.parse::<i64>().is_err()
    {
        return pages::images(&fetcher(), &https(page));
    }
    let mut conn = connect(&url, Create::Never)?;
    if !migrate::missing(&mut conn)?.is_empty() {
        return Err(format!("{url} lacks migrations; run `polls migrate` first").into());
    }
    let conn = &mut conn;
    match command {
        BookmarkCommand::Add { url, mut fields, no_fetch, force } => {
            if !force && let Some(known) = queries::same_address(conn, &https(&url), true)? {
                let TaggedBookmark { bookmark, .. } = known;
                return Err(format!(
                    "bookmark {} has this address: {} ({})",
                    bookmark.id,
                    bookmark.url,
                    bookmark.label()
                )
                .into());
            }
            if !no_fetch && fields.title.is_none() {
                let head = pages::head(&fetcher(), &https(&url));
                fields.title = head.title;
                fields.description = fields.description.or(head.description);
            }
            writing::save(conn, None, &fields.given(Some(url)), &fields.author, no_fetch)
        }
        BookmarkCommand::Edit { id, url, fields } => {
            writing::save(conn, Some(id), &fields.given(url), &fields.author, false)
        }
        BookmarkCommand::Fetch { id, title, images, author } => {
            let bookmark = queries::find(conn, id).map_err(|error| absent(id, error))?;
            let given = pages::missing(&fetcher(), &bookmark, title)?;
            if given.is_empty() {
                println!("Bookmark {id} stays as it is.");
            } else {
                writing::save(conn, Some(id), &given, &author, false)?;
            }
            match images {
                Some(folder) => pages::download(&fetcher(), &bookmark.url, &folder),
                None => Ok(ExitCode::SUCCESS),
            }
        }
        BookmarkCommand::Images { page } => {
            let id = page.parse().unwrap_or_default();
            let bookmark = queries::find(conn, id).map_err(|error| absent(id, error))?;
            pages::images(&fetcher(), &bookmark.url)
        }
        BookmarkCommand::List { archived, search } => listing::list(conn, archived, &search.join(" ")),
        BookmarkCommand::Show { id } => {
            listing::show(&queries::detail(conn, id, true).map_err(|error| absent(id, error))?);
            Ok(ExitCode::SUCCESS)
        }
        BookmarkCommand::Check { ids, older_than } => checks::run(conn, &settings, &ids, older_than),
        BookmarkCommand::Delete { ids, author } => writing::delete(conn, &ids, &author),
        BookmarkCommand::Import { file, format, dry_run, private } => {
            files::import_file(conn, &file, format, ImportRules { dry_run, all_private: private })
        }
        BookmarkCommand::Export { file, format } => files::export_file(conn, file.as_deref(), format),
    }
}

impl BookmarkFieldArguments {
    /// The fields of the admin that are given, with their texts.
    fn given(&self, url: Option<String>) -> Vec<(&'static str, String)> {
        let flag = |yes: bool, no: bool| if yes { Some("on".to_owned()) } else { no.then(String::new) };
        let given = [
            ("url", url),
            ("title", self.title.clone()),
            ("description", self.description.clone()),
            ("tags", self.tags.clone()),
            ("is_private", flag(self.private, self.public)),
            ("unread", flag(self.unread, self.read)),
            ("notes", self.notes.clone()),
            ("folder", self.folder.clone()),
            ("is_archived", flag(self.archived, self.unarchived)),
        ];
        given.into_iter().filter_map(|(name, text)| Some((name, text?))).collect()
    }
}

/// The address with a scheme, for the comparison with others.
fn https(url: &str) -> String {
    if url.contains("://") { url.to_owned() } else { format!("https://{url}") }
}

fn absent(id: i64, error: diesel::result::Error) -> Failure {
    match error {
        diesel::result::Error::NotFound => format!("there is no bookmark {id}").into(),
        error => error.into(),
    }
}
