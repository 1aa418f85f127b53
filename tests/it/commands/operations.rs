//! `docs/operations.md`: what it says to type can be typed, and works.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![
        on_sqlite(every_address_is_listed),
        on_sqlite(the_blocks_of_the_page_can_be_run),
        on_sqlite(every_command_has_help_with_an_example),
        on_sqlite(the_guide_from_django_names_what_is_there),
    ]
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
    let commands = [
        "setup",
        "check",
        "backup",
        "restore",
        "dumpdata",
        "loaddata",
        "flush",
        "sqlmigrate",
        "listurls",
        "dbshell",
        "apache-config",
        "healthcheck",
        "outbound",
        "man",
        "completions",
    ];
    for command in commands {
        let said = setup.run(&[command, "--help"]).expect(0).stdout;
        let example = said.split_once("Example").map(|(_, example)| example).unwrap_or_default();
        assert!(example.contains(&format!("polls {command}")), "{said}");
    }
}

fn every_address_is_listed(setup: Setup) {
    let app = setup.settings("script_name = \"/vote\"").start();
    let listed = app.run(&["listurls"]).expect(0).stdout;
    let routes: Vec<_> = listed.lines().map(|line| line.split_once('\t').expect("a path and methods")).collect();
    for known in ["/vote/polls/{id}/vote/\tGET,HEAD,POST", "/vote/admin/\tGET,HEAD", "/vote/readyz\tGET,HEAD"] {
        assert!(listed.lines().any(|line| line == known), "{known}: {listed}");
    }
    for (path, methods) in &routes {
        // With something in place of each parameter.
        let path: String = path
            .split('{')
            .enumerate()
            .map(|(at, part)| match part.split_once('}') {
                Some((name, rest)) if at > 0 => format!(
                    "{}{rest}",
                    name.split_once(':').map_or("1", |(_, only)| if only == ".*" { "1" } else { only })
                ),
                _ => part.to_owned(),
            })
            .collect();
        // The address is there, and does not answer a method that is not listed.
        let answer = app.request("PROPFIND", &path).send();
        let allowed = answer.header("allow").unwrap_or_default().to_owned();
        assert!(
            answer.status == 405 && methods.split(',').all(|method| allowed.contains(method)),
            "{path}: {answer:?}"
        );
    }
    let json = app.run(&["listurls", "--format", "json"]).expect(0).stdout;
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(json.as_array().expect("an array").len(), routes.len());
}

/// Commands with their flags, settings, and the paths of files.
fn the_guide_from_django_names_what_is_there(setup: Setup) {
    let read = |path: &str| fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).expect("a file");
    let (guide, example) = (read("docs/from-django.md"), read("deploy/polls.toml"));
    let units = read("deploy/systemd/polls.service") + &read("deploy/systemd/polls.socket");
    let sites = read("deploy/apache/embedded.conf") + &read("deploy/apache/daemon-fcgid.conf");
    let (mut commands, mut settings) = (0, 0);
    for line in guide.lines() {
        // What Django and mod_wsgi call it, stands in the first column.
        let ours = line.strip_prefix("| ").map_or(line, |row| row.split_once(" | ").map_or("", |(_, ours)| ours));
        for word in ours.split('`').skip(1).step_by(2) {
            if let Some(command) = word.strip_prefix("polls ") {
                let mut words = command.split(' ');
                let command = words.next().expect("a command");
                let help = setup.run(&[command, "--help"]).expect(0).stdout;
                let unknown = words.find(|flag| flag.starts_with("--") && !help.contains(flag));
                assert_eq!(unknown, None, "polls {command}");
                commands += 1;
            } else if word.starts_with("deploy/") {
                read(word);
            } else if word.starts_with("Fcgid")
                || word.starts_with("CGI")
                || word.contains("=5000")
                || word == "timeout=60"
            {
                assert!(sites.contains(word), "{word}");
            } else if let Some(key) = word.strip_suffix('=').filter(|key| !["RuntimeMaxSec", "CPUQuota"].contains(key))
            {
                assert!(units.contains(&format!("\n{key}=")), "{word}");
            } else if word.contains('_') && word.chars().all(|c| c.is_ascii_lowercase() || "_.".contains(c)) {
                let key = word.rsplit('.').next().expect("a key");
                let is_there = |line: &str| line.trim_start_matches('#').starts_with(&format!("{key} = "));
                // A key that is in no example is in the line of another.
                assert!(example.lines().any(is_there) || key == "secret_key", "{word}");
                settings += 1;
            }
        }
    }
    assert!(commands > 15 && settings > 20, "{commands} {settings}");
}
