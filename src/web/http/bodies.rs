//! Limits the memory that request bodies take together in the whole process, however many clients send at once and
//! however slowly.

use std::collections::BTreeMap;
use std::future::poll_fn;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use futures_util::task::AtomicWaker;

/// The most bytes that all bodies hold together: 12 MiB.
const MOST_BYTES: usize = 12 << 20;

/// Bytes counted for a connection on which a body is arriving, mostly its buffers.
const CONNECTION: usize = 24 << 10;

/// The most bytes that actix-http's read buffer of a connection holds before they are parsed.
const READ_BUFFER: usize = 128 << 10;

/// Complete bodies of up to so many bytes are not counted, and never refused: long forms of others must not stop votes
/// and logins.
const SMALL: usize = 4 << 10;

static BODIES: Mutex<Bodies> = Mutex::new(Bodies { bytes: 0, next: 0, arriving: BTreeMap::new() });

struct Bodies {
    /// The sum of all shares that were not revoked.
    bytes: usize,
    next: u64,
    /// Incomplete bodies by number, so in the order in which they began, with the bytes counted for each.
    arriving: BTreeMap<u64, (usize, Arc<Revoked>)>,
}

#[derive(Debug, Default)]
struct Revoked {
    is: AtomicBool,
    waker: AtomicWaker,
}

/// The bytes of that memory that one body uses; freed when this is dropped.
#[derive(Debug)]
pub struct BodyMemory {
    number: u64,
    /// The bytes that are counted against `MOST_BYTES`.
    bytes: usize,
    /// The bytes of the body itself.
    held: usize,
    revoked: Arc<Revoked>,
}

impl Default for BodyMemory {
    /// Registers a body that begins to arrive.
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
    /// Sets the size of the body in bytes. Returns false if complete bodies leave no room for it. A body of at most
    /// `SMALL` bytes always gets room, and so does the only body in the process.
    pub fn grow(&mut self, bytes: usize) -> bool {
        let counted = CONNECTION + bytes + (2 * bytes).min(READ_BUFFER);
        if counted <= self.bytes {
            return true;
        }
        let mut bodies = lock();
        // A revoked body is no longer counted.
        let Some((known, _)) = bodies.arriving.get_mut(&self.number) else { return true };
        *known = counted;
        bodies.bytes += counted - self.bytes;
        (self.bytes, self.held) = (counted, bytes);
        bodies.make_room(self.number, counted) || bytes <= SMALL
    }

    /// Marks the body as complete: it can no longer be revoked, and is held until its request is answered.
    pub fn complete(&mut self) {
        let mut bodies = lock();
        if bodies.arriving.remove(&self.number).is_some() {
            let counted = if self.held > SMALL { self.held } else { 0 };
            bodies.bytes -= self.bytes - counted;
            self.bytes = counted;
        }
    }

    /// Ready once the share is revoked: the reader must then stop reading and drop the body.
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
        // The bytes of a revoked share were subtracted when it was revoked.
        if !self.revoked.is.load(Ordering::Acquire) {
            bodies.bytes -= self.bytes;
        }
    }
}

impl Bodies {
    /// Revokes the shares of incomplete bodies, the oldest first, until there is room: a client that is not slow has
    /// sent its body within a moment, so the oldest is the slowest. Returns false if no other incomplete body is left
    /// and there is still no room.
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

    /// One test, because all bodies of the process share one static.
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

        // Complete bodies are never revoked; without room, only small bodies are accepted.
        let mut large = BodyMemory::default();
        assert!(large.grow(2 * MOST_BYTES) && shares.iter().all(is_revoked));
        large.complete();
        let mut refused = BodyMemory::default();
        assert!(!refused.grow(SMALL + 1));
        let mut small = BodyMemory::default();
        assert!(small.grow(SMALL) && is_revoked(&refused));
        drop((refused, small, next, shares, large));
        assert_eq!(lock().bytes, 0);

        // The limit holds for any number of bodies.
        let many: Vec<_> = (0..10_000).map(|_| BodyMemory::default()).collect();
        assert!(lock().bytes <= MOST_BYTES);
        assert!(is_revoked(&many[0]) && !is_revoked(&many[9_999]));
        drop(many);
        assert_eq!(lock().bytes, 0);
        assert!(lock().arriving.is_empty());
    }
}
