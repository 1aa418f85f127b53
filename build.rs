//! Rebuilds the program when a migration or a static file was added: the compiler does not watch the directories that
//! are embedded.

use std::process::Command;

fn main() {
    for directory in ["migrations", "static"] {
        println!("cargo::rerun-if-changed={directory}");
    }
    name_the_commit();
}

/// Which commit it is, for `polls --version`: the variable POLLS_COMMIT where there is no repository, as in a package.
/// A debug build does not ask git, as it would be built anew after every commit.
fn name_the_commit() {
    println!("cargo::rerun-if-env-changed=POLLS_COMMIT");
    let is_release = std::env::var("PROFILE").is_ok_and(|profile| profile == "release");
    if !is_release || std::env::var_os("POLLS_COMMIT").is_some() {
        return;
    }
    let git = |arguments: &[&str]| {
        let output = Command::new("git").args(arguments).output().ok().filter(|output| output.status.success())?;
        String::from_utf8(output.stdout).ok().map(|text| text.trim().to_owned())
    };
    if let Some(log) = git(&["rev-parse", "--git-path", "logs/HEAD"]) {
        println!("cargo::rerun-if-changed={log}");
    }
    if let Some(commit) = git(&["rev-parse", "--short=12", "HEAD"]) {
        println!("cargo::rustc-env=POLLS_COMMIT={commit}");
    }
}
