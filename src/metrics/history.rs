//! How often something happened lately in this process: counts for parts of some minutes, for the status page.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use crate::clock;

/// The length of a part, in seconds.
pub const PART: u64 = 600;
/// How many parts are kept: six hours.
pub const PARTS: usize = 36;

/// A ring of counts, each with the number of its part since 1970. To count neither locks nor allocates.
pub struct RecentCounts {
    parts: [AtomicU64; PARTS],
    counts: [AtomicU64; PARTS],
}

/// Votes that were counted, errors of the database, and requests where these are counted.
pub static VOTES: RecentCounts = RecentCounts::new();
pub static DATABASE_ERRORS: RecentCounts = RecentCounts::new();
pub static REQUESTS: RecentCounts = RecentCounts::new();

impl RecentCounts {
    const fn new() -> Self {
        Self { parts: [const { AtomicU64::new(0) }; PARTS], counts: [const { AtomicU64::new(0) }; PARTS] }
    }

    pub fn count(&self) {
        self.count_at(now());
    }

    /// Where two threads begin a part at the same time, one of their counts may be lost.
    fn count_at(&self, seconds: u64) {
        let part = seconds / PART;
        let at = place(part);
        if self.parts[at].swap(part, Relaxed) == part {
            self.counts[at].fetch_add(1, Relaxed);
        } else {
            self.counts[at].store(1, Relaxed);
        }
    }

    /// The seconds since 1970 at which each part began, the oldest first, and its count.
    pub fn parts(&self) -> Vec<(u64, u64)> {
        self.parts_at(now())
    }

    fn parts_at(&self, seconds: u64) -> Vec<(u64, u64)> {
        let last = seconds / PART;
        let first = last.saturating_sub(PARTS as u64 - 1);
        let count = |part: u64| {
            let at = place(part);
            if self.parts[at].load(Relaxed) == part { self.counts[at].load(Relaxed) } else { 0 }
        };
        (first..=last).map(|part| (part * PART, count(part))).collect()
    }
}

fn place(part: u64) -> usize {
    usize::try_from(part % PARTS as u64).unwrap_or(0)
}

fn now() -> u64 {
    u64::try_from(clock::now().and_utc().timestamp()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_stay_for_six_hours() {
        let (history, begin) = (RecentCounts::new(), 1_000_000 * PART);
        for seconds in [begin, begin + 1, begin + PART - 1, begin + PART] {
            history.count_at(seconds);
        }
        let counts =
            |seconds| history.parts_at(seconds).into_iter().filter(|(_, count)| *count > 0).collect::<Vec<_>>();
        assert_eq!(counts(begin + PART), [(begin, 3), (begin + PART, 1)]);
        assert_eq!(history.parts_at(begin).len(), PARTS);
        let later = begin + PART * PARTS as u64;
        assert_eq!(counts(later), [(begin + PART, 1)]);
        history.count_at(later);
        assert_eq!(counts(later), [(begin + PART, 1), (later, 1)]);
        assert_eq!(counts(later + PART * PARTS as u64), []);
    }
}
