//! `docs/operations.md`: what it says to type can be typed, and works.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![on_sqlite(the_blocks_of_the_page_can_be_run), on_sqlite(every_command_has_help_with_an_example)]
}

/// Commands of the system that a test cannot run, or need not.
const SYSTEM: &str = "systemctl() { :; }\na2enmod() { :; }\na2ensite() { :; }\ncertbot() { :; }\n\
                      runuser() { shift 3; \"$@\"; }\n";

/// The blocks of a page that are marked so, one after the other.
fn blocks(page: &str) -> Vec<String> {
    page.split("\n```sh\n").skip(1).map(|rest| rest.split("\n```").next().unwrap_or_default().to_owned()).collect()
}

fn the_blocks_of_the_page_can_be_run(setup: Setup) {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/operations.md")).expect("the page");
    let blocks = blocks(&page);
    assert!(blocks.len() >= 9, "{blocks:?}");
    let root = setup.path("root");
    for directory in ["etc/apache2/sites-available", "var/backups", "var/lib/polls", "bin"] {
        fs::create_dir_all(root.join(directory)).expect("a directory can be made");
    }
    symlink(env!("CARGO_BIN_EXE_polls"), root.join("bin/polls")).expect("a link can be made");
    let here = |text: &str| {
        text.replace("/etc/apache2", &format!("{}/etc/apache2", root.display()))
            .replace("/var/", &format!("{}/var/", root.display()))
    };
    // As an administrator has it, with a vote in it.
    let database = root.join("var/lib/polls/polls.sqlite3");
    let setup = setup.settings("static_root = \"root/var/lib/polls/static\"\nsecure_ssl_redirect = true");
    setup.command(&[]);
    let run = |script: &str| {
        let polls = setup.command(&[]);
        let mut shell = Command::new("sh");
        shell.args(["-euc", script]).current_dir(setup.path(".")).env_clear();
        shell.envs(polls.get_envs().filter_map(|(name, value)| Some((name, value?))));
        shell.env("POLLS_DATABASE_URL", format!("sqlite://{}", database.display()));
        shell.env("PATH", format!("{}:{}", root.join("bin").display(), std::env::var("PATH").expect("a path")));
        let output = shell.output().expect("sh can be started");
        let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success(), "{script}\n{said}");
        said
    };
    run("polls migrate && polls collectstatic");
    run("chmod o= polls.toml");
    for block in blocks {
        let said = run(&format!("{SYSTEM}{}", here(&block)));
        if block.contains("polls check") {
            assert!(said.contains("no issues"), "{said}");
        }
    }
    assert!(root.join("var/lib/polls/new.sqlite3").exists() && root.join("var/lib/polls/polls.sqlite3.old").exists());
}

fn every_command_has_help_with_an_example(setup: Setup) {
    for command in ["setup", "check", "backup", "restore", "apache-config", "healthcheck", "man", "completions"] {
        let said = setup.run(&[command, "--help"]).expect(0).stdout;
        let example = said.split_once("Example").map(|(_, example)| example).unwrap_or_default();
        assert!(example.contains(&format!("polls {command}")), "{said}");
    }
}
