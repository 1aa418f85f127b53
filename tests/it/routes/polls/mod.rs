//! `/polls/…`

mod detail;
mod index;
mod intention;
mod results;
mod sharing;
mod vote;

use crate::support::Test;

pub fn tests() -> Vec<Test> {
    [index::tests(), detail::tests(), vote::tests(), intention::tests(), results::tests(), sharing::tests()]
        .into_iter()
        .flatten()
        .collect()
}
