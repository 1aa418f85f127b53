//! The page cache of one worker. A page is valid within one second of the clock and until something changes. Old pages
//! are kept for up to a minute and shown while the database server cannot be reached.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use actix_web::HttpResponse;
use actix_web::body::BoxBody;
use actix_web::dev::ServiceResponse;
use actix_web::http::header::HeaderMap;
use actix_web::web::Data;

use crate::db::{Database, ForeignWrites};
use crate::logging::Repeated;
use crate::metrics::{PAGE_MEMORY_BYTES, RouteNumber};
use crate::web::edge::page_cache::key::Key;
use crate::web::edge::page_cache::past::Past;
use crate::web::edge::page_cache::stored::{MEMORY_LIMIT, StoredPage};

/// For so long the answer of the database whether other processes have written is used again.
const TRUST: Duration = Duration::from_millis(1);

static SHOWN_FROM_MEMORY: Repeated = Repeated::new(|path, times| {
    tracing::warn!(target: "polls.db", path, times, "The database is away; readers are shown pages of up to a minute ago.");
});

/// Identifies a state of the site: as long as it is equal, no page has changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// Seconds since 1970.
    second: u64,
    changes: u64,
    others: ForeignWrites,
}

pub struct Memory {
    db: Data<Database>,
    /// The writes of other processes, and when the database was asked for them.
    others: Cell<Option<(Instant, ForeignWrites)>>,
    pages: RefCell<Pages>,
    past: RefCell<Past>,
}

#[derive(Default)]
struct Pages {
    of: Option<Moment>,
    /// By request target.
    stored: HashMap<String, Vec<(Key<'static>, StoredPage)>>,
    bytes: usize,
}

impl Memory {
    pub fn new(db: Data<Database>) -> Self {
        Self { db, others: Cell::new(None), pages: RefCell::default(), past: RefCell::default() }
    }

    /// The current state; None while it is unknown whether anything changed. Pages of an earlier state are removed.
    pub fn moment(&self, now: Instant) -> Option<Moment> {
        // This process's own changes are checked on every request, because whoever made one expects to see it at once.
        let changes = self.db.changes();
        let others = match self.others.get() {
            Some((asked, others)) if now.duration_since(asked) < TRUST => others,
            _ => {
                self.others.set(None);
                let others = self.db.foreign_writes()?;
                self.others.set(Some((now, others)));
                others
            }
        };
        let second = SystemTime::now().duration_since(UNIX_EPOCH).ok()?.as_secs();
        let moment = Moment { second, changes, others };
        let mut pages = self.pages.borrow_mut();
        if pages.of != Some(moment) {
            let old = std::mem::replace(&mut *pages, Pages { of: Some(moment), ..Pages::default() });
            PAGE_MEMORY_BYTES.fetch_sub(i64::try_from(old.bytes).unwrap_or(0), Relaxed);
            // Only a database server can become unreachable; SQLite is a file.
            if !self.db.is_sqlite() {
                self.past.borrow_mut().add(old.stored.into_values().flatten(), now);
            }
        }
        Some(moment)
    }

    /// The last version of the page, if the database server cannot be reached and the page is not too old. It is
    /// logged.
    pub fn past_answer(&self, key: &Key<'_>, headers: &HeaderMap, now: Instant) -> Option<HttpResponse> {
        if !self.db.is_away() {
            return None;
        }
        let past = self.past.borrow();
        let page = past.page(key, now)?;
        SHOWN_FROM_MEMORY.log(key.target.split('?').next().unwrap_or_default().to_owned());
        Some(page.answer(headers))
    }

    /// The answer from a page of the current state, if there is one.
    pub fn answer(&self, key: &Key<'_>, headers: &HeaderMap) -> Option<(HttpResponse, RouteNumber)> {
        let pages = self.pages.borrow();
        let (_, page) = pages.stored.get(&*key.target)?.iter().find(|(other, _)| other == key)?;
        Some((page.answer(headers), page.route))
    }

    /// Stores the answer to a request that came at `moment`, if it is a page for everybody.
    pub fn keep(
        &self,
        key: Key<'static>,
        moment: Moment,
        answer: ServiceResponse<BoxBody>,
    ) -> ServiceResponse<BoxBody> {
        let (answer, page) = StoredPage::of(&key, moment.second, answer);
        if let Some(page) = page {
            self.store(key, page, moment);
        }
        answer
    }

    fn store(&self, key: Key<'static>, page: StoredPage, moment: Moment) {
        let mut pages = self.pages.borrow_mut();
        let size = page.size() + key.target.len() * 2;
        if pages.of != Some(moment) || pages.bytes + size > MEMORY_LIMIT {
            return;
        }
        pages.bytes += size;
        PAGE_MEMORY_BYTES.fetch_add(i64::try_from(size).unwrap_or(0), Relaxed);
        pages.stored.entry(key.target.clone().into_owned()).or_default().push((key, page));
    }
}
