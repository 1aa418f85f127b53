//! `polls apache-config`: what it prints is a file that Apache takes, whatever was asked for, and a site that works.

use std::net::TcpStream;
use std::process::Command;

use super::clients::said;
use super::tls;
use crate::support::servers::apache::Apache;
use crate::support::servers::{Daemon, Door, Site, Way};
use crate::support::*;

pub fn tests() -> Vec<Test> {
    let tests = [
        on_sqlite(apache_takes_every_combination),
        on_sqlite(apache_takes_static_files_at_another_path),
        on_sqlite(two_processes_share_the_requests_and_stand_in_for_each_other),
        on_sqlite(two_processes_share_the_requests_below_a_path),
        on_sqlite(two_processes_over_tcp_share_the_requests),
        on_sqlite(plain_http_is_sent_on_to_whatever_port_https_has),
        on_sqlite(a_certificate_authority_is_answered),
        on_sqlite(apache_starts_before_there_is_a_certificate),
    ];
    tests.map(|test| test.needing(Need::Apache).needing(Need::Curl)).into()
}

/// What is not there on a machine of the tests.
const PLACES: [(&str, &str); 1] = [("POLLS_BIN", "/bin/true")];

/// What the command prints.
#[track_caller]
fn printed(site: &Site, arguments: &[&str]) -> String {
    let mut command = site.command(&["apache-config"]);
    command.args(arguments).env("POLLS_STATIC_ROOT", site.static_root());
    said(&mut command)
}

fn apache_takes_every_combination(setup: Setup) {
    let site = Site::new(setup, "/vote/");
    let (certificate, key) = tls::certificate(&site);
    let (certificate, key) = (certificate.display().to_string(), key.display().to_string());
    let tls: [&[&str]; 2] = [&[], &["--tls", "--certificate", &certificate, "--certificate-key", &key]];
    let caches: [&[&str]; 3] = [&[], &["--cache"], &["--cache=quick"]];
    let behinds: [&[&str]; 2] = [&[], &["--behind", "192.0.2.10", "2001:db8::/64"]];
    let several: [&[&str]; 3] =
        [&[], &["--instances", "3"], &["--balancer", "unix:/run/polls/a.sock", "[::1]:8000", "192.0.2.1:8000"]];
    let mut taken = 0;
    for mode in ["embedded", "fastcgi", "fcgid", "cgi"] {
        for (tls, cache) in tls.iter().flat_map(|tls| caches.iter().map(move |cache| (tls, cache))) {
            for (behind, several) in behinds.iter().flat_map(|behind| several.iter().map(move |one| (behind, one))) {
                let apache_starts_it = ["fcgid", "cgi"].contains(&mode);
                if apache_starts_it && (!several.is_empty() || cache.contains(&"--cache=quick")) {
                    continue;
                }
                let flags = [&["--mode", mode], *tls, *cache, *behind, *several].concat();
                let refusal = Apache::refusal(&printed(&site, &flags), &PLACES);
                assert_eq!(refusal, None, "{flags:?}");
                taken += 1;
            }
        }
    }
    assert_eq!(taken, 2 * (2 * 3 * 2 * 3) + 2 * (2 * 2 * 2));
}

fn apache_takes_static_files_at_another_path(setup: Setup) {
    let site = Site::new(setup, "/vote/");
    for url in ["files/", "/files/", "files-2.0/", "https://static.example.org/"] {
        for mode in ["embedded", "fastcgi", "fcgid", "cgi"] {
            let mut command = site.command(&["apache-config", "--mode", mode]);
            let text = said(command.env("POLLS_STATIC_URL", url));
            assert_eq!(Apache::refusal(&text, &PLACES), None, "{url} {mode}");
        }
    }
}

fn two_processes_share_the_requests_and_stand_in_for_each_other(setup: Setup) {
    let site = Site::new(setup, "/");
    two_processes(&site, Way::EmbeddedUnix);
    two_processes(&site, Way::FastcgiUnix);
}

fn two_processes_share_the_requests_below_a_path(setup: Setup) {
    let site = Site::new(setup, "/vote/");
    two_processes(&site, Way::EmbeddedUnix);
    two_processes(&site, Way::FastcgiUnix);
}

fn two_processes_over_tcp_share_the_requests(setup: Setup) {
    let site = Site::new(setup, "/");
    two_processes(&site, Way::EmbeddedTcp);
    two_processes(&site, Way::FastcgiTcp);
}

