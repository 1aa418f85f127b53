//! The memory that request bodies take in the whole process, however many clients send at once and however slowly.

use std::collections::BTreeMap;
use std::future::poll_fn;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use futures_util::task::AtomicWaker;

/// The most bytes that bodies hold together.
const MOST_BYTES: usize = 12 << 20;

/// What a connection takes on which a body is arriving, its buffers above all.
const CONNECTION: usize = 24 << 10;

/// The most that a connection's buffer for what was read and not looked at yet takes (actix-http).
const READ_BUFFER: usize = 128 << 10;

/// What is not counted of a body that is complete: votes and logins are never refused because of others' long forms.
const SMALL: usize = 4 << 10;

static BODIES: Mutex<Bodies> = Mutex::new(Bodies { bytes: 0, next: 0, arriving: BTreeMap::new() });

struct Bodies {
    /// Those of the shares that were not revoked.
    bytes: usize,
    next: u64,
    /// Bodies that are not complete yet, by the order in which they began.
    arriving: BTreeMap<u64, (usize, Arc<Revoked>)>,
}

#[derive(Debug, Default)]
struct Revoked {
    is: AtomicBool,
    waker: AtomicWaker,
}

/// A body's share of that memory, given back when it is dropped.
#[derive(Debug)]
pub struct BodyMemory {
    number: u64,
    /// What is counted.
    bytes: usize,
    /// The body itself.
    held: usize,
    revoked: Arc<Revoked>,
}

impl Default for BodyMemory {
    /// The share of a body that begins to arrive.
    fn default() -> Self {
        let mut bodies = lock();
        bodies.next += 1;
        let (number, revoked) = (bodies.next, Arc::<Revoked>::default());
        bodies.bytes += CONNECTION;
        bodies.arriving.insert(number, (CONNECTION, Arc::clone(&revoked)));
        bodies.make_room(number, 0);
        Self { number, bytes: CONNECTION, held: 0, revoked }
    }
}

impl BodyMemory {
    /// Has the body hold so many bytes. False where bodies that are complete leave no room; for one alone there
    /// always is, and for a small one.
    pub fn grow(&mut self, bytes: usize) -> bool {
        let counted = CONNECTION + bytes + (2 * bytes).min(READ_BUFFER);
        if counted <= self.bytes {
            return true;
        }
        let mut bodies = lock();
        // One that was revoked counts no more.
        let Some((known, _)) = bodies.arriving.get_mut(&self.number) else { return true };
        *known = counted;
        bodies.bytes += counted - self.bytes;
        (self.bytes, self.held) = (counted, bytes);
        bodies.make_room(self.number, counted) || bytes <= SMALL
    }

    /// The body is complete, and stays until its request is answered.
    pub fn complete(&mut self) {
        let mut bodies = lock();
        if bodies.arriving.remove(&self.number).is_some() {
            let counted = if self.held > SMALL { self.held } else { 0 };
            bodies.bytes -= self.bytes - counted;
            self.bytes = counted;
        }
    }

    /// Ready once the share is revoked: then the body must be given up.
    pub fn poll_revoked(&self, context: &mut Context<'_>) -> Poll<()> {
        self.revoked.waker.register(context.waker());
        if self.revoked.is.load(Ordering::Acquire) { Poll::Ready(()) } else { Poll::Pending }
    }

    pub async fn revoked(&self) {
        poll_fn(|context| self.poll_revoked(context)).await;
    }
}

impl Drop for BodyMemory {
    fn drop(&mut self) {
        let mut bodies = lock();
        bodies.arriving.remove(&self.number);
        // What was revoked was given back then.
        if !self.revoked.is.load(Ordering::Acquire) {
            bodies.bytes -= self.bytes;
        }
    }
}

impl Bodies {
    /// Revokes the shares of those that have been arriving for the longest time until there is room: a body from a
    /// client that is not slow is there within a moment. False where none is left and there still is none.
    fn make_room(&mut self, asking: u64, least: usize) -> bool {
        while self.bytes > MOST_BYTES.max(least) {
            let oldest = self.arriving.keys().copied().find(|number| *number != asking);
            let Some((bytes, revoked)) = oldest.and_then(|oldest| self.arriving.remove(&oldest)) else {
                return false;
            };
            self.bytes -= bytes;
            revoked.is.store(true, Ordering::Release);
            revoked.waker.wake();
        }
        true
    }
}

fn lock() -> MutexGuard<'static, Bodies> {
    BODIES.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;

    /// One test, as there is one memory.
    #[test]
    fn bodies_share_a_bounded_memory_and_the_slowest_give_way() {
        const FOURTH: usize = MOST_BYTES / 4 - CONNECTION - READ_BUFFER;
        let is_revoked = |share: &BodyMemory| share.revoked().now_or_never().is_some();
        let mut shares: Vec<_> = (0..4).map(|_| BodyMemory::default()).collect();
        assert!(shares.iter_mut().all(|share| share.grow(FOURTH)));
        assert!(!shares.iter().any(is_revoked));
        assert_eq!(lock().bytes, MOST_BYTES);

        let mut next = BodyMemory::default();
        assert!(next.grow(FOURTH));
        assert_eq!(shares.iter().map(is_revoked).collect::<Vec<_>>(), [true, false, false, false]);
        assert_eq!(lock().bytes, MOST_BYTES);
        drop(shares.remove(0));
        assert_eq!(lock().bytes, MOST_BYTES);

        // Those that are complete stay; then there is no room for more, but for small ones.
        let mut large = BodyMemory::default();
        assert!(large.grow(2 * MOST_BYTES) && shares.iter().all(is_revoked));
        large.complete();
        let mut refused = BodyMemory::default();
        assert!(!refused.grow(SMALL + 1));
        let mut small = BodyMemory::default();
        assert!(small.grow(SMALL) && is_revoked(&refused));
        drop((refused, small, next, shares, large));
        assert_eq!(lock().bytes, 0);

        // However many there are.
        let many: Vec<_> = (0..10_000).map(|_| BodyMemory::default()).collect();
        assert!(lock().bytes <= MOST_BYTES);
        assert!(is_revoked(&many[0]) && !is_revoked(&many[9_999]));
        drop(many);
        assert_eq!(lock().bytes, 0);
        assert!(lock().arriving.is_empty());
    }
}
