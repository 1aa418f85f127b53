//! The pages of a worker as they were last.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use crate::web::edge::page_cache::key::Key;
use crate::web::edge::page_cache::memory::MOST_BYTES;
use crate::web::edge::page_cache::stored::StoredPage;

/// How old a page may be that is shown while the database is away.
const OLDEST: Duration = Duration::from_secs(60);

/// How often those that are older are looked for.
const SWEEP: Duration = Duration::from_secs(1);

/// By key, with the time until which each was the page of the moment.
#[derive(Default)]
pub struct Past {
    pages: HashMap<Key<'static>, (Instant, StoredPage)>,
    bytes: usize,
    swept: Option<Instant>,
}

impl Past {
    /// Takes in pages that are over now.
    pub fn add(&mut self, pages: impl Iterator<Item = (Key<'static>, StoredPage)>, now: Instant) {
        for (key, page) in pages {
            self.bytes += page.size();
            if let Some((_, old)) = self.pages.insert(key, (now, page)) {
                self.bytes -= old.size();
            }
        }
        if self.swept.is_none_or(|swept| now.duration_since(swept) > SWEEP) || self.bytes > MOST_BYTES {
            self.swept = Some(now);
            self.sweep(now);
        }
    }

    fn sweep(&mut self, now: Instant) {
        self.pages.retain(|_, (until, _)| now.duration_since(*until) < OLDEST);
        self.bytes = self.pages.values().map(|(_, page)| page.size()).sum();
        if self.bytes > MOST_BYTES {
            *self = Self::default();
        }
    }

    pub fn page<'a>(&'a self, key: &Key<'a>, now: Instant) -> Option<&'a StoredPage> {
        let (until, page) = self.pages.get(key)?;
        (now.duration_since(*until) < OLDEST).then_some(page)
    }
}