fn two_processes(site: &Site, way: Way) {
    let [command, _] = way.command().expect("a way with a daemon");
    let mode = if command == "serve" { "embedded" } else { "fastcgi" };
    let over_tcp = matches!(way, Way::EmbeddedTcp | Way::FastcgiTcp);
    let places = ["one.sock", "one-1.sock", "one-2.sock"].map(|name| format!("unix:{}", site.path(name).display()));
    let bind = |index: usize| if over_tcp { "127.0.0.1:0" } else { &places[index] };
    let mut processes = [1, 2].map(|index| site.daemon(command, bind(index), way.variables()));
    let addresses = processes.each_ref().map(|daemon| daemon.address.clone());
    let text = if over_tcp {
        printed(site, &["--mode", mode, "--balancer", &addresses[0], &addresses[1]])
    } else {
        // The settings name one socket, so that theirs are beside it.
        let mut command = site.command(&["apache-config", "--mode", mode, "--instances", "2"]);
        said(command.env("POLLS_STATIC_ROOT", site.static_root()).env("POLLS_SERVER__BIND", &places[0]))
    };
    let apache = Apache::start_with(&text, 64, &[]);
    let door = Door::at(apache.port, site.mount());
    let poll = site.poll();
    let vote = |times: usize| {
        for _ in 0..times {
            door.get(&poll.detail()).expect(200);
            door.post(&poll.vote()).form(&[("choice", &poll.value(0))]).expect(303);
        }
    };
    door.get("/static/none.css").expect(404);
    vote(8);
    for index in [0, 1, 0] {
        let other = usize::from(index == 0);
        let end = |daemon: &mut Daemon| {
            daemon.process.signal("KILL");
            daemon.process.ended();
        };
        end(&mut processes[index]);
        vote(8);
        // The one that had all of them ends too, before the first is asked again; and is the only one afterwards.
        end(&mut processes[other]);
        for one in [index, other] {
            let bind = if over_tcp { &addresses[one] } else { bind(one + 1) };
            processes[one] = site.daemon(command, bind, way.variables());
        }
        vote(8);
    }
    std::thread::scope(|scope| {
        for _ in 0..50 {
            scope.spawn(|| door.post(&poll.vote()).form(&[("choice", &poll.value(1))]).expect(303));
        }
    });
    assert_eq!((site.totals(&poll), site.ballots(&poll)), (vec![56, 50, 0], vec![56, 50, 0]), "{way:?}");
    // That a process did not take a connection, Apache has to say.
    let expected = ["AH00957", "AH01114", "AH00959", "AH02454", "AH01079", "AH01096", "AH01102"];
    let errors = apache.errors();
    let unexpected: Vec<_> = errors.iter().filter(|line| !expected.iter().any(|mark| line.contains(mark))).collect();
    assert!(unexpected.is_empty(), "{way:?}: {unexpected:?}");
}

fn plain_http_is_sent_on_to_whatever_port_https_has(setup: Setup) {
    let site = Site::new(setup, "/");
    let (certificate, key) = tls::certificate(&site);
    let (certificate, key) = (certificate.display().to_string(), key.display().to_string());
    let text = printed(
        &site,
        &["--mode", "cgi", "--tls", "--certificate", &certificate, "--certificate-key", &key, "--server-name", HOST],
    );
    let plain = run::free_port();
    let apache = Apache::start_with(&text, 8, &[("POLLS_HTTP_PORT", &plain.to_string())]);
    assert!(TcpStream::connect(("127.0.0.1", plain)).is_ok());
    let answer = Door::at(plain, "/").get("/polls/?q=a%20b%2F").expect(301);
    assert_eq!(answer.header("location"), Some(&*format!("https://{HOST}:{}/polls/?q=a%20b%2F", apache.port)));
    // With its usual port an address names none.
    let defined = ["<IfDefine !POLLS_PORT>", "Define POLLS_PORT 443", "Define POLLS_AUTHORITY ${POLLS_HOST}\n"];
    assert!(defined.iter().all(|line| text.contains(line)), "{text}");
    let elsewhere = printed(&site, &["--mode", "cgi", "--tls", "--port", "8443"]);
    assert!(elsewhere.contains("    Define POLLS_PORT 8443\n</IfDefine>"), "{elsewhere}");
}

