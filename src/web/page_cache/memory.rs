//! A worker's pages, forgotten with the second and with every change.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use actix_web::HttpResponse;
use actix_web::body::{BoxBody, MessageBody as _};
use actix_web::dev::ServiceResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, DATE, ETAG, HeaderMap, HeaderName, HeaderValue, HttpDate,
    TryIntoHeaderValue as _,
};
use actix_web::web::{Bytes, Data};

use super::key::Key;
use crate::db::{Database, Others};
use crate::web::{Ambient, page};

/// How long the database is not asked again whether others have written.
const TRUST: Duration = Duration::from_millis(1);

/// The most that is kept.
const MOST_BYTES: usize = 4 << 20;

/// As long as it is the same, no page has changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// Since 1970.
    second: u64,
    changes: u64,
    others: Others,
}

pub struct Memory {
    db: Data<Database>,
    /// What others have written, and when that was asked.
    others: Cell<Option<(Instant, Others)>>,
    pages: RefCell<Pages>,
}

#[derive(Default)]
struct Pages {
    of: Option<Moment>,
    /// By target.
    stored: HashMap<String, Vec<Stored>>,
    bytes: usize,
}

struct Stored {
    key: Key<'static>,
    tag: String,
    headers: Vec<(HeaderName, HeaderValue)>,
    body: Bytes,
}

impl Memory {
    pub fn new(db: Data<Database>) -> Self {
        Self { db, others: Cell::new(None), pages: RefCell::default() }
    }

    /// This moment; none while it cannot be told whether anything changed.
    pub fn moment(&self, now: Instant) -> Option<Moment> {
        // The process's own changes are looked at every time, since whoever made one looks for it.
        let changes = self.db.changes();
        let others = match self.others.get() {
            Some((asked, others)) if now.duration_since(asked) < TRUST => others,
            _ => {
                self.others.set(None);
                let others = self.db.others()?;
                self.others.set(Some((now, others)));
                others
            }
        };
        let second = SystemTime::now().duration_since(UNIX_EPOCH).ok()?.as_secs();
        let moment = Moment { second, changes, others };
        let mut pages = self.pages.borrow_mut();
        if pages.of != Some(moment) {
            *pages = Pages { of: Some(moment), ..Pages::default() };
        }
        Some(moment)
    }

    /// The page, if there is one of this moment.
    pub fn answer(&self, key: &Key<'_>, headers: &HeaderMap) -> Option<HttpResponse> {
        let pages = self.pages.borrow();
        let stored = pages.stored.get(&*key.target)?.iter().find(|stored| stored.key == *key)?;
        Some(stored.answer(headers))
    }

    /// Keeps an answer to a request of that moment, if it is a page for everybody.
    pub fn keep(
        &self,
        key: Key<'static>,
        moment: Moment,
        answer: ServiceResponse<BoxBody>,
    ) -> ServiceResponse<BoxBody> {
        let is_shared = answer.headers().get(CACHE_CONTROL) == Some(&page::SHARED);
        // The page's own word on what it was made for.
        let is_for_key = Ambient::of(answer.request())
            .is_some_and(|made| made.language == key.language && made.client.secure == key.secure);
        if answer.status() != StatusCode::OK || !is_shared || !is_for_key {
            return answer;
        }
        let (request, response) = answer.into_parts();
        let (mut response, body) = response.into_parts();
        let date = UNIX_EPOCH + Duration::from_secs(moment.second);
        if let Ok(date) = HttpDate::from(date).try_into_value() {
            response.headers_mut().insert(DATE, date);
        }
        let response = match body.try_into_bytes() {
            Ok(body) => {
                self.store(Stored::new(key, response.headers(), body.clone()), moment);
                response.set_body(BoxBody::new(body))
            }
            Err(body) => response.set_body(body),
        };
        ServiceResponse::new(request, response)
    }

    fn store(&self, page: Stored, moment: Moment) {
        let mut pages = self.pages.borrow_mut();
        let size = page.size();
        if pages.of != Some(moment) || pages.bytes + size > MOST_BYTES {
            return;
        }
        pages.bytes += size;
        pages.stored.entry(page.key.target.clone().into_owned()).or_default().push(page);
    }
}

impl Stored {
    fn new(key: Key<'static>, headers: &HeaderMap, body: Bytes) -> Self {
        let tag = headers.get(ETAG).and_then(|tag| tag.to_str().ok()).unwrap_or_default().to_owned();
        let headers = headers.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
        Self { key, tag, headers, body }
    }

    fn answer(&self, asked: &HeaderMap) -> HttpResponse {
        let is_known = page::is_known(asked, &self.tag);
        let mut response = if is_known {
            HttpResponse::new(StatusCode::NOT_MODIFIED)
        } else {
            HttpResponse::with_body(StatusCode::OK, BoxBody::new(self.body.clone()))
        };
        let headers = response.headers_mut();
        for (name, value) in &self.headers {
            if !(is_known && (name == CONTENT_TYPE || name == CONTENT_ENCODING)) {
                headers.append(name.clone(), value.clone());
            }
        }
        response
    }

    /// In memory, about.
    fn size(&self) -> usize {
        const HEADERS: usize = 1024;
        self.body.len() + self.key.target.len() * 2 + HEADERS
    }
}
