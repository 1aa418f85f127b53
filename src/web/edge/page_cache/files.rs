//! The page cache of processes that answer one request each (CGI): a page that one process makes is stored in a file,
//! and later processes read it.

use std::collections::hash_map::DefaultHasher;
use std::ffi::OsString;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::hash::{Hash as _, Hasher as _};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use actix_http::{HttpMessage as _, Request};
use actix_web::HttpResponse;
use actix_web::body::BoxBody;
use actix_web::dev::ServiceResponse;
use actix_web::http::Method;
use actix_web::http::header::IF_NONE_MATCH;
use nix::unistd::geteuid;

use crate::db;
use crate::settings::{DatabaseUrl, Settings};
use crate::web::context::client::{Client, Peer};
use crate::web::context::facts::RequestFacts;
use crate::web::edge::health;
use crate::web::edge::page_cache::file_format::{PageFile, parse, written};
use crate::web::edge::page_cache::key::Key;
use crate::web::edge::page_cache::stored::StoredPage;
use crate::web::{Site, edge};

/// The most files in the directory. Two pages may have the same file; then the one stored last is kept.
const FILE_COUNT: u64 = 256;

/// The largest page, in bytes, that is stored.
const FILE_LIMIT: usize = 256 << 10;

/// How long a process waits for another process that is making the same page: several times as long as that takes.
const LONGEST_WAIT: Duration = Duration::from_millis(50);
const PAUSE: Duration = Duration::from_millis(1);

/// The cached pages of a site, in a directory beside its SQLite file.
pub struct PageFiles {
    directory: PathBuf,
    url: DatabaseUrl,
    /// A hash of the settings, so that a change of them makes every stored page invalid.
    fingerprint: u64,
}

/// The result of looking for a request's page.
pub enum FoundPage {
    Page(HttpResponse),
    /// No valid page: the caller makes it and stores it for later requests.
    MissingPage(MissingPage),
}

/// The locked file of a page that has to be made. Other processes wait until it is filled.
pub struct MissingPage {
    key: Key<'static>,
    label: Label,
    file: File,
}

/// Identifies a page and the state of the program and database from which it was made.
struct Label {
    /// Seconds since 1970.
    second: u64,
    /// The first line of the page's file; read by no other program.
    text: String,
}

impl PageFiles {
    /// None if the page cache is switched off, if the database is not SQLite, and if the program runs as root and the
    /// database belongs to another user: the web server could not write to files of root later.
    pub fn new(settings: &Settings, fingerprint: u64) -> Option<Self> {
        let DatabaseUrl::Sqlite(file) = &settings.database.url else { return None };
        if !settings.server.page_cache || (geteuid().is_root() && fs::metadata(file).ok()?.uid() != 0) {
            return None;
        }
        let mut directory = OsString::from(file);
        directory.push("-pages");
        Some(Self { directory: directory.into(), url: settings.database.url.clone(), fingerprint })
    }

    /// Finds the page for a request, or the file to store it in. It is called before the database is opened. None if
    /// the request is not for a page that is the same for everybody, if it is unknown what was written to the database,
    /// or if another process did not finish the page within `LONGEST_WAIT`.
    pub fn find(&self, request: &Request, site: &Site) -> Option<FoundPage> {
        let begun = Instant::now();
        let (peer, headers) = (request.extensions().get::<Peer>().cloned()?, request.headers());
        let facts = RequestFacts::of(headers, peer.is_secure(headers, &site.security), site);
        request.extensions_mut().insert(facts);
        let key = Key::of(request.head(), facts)?;
        let is_elsewhere =
            request.path().starts_with(&site.settings.static_url) || health::is_probe(request.path(), site);
        if is_elsewhere || !self.is_ours() {
            return None;
        }
        // A stored page may also answer HEAD and conditional requests, but only a plain GET makes a page to store.
        let makes_page = *request.method() == Method::GET && !headers.contains_key(IF_NONE_MATCH);
        let path = self.directory.join(format!("{:02x}", hash(&key) % FILE_COUNT));
        while begun.elapsed() < LONGEST_WAIT {
            let label = self.label(&key);
            match label.as_ref().and_then(|label| parse(&label.text, fs::read(&path).ok()?)) {
                Some(PageFile::Page(page)) => {
                    let answer = page.answer(headers);
                    let client = || Client::behind(peer, headers, &site.security);
                    edge::log_from_memory(request.head(), client, answer.status(), begun);
                    return Some(FoundPage::Page(answer));
                }
                Some(PageFile::Nothing) => return None,
                None if !makes_page => return None,
                None => {}
            }
            let file = self.open(&path).inspect_err(could_not_keep).ok()?;
            if file.try_lock().is_ok() {
                return Some(FoundPage::MissingPage(MissingPage { key: key.into_owned(), label: label?, file }));
            }
            thread::sleep(PAUSE);
        }
        None
    }

    /// Whether only this user can write to the directory, so that its pages can be trusted.
    fn is_ours(&self) -> bool {
        let Ok(directory) = fs::symlink_metadata(&self.directory) else { return true };
        directory.is_dir() && directory.uid() == geteuid().as_raw() && directory.mode() & 0o022 == 0
    }

    /// The label of a page made now; None if the state of the database's files cannot be read.
    fn label(&self, key: &Key<'_>) -> Option<Label> {
        let second = SystemTime::now().duration_since(UNIX_EPOCH).ok()?.as_secs();
        let files = db::sqlite_files(&self.url)?;
        let text = format!("{} {:x} {second} {files:?} {key:?}", env!("CARGO_PKG_VERSION"), self.fingerprint);
        Some(Label { second, text })
    }

    fn open(&self, path: &Path) -> io::Result<File> {
        let open = || OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(path);
        match open() {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                DirBuilder::new().mode(0o700).recursive(true).create(&self.directory)?;
                open()
            }
            opened => opened,
        }
    }
}

impl MissingPage {
    /// Stores the answer to the request if it is a page for everybody, and otherwise stores that there is none.
    pub fn fill(self, answer: ServiceResponse<BoxBody>) -> ServiceResponse<BoxBody> {
        let (answer, page) = StoredPage::of(&self.key, self.label.second, answer);
        if let Err(error) = self.write(page.as_ref().filter(|page| page.body.len() < FILE_LIMIT)) {
            could_not_keep(&error);
        }
        answer
    }

    fn write(mut self, page: Option<&StoredPage>) -> io::Result<()> {
        let text = written(&self.label.text, page)?;
        self.file.set_len(0)?;
        self.file.write_all(&text)
    }
}

fn could_not_keep(error: &io::Error) {
    tracing::debug!(target: "polls.server", %error, "A page could not be kept.");
}

fn hash(key: &Key<'_>) -> u64 {
    let mut hasher = DefaultHasher::new();
    key.hash(&mut hasher);
    hasher.finish()
}
