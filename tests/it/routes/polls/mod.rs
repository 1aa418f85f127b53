//! `/polls/…`

mod detail;
mod eligibility;
mod index;
mod intention;
mod kinds;
mod results;
mod sharing;
mod turnout;
mod vote;
mod wording;

use crate::support::Test;

pub fn tests() -> Vec<Test> {
    let tests = [
        index::tests(),
        detail::tests(),
        vote::tests(),
        intention::tests(),
        kinds::tests(),
        eligibility::tests(),
        results::tests(),
        sharing::tests(),
        turnout::tests(),
        wording::tests(),
    ];
    tests.into_iter().flatten().collect()
}
