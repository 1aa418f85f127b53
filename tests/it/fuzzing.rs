//! What the fuzzers of `tests/fuzz` found worth keeping, through the same functions.

#[path = "../fuzz/src/lib.rs"]
mod targets;

use std::fs;
use std::path::Path;

use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![
        on_sqlite(fastcgi_records),
        on_sqlite(fastcgi_params),
        on_sqlite(cgi_environments),
        on_sqlite(form_bodies),
        on_sqlite(cookies),
    ]
}

fn fastcgi_records() {
    replay("fastcgi_records", targets::fastcgi_records);
}

fn fastcgi_params() {
    replay("fastcgi_params", targets::fastcgi_params);
}

fn cgi_environments() {
    replay("cgi_environment", targets::cgi_environment);
}

fn form_bodies() {
    replay("form_bodies", targets::form_bodies);
}

fn cookies() {
    replay("cookies", targets::cookies);
}

/// Shows which input it was when one fails.
#[track_caller]
fn replay(target: &str, run: fn(&[u8])) {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/corpus").join(target);
    let inputs: Vec<_> =
        fs::read_dir(&corpus).expect("the corpus").map(|entry| entry.expect("an input").path()).collect();
    assert!(!inputs.is_empty(), "{} is empty", corpus.display());
    for path in inputs {
        let input = fs::read(&path).expect("an input");
        let kept = std::panic::catch_unwind(|| run(&input));
        assert!(kept.is_ok(), "{} breaks a promise", path.display());
    }
}
