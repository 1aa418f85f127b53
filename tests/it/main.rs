//! Integration tests: the real program over real listeners and databases.
//!
//! Plain `cargo test` runs what needs Rust alone and says at the end what it left; `tests/run` installs
//! what the others need and runs everything, by `TEST_ALL=1`.

#![expect(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test fails by a panic")]
#![expect(clippy::needless_pass_by_value, reason = "a test is given its setup for itself")]
#![expect(clippy::wildcard_imports, reason = "what tests are made with is one small language")]

mod adoption;
mod apache;
mod architecture;
mod browser;
mod catalogues;
mod commands;
mod counting;
mod data;
mod durability;
mod fuzzing;
mod gateway;
mod guides;
mod routes;
mod running;
mod support;
mod web;

use std::collections::BTreeMap;
use std::process::ExitCode;

use libtest_mimic::Arguments;

use support::{Need, Test, durations, failures, run};

fn main() -> ExitCode {
    let mut arguments = Arguments::from_args();
    // Most tests wait for a disk, a server or a browser: with a thread per core, half of each core is idle.
    arguments.test_threads.get_or_insert(2 * std::thread::available_parallelism().map_or(1, usize::from));
    let everything = std::env::var_os("TEST_ALL").is_some() || arguments.ignored || arguments.include_ignored;
    let (mut left, mut left_by_need) = (0, BTreeMap::<Need, usize>::new());
    let mut trials = Vec::new();
    for (trial, needs) in tests().iter().flat_map(Test::trials) {
        let asked_for = arguments.filter.as_ref().is_none_or(|filter| trial.name().contains(filter));
        if asked_for && !everything && !needs.is_empty() {
            left += 1;
            for need in &needs {
                *left_by_need.entry(*need).or_default() += 1;
            }
        }
        let ignored = !needs.is_empty() && std::env::var_os("TEST_ALL").is_none();
        trials.push(trial.with_ignored_flag(ignored));
    }
    failures::keep();
    let conclusion = libtest_mimic::run(&arguments, trials);
    run::end();
    durations::print_longest();
    failures::print(conclusion.has_failed());
    if left > 0 && !arguments.list {
        let needs: Vec<_> = left_by_need.iter().map(|(need, count)| format!("{count} need {need}")).collect();
        println!("Left to tests/run: {left} tests; {}.", needs.join(", "));
    }
    conclusion.exit_code()
}

fn tests() -> Vec<Test> {
    // The quickest to fail first, and then those with the longest tests, so that no long one is left alone at the end.
    let modules = [
        architecture::tests(),
        catalogues::tests(),
        guides::tests(),
        browser::tests(),
        counting::tests(),
        running::tests(),
        apache::tests(),
        durability::tests(),
        routes::tests(),
        adoption::tests(),
        data::tests(),
        gateway::tests(),
        commands::tests(),
        fuzzing::tests(),
        web::tests(),
    ];
    modules.into_iter().flatten().collect()
}
