//! The same for processes that answer one request each: what one of them makes, those after it find in a file.

use std::collections::hash_map::DefaultHasher;
use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::hash::{Hash as _, Hasher as _};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use actix_http::{HttpMessage as _, Request};
use actix_web::HttpResponse;
use actix_web::body::BoxBody;
use actix_web::dev::ServiceResponse;
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::web::Bytes;

use super::key::Key;
use super::stored::Stored;
use crate::db;
use crate::settings::{DatabaseUrl, Settings, Sources};
use crate::web::client::{Client, Peer};
use crate::web::{Site, edge};

/// How many files there are at most. Two pages may fall to the same one; the later stays.
const FILES: u64 = 256;

/// How long a process waits for another that makes the page it wants: some times as long as that takes.
const PATIENCE: Duration = Duration::from_millis(50);
const PAUSE: Duration = Duration::from_millis(1);

/// The pages of a site, in a directory beside its SQLite file.
pub struct PageFiles {
    directory: PathBuf,
    url: DatabaseUrl,
    /// Of the settings.
    fingerprint: u64,
}

/// What a request finds.
pub enum Found {
    Page(HttpResponse),
    /// Nothing; what is made now is for others to find.
    Gap(Gap),
}

/// The place of a page that is not there.
#[derive(Clone)]
pub struct Gap {
    label: Label,
    /// Locked for as long as the page is being made.
    file: Rc<File>,
}

/// What a page is, and what it was made of.
#[derive(Clone)]
struct Label {
    key: Key<'static>,
    /// Since 1970.
    second: u64,
    text: String,
}

impl PageFiles {
    /// None where the settings want no page kept, or the database is not a file.
    pub fn new(settings: &Settings, sources: &Sources) -> Option<Self> {
        let DatabaseUrl::Sqlite(file) = &settings.database.url else { return None };
        let mut directory = OsString::from(file);
        directory.push("-pages");
        settings.server.page_cache.then(|| Self {
            directory: directory.into(),
            url: settings.database.url.clone(),
            fingerprint: sources.fingerprint(),
        })
    }

    /// The page that a request is for, or where to keep it; to be asked before the database is opened. None for a
    /// request that is about more than a page for everybody, or while it cannot be told what was written, and after
    /// waiting in vain for another process that makes the page.
    pub fn find(&self, request: &Request, site: &Site) -> Option<Found> {
        let begun = Instant::now();
        let peer = request.extensions().get::<Peer>().cloned()?;
        let client = Client::behind(peer, request.headers(), &site.security);
        let key = Key::of(request.head(), client.secure, site)?.to_owned();
        let path = self.directory.join(format!("{:02x}", hash(&key) % FILES));
        while begun.elapsed() < PATIENCE {
            let label = self.label(key.clone())?;
            if let Some(page) = fs::read(&path).ok().and_then(|file| parse(&label.text, file)) {
                let answer = page.answer(request.headers());
                edge::log_from_memory(request.head(), || client, answer.status(), begun);
                return Some(Found::Page(answer));
            }
            let file = self.open(&path).ok()?;
            if file.try_lock().is_ok() {
                return Some(Found::Gap(Gap { label, file: Rc::new(file) }));
            }
            thread::sleep(PAUSE);
        }
        None
    }

    /// None where it cannot be told what was written to the database.
    fn label(&self, key: Key<'static>) -> Option<Label> {
        let second = SystemTime::now().duration_since(UNIX_EPOCH).ok()?.as_secs();
        let trace = db::trace(&self.url)?;
        let text = format!("{} {:x} {second} {trace:?} {key:?}", env!("CARGO_PKG_VERSION"), self.fingerprint);
        Some(Label { key, second, text })
    }

    fn open(&self, path: &Path) -> io::Result<File> {
        let open = || OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(path);
        match open() {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                fs::DirBuilder::new().mode(0o700).recursive(true).create(&self.directory)?;
                open()
            }
            opened => opened,
        }
    }
}

impl Gap {
    /// Keeps the answer to the request, if it is a page for everybody.
    pub fn fill(&self, answer: ServiceResponse<BoxBody>) -> ServiceResponse<BoxBody> {
        let (answer, page) = Stored::of(&self.label.key, self.label.second, answer);
        if let Some(page) = page
            && let Err(error) = self.write(&page)
        {
            tracing::debug!(target: "polls.server", %error, "A page could not be kept.");
        }
        answer
    }

    fn write(&self, page: &Stored) -> io::Result<()> {
        let text = written(&self.label.text, page)?;
        self.file.set_len(0)?;
        (&*self.file).write_all(&text)
    }
}

/// A line with the label; one with the body's length, since a file may be read before all of it is written, and with
/// the header fields; the body.
fn written(label: &str, page: &Stored) -> io::Result<Vec<u8>> {
    let fields = page.headers.iter().map(|(name, value)| value.to_str().map(|value| (name.as_str(), value)));
    let fields = fields.collect::<Result<Vec<_>, _>>().map_err(io::Error::other)?;
    let head = serde_json::to_string(&(page.body.len(), fields))?;
    Ok([label.as_bytes(), b"\n", head.as_bytes(), b"\n", &page.body].concat())
}

/// The page, if it has that label.
fn parse(label: &str, file: Vec<u8>) -> Option<Stored> {
    let page = file.strip_prefix(label.as_bytes())?.strip_prefix(b"\n")?;
    let end = page.iter().position(|byte| *byte == b'\n')?;
    let (length, fields): (usize, Vec<(String, String)>) = serde_json::from_slice(&page[..end]).ok()?;
    if page.len() != end + 1 + length {
        return None;
    }
    let body = file.len() - length;
    let field =
        |(name, value): (String, String)| Some((HeaderName::try_from(name).ok()?, HeaderValue::try_from(value).ok()?));
    let headers = fields.into_iter().map(field).collect::<Option<_>>()?;
    Some(Stored { headers, body: Bytes::from(file).slice(body..) })
}

fn hash(key: &Key<'_>) -> u64 {
    let mut hasher = DefaultHasher::new();
    key.hash(&mut hasher);
    hasher.finish()
}
