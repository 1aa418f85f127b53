//! The panics of a run, told again at its end: what is said where a test fails is far above the last lines of a long
//! run, which are all that is kept of some.

use std::sync::{Mutex, PoisonError};

static PANICS: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// How much of a panic is told again.
const LENGTH: usize = 600;
/// How many are told again.
const TOLD: usize = 10;

/// Keeps each panic from now on, in the threads that tests start too.
pub fn keep() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let text = panic.to_string().chars().take(LENGTH).collect();
        PANICS.lock().unwrap_or_else(PoisonError::into_inner).push(text);
        usual(panic);
    }));
}

/// Prints the panics if a test failed.
pub fn print(has_failed: bool) {
    let panics = PANICS.lock().unwrap_or_else(PoisonError::into_inner);
    if !has_failed {
        return;
    }
    println!("What failed, in the order of time:");
    for panic in panics.iter().take(TOLD) {
        println!("- {panic}");
    }
}
