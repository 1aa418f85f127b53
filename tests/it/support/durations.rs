//! How long each test took, so that the run can say at its end which ones took longest.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

static DURATIONS: Mutex<Vec<(Duration, String)>> = Mutex::new(Vec::new());

/// How many tests are named at the end of a run.
const NAMED: usize = 20;

/// Runs a test and keeps how long it took. A test that fails is not kept.
pub fn measured(name: &str, test: impl FnOnce()) {
    let start = Instant::now();
    test();
    DURATIONS.lock().unwrap_or_else(PoisonError::into_inner).push((start.elapsed(), name.to_owned()));
}

/// Prints the tests that took longest, with the sum over all tests. Tests run at the same time, so the sum is more than
/// what the run took.
pub fn print_longest() {
    let mut durations = DURATIONS.lock().unwrap_or_else(PoisonError::into_inner);
    if durations.len() <= NAMED {
        return;
    }
    durations.sort_unstable_by(|(one, _), (other, _)| other.cmp(one));
    let sum: Duration = durations.iter().map(|(duration, _)| *duration).sum();
    println!("The {NAMED} longest of {} tests, which took {:.0} s in all:", durations.len(), sum.as_secs_f64());
    for (duration, name) in durations.iter().take(NAMED) {
        println!("{:7.1} s  {name}", duration.as_secs_f64());
    }
}
