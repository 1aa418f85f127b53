//! `/polls/…`

mod detail;
mod eligibility;
mod index;
mod intention;
mod results;
mod vote;

use crate::support::Test;

pub fn tests() -> Vec<Test> {
    [index::tests(), detail::tests(), vote::tests(), intention::tests(), eligibility::tests(), results::tests()]
        .into_iter()
        .flatten()
        .collect()
}
