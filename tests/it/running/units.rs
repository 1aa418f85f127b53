//! The units of systemd: that systemd takes them, how much they expose, and what they share. `systemd-analyze` reads them;
//! no systemd runs.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![
        on_sqlite(units_expose_little),
        on_sqlite(the_unit_that_reaches_out_exposes_no_more_than_that),
        on_sqlite(systemd_knows_every_line_of_the_units),
        on_sqlite(processes_of_several_have_the_limits_of_a_single_one),
    ]
}

const SERVICES: [&str; 4] = ["polls.service", "polls-fastcgi.service", "polls@1.service", "polls-fastcgi@1.service"];

fn shipped() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy/systemd")
}

/// A root directory with the units as they are installed.
fn installed() -> tempfile::TempDir {
    let root = tempfile::tempdir().expect("a directory can be made");
    let units = root.path().join("etc/systemd/system");
    fs::create_dir_all(&units).expect("a directory can be made");
    for entry in fs::read_dir(shipped()).expect("the units") {
        let path = entry.expect("an entry").path();
        if path.extension().is_some_and(|ending| ending != "conf") {
            fs::copy(&path, units.join(path.file_name().expect("a name"))).expect("a unit can be copied");
        }
    }
    root
}

fn add_network(root: &Path, service: &str) {
    let folder = root.join(format!("etc/systemd/system/{service}.d"));
    fs::create_dir_all(&folder).expect("a directory can be made");
    fs::copy(shipped().join("network.conf"), folder.join("network.conf")).expect("it can be copied");
}

fn analyze(root: &Path, arguments: &[&str]) -> String {
    let root = format!("--root={}", root.display());
    let output = Command::new("systemd-analyze").args(arguments).args([&root, "--no-pager"]).output();
    let output = output.expect("systemd-analyze can be run");
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// The overall exposure, from 0 to 10.
#[track_caller]
fn exposure(root: &Path, service: &str) -> f32 {
    let told = analyze(root, &["security", "--offline=true", service]);
    let level = told.split("Overall exposure level for").nth(1).and_then(|rest| rest.split(": ").nth(1));
    let level = level.and_then(|rest| rest.split_whitespace().next()?.parse().ok());
    level.unwrap_or_else(|| panic!("{service}: {told}"))
}

fn units_expose_little(_setup: Setup) {
    for service in SERVICES {
        let root = installed();
        let level = exposure(root.path(), service);
        assert!(level <= 0.3, "{service}: {level}");
        add_network(root.path(), service);
        let level = exposure(root.path(), service);
        assert!(level > 0.3 && level <= 0.9, "{service} with network.conf: {level}");
    }
}

/// What is left is what it is for: addresses of the whole net.
fn the_unit_that_reaches_out_exposes_no_more_than_that(_setup: Setup) {
    let root = installed();
    let told = analyze(root.path(), &["security", "--offline=true", "polls-outbound.service"]);
    let level = exposure(root.path(), "polls-outbound.service");
    assert!(level <= 1.1, "{level}: {told}");
}

fn systemd_knows_every_line_of_the_units(_setup: Setup) {
    let root = installed();
    for unit in SERVICES.into_iter().chain([
        "polls.socket",
        "polls-fastcgi.socket",
        "polls@1.socket",
        "polls-clearsessions.timer",
        "polls-outbound.service",
    ]) {
        let told = analyze(root.path(), &["verify", unit]);
        for fault in ["Unknown", "Failed to parse", "Invalid", "ignoring", "is obsolete"] {
            assert!(!told.contains(fault), "{unit}: {told}");
        }
    }
}

fn processes_of_several_have_the_limits_of_a_single_one(_setup: Setup) {
    let lines = |name: &str| -> Vec<String> {
        let text = fs::read_to_string(shipped().join(name)).expect("a unit");
        let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
        lines.map(str::to_owned).collect()
    };
    for (one, of_several) in [
        ("polls.service", "polls@.service"),
        ("polls-fastcgi.service", "polls-fastcgi@.service"),
        ("polls.socket", "polls@.socket"),
        ("polls-fastcgi.socket", "polls-fastcgi@.socket"),
    ] {
        let (one, several) = (lines(one), lines(of_several));
        let differing: Vec<_> = one.iter().zip(&several).filter(|(one, several)| one != several).collect();
        assert_eq!(one.len(), several.len(), "{of_several}");
        for (_, several) in differing {
            let names_it =
                ["Description=", "Requires=", "After=", "ListenStream="].iter().any(|key| several.starts_with(key));
            assert!(names_it && several.contains("%i"), "{of_several}: {several}");
        }
    }
}
