//! RefusedLogins that are known already. Who goes on trying is refused out of memory and waits for it, so that as many tries
//! as one client can send cost the others neither queries nor time.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};
use std::time::{Duration, Instant};

use chrono::NaiveDateTime;
use tokio::sync::Semaphore;
use tokio::time::sleep;

/// The most sources that are remembered.
const MOST: usize = 10_000;

/// How often a second a source that is remembered is let through to the database nevertheless: there may be room again,
/// as another process or an administrator has made some.
const LET_THROUGH: u32 = 8;
const SECOND: Duration = Duration::from_secs(1);

/// The time between two refusals that are told with a page of their own, and the longest that one waits for it. Refused
/// logins at full rate took three quarters of the processor otherwise.
const PACE: Duration = Duration::from_millis(20);
const LONGEST: Duration = Duration::from_secs(1);

/// How many may wait. Each holds its connection, some 20 kB.
const MOST_WAITING: usize = 500;

static WAITING: Semaphore = Semaphore::const_new(MOST_WAITING);
static REFUSALS: LazyLock<Mutex<RefusedLogins>> = LazyLock::new(Mutex::default);

#[derive(Default)]
struct RefusedLogins {
    known: HashMap<String, Known>,
    /// When the next may be told with its page.
    turn: Option<Instant>,
}

struct Known {
    until: NaiveDateTime,
    second: Instant,
    let_through: u32,
}

/// Until when a source is refused, of which these keys are, as far as the database need not be asked.
pub fn known(keys: &[String], now: NaiveDateTime) -> Option<NaiveDateTime> {
    let mut refusals = REFUSALS.lock().unwrap_or_else(PoisonError::into_inner);
    keys.iter().filter_map(|key| refusals.known.get_mut(key)?.refuse(now)).max()
}

/// Remembers that a key is refused until then.
pub fn remember(key: String, until: NaiveDateTime, now: NaiveDateTime) {
    let mut refusals = REFUSALS.lock().unwrap_or_else(PoisonError::into_inner);
    if refusals.known.len() >= MOST {
        refusals.known.retain(|_, known| known.until > now);
    }
    if refusals.known.len() >= MOST {
        refusals.known.clear();
    }
    let fresh = Known { until, second: Instant::now(), let_through: 0 };
    refusals.known.entry(key).or_insert(fresh).until = until;
}

/// There is room for these keys again.
pub fn forget(keys: &[String]) {
    let mut refusals = REFUSALS.lock().unwrap_or_else(PoisonError::into_inner);
    for key in keys {
        refusals.known.remove(key);
    }
}

/// Waits until a refusal may be told; whether with a page of its own.
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
    /// How long the next has to wait for its turn; None if that is too long.
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
