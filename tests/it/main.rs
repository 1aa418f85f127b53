//! Integration tests: the real program over real listeners and databases.
//!
//! Plain `cargo test` runs what needs Rust alone and says at the end what it left; `tests/run` installs
//! what the others need and runs everything, by `TEST_ALL=1`.

mod routes;
mod support;

use std::collections::BTreeMap;
use std::process::ExitCode;

use libtest_mimic::Arguments;

use support::{Need, Test, run};

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let everything = std::env::var_os("TEST_ALL").is_some() || arguments.ignored || arguments.include_ignored;
    let mut left: BTreeMap<Need, usize> = BTreeMap::new();
    let mut trials = Vec::new();
    for (trial, needs) in tests().iter().flat_map(Test::trials) {
        let asked_for = arguments.filter.as_ref().is_none_or(|filter| trial.name().contains(filter));
        if asked_for && !everything {
            needs.iter().for_each(|need| *left.entry(*need).or_default() += 1);
        }
        let ignored = !needs.is_empty() && std::env::var_os("TEST_ALL").is_none();
        trials.push(trial.with_ignored_flag(ignored));
    }
    let conclusion = libtest_mimic::run(&arguments, trials);
    run::end();
    if !left.is_empty() && !arguments.list {
        let left: Vec<_> = left.iter().map(|(need, count)| format!("{count} that need {need}")).collect();
        println!("Left to tests/run: {}.", left.join(", "));
    }
    conclusion.exit_code()
}

fn tests() -> Vec<Test> {
    [routes::tests()].into_iter().flatten().collect()
}
