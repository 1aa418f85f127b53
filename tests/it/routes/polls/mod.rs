//! `/polls/…`

mod vote;

use crate::support::Test;

pub fn tests() -> Vec<Test> {
    [vote::tests()].into_iter().flatten().collect()
}
