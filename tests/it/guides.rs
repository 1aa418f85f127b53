//! The guides are true: what they name is there.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::support::*;

const GUIDES: [&str; 9] = [
    "README.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "docs/ARCHITECTURE.md",
    "docs/from-django.md",
    "docs/operations.md",
    "docs/scale-out.md",
    SECURITY,
    "tests/recipes/README.md",
];
const SECURITY: &str = "docs/security.md";
/// What a path in a guide begins with.
const TOP: [&str; 9] =
    ["src/", "tests/", "templates/", "static/", "migrations/", "deploy/", "docs/", ".ci/", ".cargo/"];

pub fn tests() -> Vec<Test> {
    vec![
        on_sqlite(every_path_that_a_guide_names_is_there),
        on_sqlite(what_is_said_to_be_tested_names_its_tests),
        on_sqlite(the_recipe_for_a_field_applies),
        on_sqlite(the_oldest_rust_is_the_same_everywhere),
    ]
}

fn read(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// What stands between backticks or in the brackets of a link, and is a path. One with `<…>` is a pattern.
fn paths(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split(['`', '(', ')', ' ', ',', '\n']);
    words
        .map(|word| word.trim_end_matches(['.', ':', ';']))
        .filter(|word| TOP.iter().any(|top| word.starts_with(top)) && !word.contains(['<', '*', '…', '{']))
}

fn every_path_that_a_guide_names_is_there() {
    let top = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut missing = Vec::new();
    for guide in GUIDES {
        let text = read(guide);
        let named = paths(&text).filter(|path| !top.join(path).exists());
        missing.extend(named.map(|path| format!("{guide}: {path}")));
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

/// In the table of OWASP's requirements, `tests/….rs: name` and `src/….rs: name` are tests.
fn what_is_said_to_be_tested_names_its_tests() {
    let text = read(SECURITY);
    let is_section = |name: &str| text.lines().any(|line| line == format!("## {name}"));
    let (mut missing, mut levels) = (Vec::new(), [0, 0]);
    for row in text.lines().filter(|line| line.starts_with("| v5.0.0-")) {
        let cells: Vec<_> = row.split(" | ").collect();
        levels[usize::from(cells[1] != "1")] += 1;
        let (status, shown) = (cells[3], cells.last().expect("cells"));
        let is_shown = status != "met" || shown.contains('`') || shown.split('"').nth(1).is_some_and(is_section);
        let is_told_why = status == "met" || shown.len() > 10;
        if !is_shown || !is_told_why || !["met", "not met", "not applicable"].contains(&status) {
            missing.push(row.to_owned());
        }
        for test in shown.split('`').filter(|part| part.contains(".rs: ")) {
            let (path, name) = test.split_once(": ").expect("a path and a name");
            if !read(path).contains(&format!("fn {name}(")) {
                missing.push(test.to_owned());
            }
        }
    }
    assert_eq!((missing, levels), (Vec::new(), [70, 183]));
}

/// `tests/recipes/run` builds and tests what this only applies.
fn the_recipe_for_a_field_applies() {
    let mut command = Command::new("git");
    command.args(["apply", "--check", "tests/recipes/source_note.patch"]).current_dir(env!("CARGO_MANIFEST_DIR"));
    let applied = command.output().expect("git can be started");
    assert!(applied.status.success(), "{}", String::from_utf8_lossy(&applied.stderr));
}

fn the_oldest_rust_is_the_same_everywhere() {
    let manifest = read("Cargo.toml");
    let version = manifest.lines().find_map(|line| line.strip_prefix("rust-version = \"")?.strip_suffix('"'));
    let version = version.expect("Cargo.toml names the oldest Rust");
    assert!(read("README.md").contains(&format!("Rust {version}")), "README.md: Rust {version}");
}
