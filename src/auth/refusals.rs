//! Remembers refused sources of logins in memory. Further attempts of such a source are refused without a query and
//! after a wait, so that the attempts of one client, however many, cost other users neither queries nor time.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};
use std::time::{Duration, Instant};

use chrono::NaiveDateTime;
use tokio::sync::Semaphore;
use tokio::time::sleep;

/// The most sources that are remembered.
const MOST_SOURCES: usize = 10_000;

/// How many attempts of a remembered source are checked in the database each second nevertheless: another process or an
/// administrator may have deleted its failures.
const LET_THROUGH: u32 = 8;
const SECOND: Duration = Duration::from_secs(1);

/// The time between two refusals that are answered with a rendered page, and the longest wait for one. Without this
/// limit, refused logins at full rate took three quarters of the processor.
const PACE: Duration = Duration::from_millis(20);
const LONGEST: Duration = Duration::from_secs(1);

/// The most refusals that wait at once. Each holds its connection, some 20 kB.
const MOST_WAITING: usize = 500;

static WAITING: Semaphore = Semaphore::const_new(MOST_WAITING);
static REFUSALS: LazyLock<Mutex<RefusedLogins>> = LazyLock::new(Mutex::default);

#[derive(Default)]
struct RefusedLogins {
    known: HashMap<String, Known>,
    /// When the next refusal may be answered with a rendered page.
    turn: Option<Instant>,
}

struct Known {
    until: NaiveDateTime,
    second: Instant,
    let_through: u32,
}

/// Until when the source with these keys is refused; None if it is not remembered, or if the database must be asked.
pub fn known(keys: &[String], now: NaiveDateTime) -> Option<NaiveDateTime> {
    let mut refusals = REFUSALS.lock().unwrap_or_else(PoisonError::into_inner);
    keys.iter().filter_map(|key| refusals.known.get_mut(key)?.refuse(now)).max()
}

/// Remembers that a key is refused until `until`.
pub fn remember(key: String, until: NaiveDateTime, now: NaiveDateTime) {
    let mut refusals = REFUSALS.lock().unwrap_or_else(PoisonError::into_inner);
    if refusals.known.len() >= MOST_SOURCES {
        refusals.known.retain(|_, known| known.until > now);
    }
    if refusals.known.len() >= MOST_SOURCES {
        refusals.known.clear();
    }
    let fresh = Known { until, second: Instant::now(), let_through: 0 };
    refusals.known.entry(key).or_insert(fresh).until = until;
}

/// Forgets these keys, because an attempt was allowed.
pub fn forget(keys: &[String]) {
    let mut refusals = REFUSALS.lock().unwrap_or_else(PoisonError::into_inner);
    for key in keys {
        refusals.known.remove(key);
    }
}

/// Waits until a refusal may be answered. Returns whether it may have a rendered page.
pub async fn wait() -> bool {
    let Ok(_place) = WAITING.try_acquire() else { return false };
    let turn = REFUSALS.lock().unwrap_or_else(PoisonError::into_inner).next_turn(Instant::now());
    sleep(turn.unwrap_or(LONGEST)).await;
    turn.is_some()
}

impl Known {
    fn refuse(&mut self, now: NaiveDateTime) -> Option<NaiveDateTime> {
        if self.until <= now {
            return None;
        }
        if self.second.elapsed() >= SECOND {
            (self.second, self.let_through) = (Instant::now(), 0);
        }
        self.let_through = self.let_through.saturating_add(1);
        (self.let_through > LET_THROUGH).then_some(self.until)
    }
}

impl RefusedLogins {
    /// How long the next refusal has to wait for its page; None if that is too long.
    fn next_turn(&mut self, now: Instant) -> Option<Duration> {
        let turn = self.turn.map_or(now, |turn| turn.max(now));
        let wait = turn - now;
        (wait < LONGEST).then(|| {
            self.turn = Some(turn + PACE);
            wait
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_database_is_asked_a_few_times_a_second_for_a_source_that_is_refused() {
        let keys = ["a source of this test".to_owned()];
        let now = crate::clock::now();
        assert_eq!(known(&keys, now), None);
        let until = now + chrono::TimeDelta::minutes(5);
        remember(keys[0].clone(), until, now);
        let begun = Instant::now();
        let asked = (0..10_000).filter(|_| known(&keys, now).is_none()).count();
        let seconds = usize::try_from(begun.elapsed().as_secs()).unwrap_or(usize::MAX).saturating_add(1);
        assert!(asked <= LET_THROUGH as usize * seconds, "{asked}");
        assert_eq!(known(&keys, until), None);
        forget(&keys);
        assert_eq!((0..100).filter(|_| known(&keys, now).is_some()).count(), 0);
    }

    #[test]
    fn turns_are_apart_and_bounded() {
        let (mut refusals, now) = (RefusedLogins::default(), Instant::now());
        let turns: Vec<_> = (0..1000).map_while(|_| refusals.next_turn(now)).collect();
        assert_eq!(turns.len() as u128, LONGEST.as_millis() / PACE.as_millis());
        assert!(turns.is_sorted_by(|one, next| *one + PACE == *next));
        assert_eq!(refusals.next_turn(now + LONGEST * 2), Some(Duration::ZERO));
    }
}
