//! `polls check --url`: what a site file does wrong is found by asking the site.

use std::fs;
use std::net::UdpSocket;

use super::tls;
use crate::support::run;
use crate::support::servers::apache::Apache;
use crate::support::servers::{Site, Way};
use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![on_sqlite(what_apache_does_wrong_is_found_from_outside).needing(Need::Apache).needing(Need::Curl)]
}

/// Other addresses of this machine are strangers to Apache, if it has any.
fn has_outer_address() -> bool {
    let socket = UdpSocket::bind("0.0.0.0:0").and_then(|socket| socket.connect("203.0.113.7:9").map(|()| socket));
    socket.and_then(|socket| socket.local_addr()).is_ok_and(|address| !address.ip().is_loopback())
}

fn what_apache_does_wrong_is_found_from_outside(setup: Setup) {
    let site = Site::new(setup.settings("silenced_system_checks = [\"polls.W008\"]"), "/vote/");
    let daemon = site.daemon("serve", "unix:http.sock", &[]);
    let (certificate, key) = tls::certificate(&site);
    let text = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/deploy/apache/embedded.conf")).expect("a file");
    let visit = |text: &str, more: &[(&str, &str)], url: &str| -> Vec<String> {
        let plain = run::free_port();
        let mut values = site.values(Way::EmbeddedUnix, Some(&daemon.address));
        values.extend([
            ("POLLS_TLS", "on".to_owned()),
            ("POLLS_CERTIFICATE", certificate.display().to_string()),
            ("POLLS_CERTIFICATE_KEY", key.display().to_string()),
            ("POLLS_HTTP_PORT", plain.to_string()),
        ]);
        let mut values: Vec<_> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
        values.extend(more);
        let apache = Apache::start_with(text, 8, &values);
        // Curl takes the site's name to the ports of the test, and its certificate for good.
        let places = format!(
            "insecure\nconnect-to = \"{HOST}:443:127.0.0.1:{}\"\nconnect-to = \"{HOST}:80:127.0.0.1:{plain}\"\n",
            apache.port
        );
        fs::write(site.path(".curlrc"), places).expect("a file can be written");
        let mut check = site.command(&["check", "--format", "json", "--fail-level", "WARNING", "--url", url]);
        let output = check.env("CURL_HOME", site.path(".")).output().expect("it can be started");
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).expect("a report");
        let findings = report["findings"].as_array().expect("a list").clone();
        findings.iter().map(|finding| finding["id"].as_str().expect("an id").to_owned()).collect()
    };
    let right = format!("https://{HOST}/vote/");
    let known = ["security.W005", "security.W021"];
    let found = |text: &str, more: &[(&str, &str)]| {
        let mut ids = visit(text, more, &right);
        ids.retain(|id| !known.contains(&id.as_str()));
        ids
    };
    assert_eq!(visit(&text, &[], &right), known);
    let without = |line: &str| {
        assert!(text.contains(line), "{line}");
        text.replace(line, "")
    };
    let with = |line: &str| text.replace("    # -- The answers --", &format!("    {line}\n    # -- The answers --"));
    let instead = |line: &str, other: &str| {
        assert!(text.contains(line), "{line}");
        text.replace(line, other)
    };
    let readyz = "        Require local\n";
    let broken = [
        (with("Header unset Referrer-Policy"), "polls.E012"),
        (
            without(
                "    Header always set X-Content-Type-Options nosniff \"expr=-z resp('Content-Security-Policy')\"\n",
            ),
            "polls.E012",
        ),
        (instead("public, max-age=31536000, immutable", "max-age=60"), "polls.W011"),
        (instead("Redirect permanent \"/\"", "Redirect permanent \"/none\""), "polls.E013"),
        (instead("RequestHeader set X-Forwarded-Proto", "RequestHeader setifempty X-Forwarded-Proto"), "polls.E015"),
        (instead("X-Forwarded-Proto \"expr=%{REQUEST_SCHEME}\"", "X-Forwarded-Proto http"), "polls.E015"),
        (instead("RequestHeader set X-Forwarded-For", "RequestHeader setifempty X-Forwarded-For"), "polls.E016"),
        (instead(readyz, "        Require all granted\n"), "polls.E017"),
    ];
    for (text, id) in broken {
        if id == "polls.E017" && !has_outer_address() {
            continue;
        }
        let mut ids = found(&text, &[]);
        ids.dedup();
        assert_eq!(ids, [id]);
    }
    // Whoever comes from this machine is taken for the balancer.
    assert_eq!(found(&text, &[("POLLS_BALANCER", "127.0.0.0/8")]), ["polls.E016"]);
    assert_eq!(visit(&text, &[], &format!("https://{HOST}/")), ["polls.E014"]);
    assert_eq!(visit(&text, &[], "http://127.0.0.1:1/vote/"), ["polls.E011"]);
}