fn a_certificate_authority_is_answered(setup: Setup) {
    let site = Site::new(setup, "/");
    let root = site.path("html");
    let challenges = root.join(".well-known/acme-challenge");
    std::fs::create_dir_all(&challenges).expect("a directory can be made");
    std::fs::write(challenges.join("to_ken-1"), "to_ken-1.thumbprint").expect("a file can be written");
    std::fs::write(root.join("secret"), "nobody's business").expect("a file can be written");
    let root = root.display().to_string();
    let ask = |door: &Door, way: Way| {
        let answer = door.get("/.well-known/acme-challenge/to_ken-1").expect(200);
        assert_eq!(answer.text(), "to_ken-1.thumbprint", "{way:?}");
        for path in
            ["/.well-known/acme-challenge/none", "/.well-known/acme-challenge/", "/.well-known/acme-challenge/.."]
        {
            let status = door.get(path).send().status;
            assert!([400, 404].contains(&status), "{way:?} {path}: {status}");
        }
        for path in ["/.well-known/acme-challenge/../../secret", "/.well-known/acme-challenge/%2e%2e/%2e%2e/secret"] {
            assert!(!door.get(path).send().text().contains("nobody's business"), "{way:?} {path}");
        }
    };
    for way in Way::ALL {
        // Before there is a certificate: where the site itself is.
        let front = site.open_with(way, &[("POLLS_ACME", &root), ("POLLS_CACHE", "on")]);
        ask(&front.door, way);
        front.door.get("/polls/").expect(200);
        assert_eq!(front.apache.errors(), [""; 0], "{way:?}");
    }
    // For every renewal: where there is nothing else.
    let plain = run::free_port();
    let (certificate, key) = tls::certificate(&site);
    let (certificate, key) = (certificate.display().to_string(), key.display().to_string());
    let values = [
        ("POLLS_TLS", "on"),
        ("POLLS_CERTIFICATE", &*certificate),
        ("POLLS_CERTIFICATE_KEY", &*key),
        ("POLLS_ACME", &root),
        ("POLLS_HTTP_PORT", &plain.to_string()),
    ];
    let front = site.open_with(Way::Cgi, &values);
    let door = Door::at(plain, "/");
    let answer = door.get("/.well-known/acme-challenge/to_ken-1").expect(200);
    assert_eq!(answer.text(), "to_ken-1.thumbprint");
    door.get("/.well-known/acme-challenge/none").expect(404);
    door.get("/.well-known/").expect(301);
    let mut command = Command::new("curl");
    command.args(["--silent", "--noproxy", "*", "--insecure", "--max-time", "30"]);
    let over_tls = format!("{}/.well-known/acme-challenge/to_ken-1", front.door.origin.replace("http:", "https:"));
    assert_eq!(said(command.arg(over_tls)), "to_ken-1.thumbprint");
}

/// As after `polls setup --tls`: certbot needs an Apache that runs, and that Apache a certificate.
fn apache_starts_before_there_is_a_certificate(setup: Setup) {
    let site = Site::new(setup, "/");
    let (root, file) = (site.path("html"), site.path("certificate.pem"));
    let challenges = root.join(".well-known/acme-challenge");
    std::fs::create_dir_all(&challenges).expect("a directory can be made");
    std::fs::write(challenges.join("token"), "token.thumbprint").expect("a file can be written");
    let text = printed(&site, &["--mode", "embedded", "--tls", "--server-name", HOST]);
    let [root, file, key] = [root, file, site.path("key.pem")].map(|path| path.display().to_string());
    let start = || {
        let plain = run::free_port();
        let values = [
            ("POLLS_CERTIFICATE", &*file),
            ("POLLS_CERTIFICATE_KEY", &*key),
            ("POLLS_ACME", &root),
            ("POLLS_HTTP_PORT", &plain.to_string()),
        ];
        (Apache::start_with(&text, 8, &values), Door::at(plain, "/"))
    };
    let (apache, door) = start();
    assert_eq!(door.get("/.well-known/acme-challenge/token").expect(200).text(), "token.thumbprint");
    // Nobody votes, or logs in, over a line that others can read.
    assert!(door.get("/polls/").expect(503).text().contains("no certificate"));
    door.post("/admin/login/").form(&[("username", "alice")]).expect(503);
    drop(apache);
    tls::certificate(&site);
    let (apache, door) = start();
    assert_eq!(door.get("/.well-known/acme-challenge/token").expect(200).text(), "token.thumbprint");
    let answer = door.get("/polls/").expect(301);
    assert_eq!(answer.header("location"), Some(&*format!("https://{HOST}:{}/polls/", apache.port)));
}
