//! A database that Django 5.2 made becomes ours, and stays Django's.

mod adopted;
mod ours;
mod passwords;
mod refused;
mod totals;
mod validators;

use crate::support::Test;

pub fn tests() -> Vec<Test> {
    [adopted::tests(), totals::tests(), passwords::tests(), ours::tests(), refused::tests(), validators::tests()]
        .into_iter()
        .flatten()
        .collect()
}

/// A question of `tests/django` with the totals 7, 0, 12 and 3.
const SEASONS: &str = "가장 좋아하는 계절은 언제인가요?";
/// Another, with the totals 7 and 0.
pub const NEWS: &str = "What's new?";
