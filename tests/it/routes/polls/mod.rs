//! `/polls/…`

mod detail;
mod eligibility;
mod index;
mod intention;
mod kinds;
mod over_time;
mod results;
mod secret;
mod sharing;
mod sources;
mod ties;
mod turnout;
mod vote;
mod wording;
mod write_ins;

use crate::support::Test;

pub fn tests() -> Vec<Test> {
    let tests = [
        index::tests(),
        detail::tests(),
        vote::tests(),
        intention::tests(),
        kinds::tests(),
        eligibility::tests(),
        over_time::tests(),
        results::tests(),
        secret::tests(),
        sharing::tests(),
        sources::tests(),
        ties::tests(),
        turnout::tests(),
        wording::tests(),
        write_ins::tests(),
    ];
    tests.into_iter().flatten().collect()
}
