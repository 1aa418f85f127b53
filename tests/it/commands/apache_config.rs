//! `polls apache-config`: the site file is that of this installation; the shipped ones are its output.

use std::fs;
use std::path::Path;

use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![
        on_sqlite(the_shipped_files_are_what_is_printed_without_settings),
        on_sqlite(the_settings_are_in_it),
        on_sqlite(the_flags_are_in_it),
        on_sqlite(what_does_not_go_together_is_refused),
        on_sqlite(a_mount_that_the_settings_do_not_know_is_told),
    ]
}

/// After a change of `templates/apache`: `UPDATE_APACHE_FILES=1 cargo test --test it the_shipped_files`.
fn the_shipped_files_are_what_is_printed_without_settings(setup: Setup) {
    let setup = setup.development();
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy/apache");
    let files = [("embedded", "embedded"), ("fastcgi", "daemon-proxy_fcgi"), ("fcgid", "daemon-fcgid"), ("cgi", "cgi")];
    for (mode, name) in files {
        let printed = setup.run(&["apache-config", "--mode", mode]).expect(0).stdout;
        let file = shipped.join(format!("{name}.conf"));
        if std::env::var_os("UPDATE_APACHE_FILES").is_some() {
            fs::write(&file, &printed).expect("a file of the repository can be written");
        }
        let text = fs::read_to_string(&file).expect("a shipped file");
        let differs = text.lines().zip(printed.lines()).find(|(there, here)| there != here);
        assert!(text == printed, "{} is not what `polls apache-config` prints: {differs:?}", file.display());
    }
}

#[track_caller]
fn has(text: &str, lines: &[&str]) {
    for line in lines {
        assert!(text.lines().any(|there| there.trim() == *line), "{line}\n{text}");
    }
}

fn the_settings_are_in_it(setup: Setup) {
    let setup = setup.mounted_at("/vote").settings(
        "static_root = \"files\"\nstatic_url = \"assets/\"\nsecure_hsts_seconds = 60\n\
         [server]\nbind = [\"unix:/run/vote/http.sock\"]",
    );
    let text = setup.run(&["apache-config", "--mode", "embedded"]).expect(0).stdout;
    let files = format!("Define POLLS_STATIC {}", setup.path("files").display());
    has(
        &text,
        &[
            &format!("Define POLLS_HOST {HOST}"),
            "Define POLLS_MOUNT /vote/",
            &files,
            "Define POLLS_SOCKET /run/vote/http.sock",
            "Define POLLS_HSTS max-age=60",
            "Alias \"${POLLS_MOUNT}assets/\" \"${POLLS_STATIC}/\"",
        ],
    );
    assert!(!text.contains("static/"), "{text}");
    let settings = format!("Define POLLS_CONFIG {}", setup.path("polls.toml").display());
    has(&setup.run(&["apache-config", "--mode", "fcgid"]).expect(0).stdout, &[&settings]);
    let setup = setup.variable("POLLS_SERVER__BIND", "127.0.0.1:8123").variable("POLLS_SECURE_HSTS_SECONDS", "0");
    let text = setup.run(&["apache-config", "--mode", "fastcgi"]).expect(0).stdout;
    has(&text, &["Define POLLS_TCP 127.0.0.1:8123"]);
    // As the program, which sends nothing then.
    assert!(!text.contains("Strict-Transport-Security") && !text.contains("Define POLLS_SOCKET"), "{text}");
}

fn the_flags_are_in_it(setup: Setup) {
    let flags = "apache-config --mode embedded --server-name vote.example.net --tls --cache=quick --behind 192.0.2.1 \
                 10.0.0.0/8 --balancer 192.0.2.5:8000 unix:/run/polls/b.sock";
    let text = setup.run(&flags.split(' ').collect::<Vec<_>>()).expect(0).stdout;
    has(
        &text,
        &[
            &format!("# Written by: polls {flags}"),
            "Define POLLS_HOST vote.example.net",
            "Define POLLS_TLS",
            "Define POLLS_CACHE",
            "Define POLLS_CACHE_QUICK",
            "Define POLLS_BALANCER \"192.0.2.1 10.0.0.0/8\"",
            "BalancerMember \"http://192.0.2.5:8000\" \\",
            "BalancerMember \"unix:/run/polls/b.sock|http://polls-2\" \\",
        ],
    );
    let modules = text.lines().find(|line| line.contains("a2enmod")).expect("what is to be enabled");
    for module in ["headers", "proxy_http", "ssl", "http2", "cache_socache", "remoteip", "lbmethod_byrequests"] {
        assert!(modules.split([' ', ';']).any(|word| word == module), "{modules}");
    }
    let flags = ["apache-config", "--mode", "embedded", "--instances", "2"];
    let text = setup.run(&flags).expect(0).stdout;
    assert!(text.contains("unix:/run/polls/polls-1.sock|") && text.contains("unix:/run/polls/polls-2.sock|"), "{text}");
}

fn what_does_not_go_together_is_refused(setup: Setup) {
    let refused: [(&str, i32, &str); 9] = [
        ("--mode fcgid --instances 2", 1, "Apache itself starts as many"),
        ("--mode cgi --balancer 127.0.0.1:8000", 1, "Apache itself starts as many"),
        ("--mode cgi --cache=quick", 1, "take --cache"),
        ("--mode embedded --server-name a${HOME}", 1, "another sign"),
        ("--mode embedded --tls --certificate /a\"b --certificate-key /c", 1, "another sign"),
        ("--mode embedded --behind proxy.example.org", 2, "expected an address or a network"),
        ("--mode embedded --mount vote", 2, "expected a path"),
        ("--mode embedded --certificate /a --certificate-key /b", 2, "--tls"),
        ("", 2, "--mode"),
    ];
    for (flags, code, said) in refused {
        let arguments: Vec<_> = ["apache-config"].into_iter().chain(flags.split_whitespace()).collect();
        let finished = setup.run(&arguments).expect(code);
        assert!(finished.stderr.contains(said) && finished.stdout.is_empty(), "{flags}: {finished:?}");
    }
}

fn a_mount_that_the_settings_do_not_know_is_told(setup: Setup) {
    let said = setup.run(&["apache-config", "--mode", "cgi", "--mount", "/vote/"]).expect(0);
    assert!(said.stdout.contains("Define POLLS_MOUNT /vote/\n"), "{}", said.stdout);
    assert!(said.stderr.contains("script_name = \"/vote\""), "{}", said.stderr);
    let setup = setup.mounted_at("/vote");
    assert_eq!(setup.run(&["apache-config", "--mode", "cgi", "--mount", "/vote"]).expect(0).stderr, "");
}
