//! The last version of each page of a worker, shown while the database server cannot be reached.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use crate::web::edge::page_cache::key::Key;
use crate::web::edge::page_cache::stored::{MEMORY_LIMIT, StoredPage};

/// The oldest page that is shown while the database server cannot be reached.
const OLDEST: Duration = Duration::from_secs(60);

/// How often older pages are deleted.
const SWEEP: Duration = Duration::from_secs(1);

/// Pages by key, each with the time at which it stopped being current.
#[derive(Default)]
pub struct Past {
    pages: HashMap<Key<'static>, (Instant, StoredPage)>,
    bytes: usize,
    swept: Option<Instant>,
}

impl Past {
    /// Adds pages that stopped being current at `now`.
    pub fn add(&mut self, pages: impl Iterator<Item = (Key<'static>, StoredPage)>, now: Instant) {
        for (key, page) in pages {
            self.bytes += page.size();
            if let Some((_, old)) = self.pages.insert(key, (now, page)) {
                self.bytes -= old.size();
            }
        }
        if self.swept.is_none_or(|swept| now.duration_since(swept) > SWEEP) || self.bytes > MEMORY_LIMIT {
            self.swept = Some(now);
            self.sweep(now);
        }
    }

    fn sweep(&mut self, now: Instant) {
        self.pages.retain(|_, (until, _)| now.duration_since(*until) < OLDEST);
        self.bytes = self.pages.values().map(|(_, page)| page.size()).sum();
        if self.bytes > MEMORY_LIMIT {
            *self = Self::default();
        }
    }

    pub fn page<'a>(&'a self, key: &Key<'a>, now: Instant) -> Option<&'a StoredPage> {
        let (until, page) = self.pages.get(key)?;
        (now.duration_since(*until) < OLDEST).then_some(page)
    }
}
