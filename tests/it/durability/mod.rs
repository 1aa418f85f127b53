//! Not one vote is lost and none is counted twice, whatever ends: the program, the database server, the power.
//!
//! In each cycle voters vote until something is killed at a moment that nobody chose; it is started again, and
//! what is in the database is compared with what the voters know. Then the burst of an evening, and what the
//! program stands on failing for a while. `DURABILITY_CYCLES` says how many cycles there are in all;
//! `tests/durability.md` has the results of long runs.

mod audit;
mod away;
mod booth;
mod burst;
mod crash;
mod disk;
mod failover;
mod faults;
mod ledger;
mod power_loss;
mod seeded_bugs;
mod server_settings;
mod slow_clients;
mod voting;
mod wire;

use crate::support::Test;

/// All cycles that kill the program or the database server, unless the variable says otherwise.
const CYCLES: usize = 200;

pub fn tests() -> Vec<Test> {
    let modules = [
        crash::tests(),
        failover::tests(),
        power_loss::tests(),
        server_settings::tests(),
        seeded_bugs::tests(),
        burst::tests(),
        faults::tests(),
        away::tests(),
        slow_clients::tests(),
    ];
    modules.into_iter().flatten().collect()
}

/// So many of every hundred cycles.
fn cycles(percent: usize) -> usize {
    let given = std::env::var("DURABILITY_CYCLES").ok().map(|cycles| cycles.parse().expect("a number of cycles"));
    (given.unwrap_or(CYCLES) * percent).div_ceil(100)
}

/// Says how much of a long run is done.
fn report(what: &str, cycles: usize, votes: usize) {
    if std::env::var_os("DURABILITY_CYCLES").is_some() {
        println!("{what}: {cycles} cycles, {votes} votes acknowledged, none lost, none counted twice");
    }
}
