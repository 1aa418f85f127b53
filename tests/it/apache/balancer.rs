//! Apache behind another proxy, which ends TLS: `Define POLLS_BALANCER`, and the container.

use std::process::Command;

use super::clients::said;
use super::tls;
use crate::support::servers::apache::Apache;
use crate::support::servers::nginx::Nginx;
use crate::support::servers::{Door, Front, Site, Way};
use crate::support::*;

/// From where the balancer asks. Everybody else asks from another loopback address.
const BALANCER: &str = "127.0.0.2";
const VISITOR: &str = "127.0.0.3";

const WAYS: [Way; 5] = [Way::EmbeddedUnix, Way::EmbeddedTcp, Way::FastcgiUnix, Way::Fcgid, Way::Cgi];

pub fn tests() -> Vec<Test> {
    let tests = [
        on_sqlite(a_browser_votes_through_a_balancer),
        on_sqlite(a_browser_votes_through_a_balancer_below_a_path),
        on_sqlite(a_browser_votes_at_the_container),
        on_sqlite(strangers_are_not_told_whether_the_program_is_ready),
    ];
    tests.map(|test| test.needing(Need::Apache).needing(Need::Nginx).needing(Need::Curl)).into()
}

fn a_browser_votes_through_a_balancer(setup: Setup) {
    in_every_way(&Site::new(setup, "/"));
}

fn a_browser_votes_through_a_balancer_below_a_path(setup: Setup) {
    in_every_way(&Site::new(setup, "/vote/"));
}

fn in_every_way(site: &Site) {
    site.user("alice").staff().create();
    for way in WAYS {
        let front = site.open_with(way, &[("POLLS_BALANCER", "192.0.2.1 127.0.0.2/32")]);
        visit(&front.apache, &front.door, site, &format!("{way:?}"));
        let logged = eventually("the program has logged the address", || {
            let log = front.program_log();
            log.contains(&format!("address=Some({VISITOR})")).then_some(log)
        });
        assert!(!logged.contains("192.0.2.9"), "{way:?}: {logged}");
        assert_eq!(front.apache.errors(), [""; 0], "{way:?}");
    }
}

fn a_browser_votes_at_the_container(setup: Setup) {
    let site = Site::new(setup, "/");
    site.user("alice").staff().create();
    let daemon = site.daemon("serve", "unix:http.sock", &[]);
    let values = site.values(Way::EmbeddedUnix, Some(&daemon.address));
    // The container's file names the host itself.
    let values: Vec<_> = values.iter().filter(|(name, _)| *name != "POLLS_HOST").collect();
    let values: Vec<_> = values.into_iter().map(|(name, value)| (*name, value.as_str())).collect();
    for balancer in ["127.0.0.2", "192.0.2.0/24 127.0.0.2/31"] {
        let apache = Apache::start_in_container(&values, &[("SITE_NAME", HOST), ("SITE_BALANCER", balancer)]);
        // The visitor must not be in the balancer's network.
        if balancer == "127.0.0.2" {
            visit(&apache, &Door::at(apache.port, "/"), &site, balancer);
        }
        assert_eq!(apache.errors(), [""; 0]);
    }
    // As docker-compose.yml has it unless a balancer is named: the site itself over HTTP, and its health check.
    let apache = Apache::start_in_container(&values, &[("SITE_NAME", HOST), ("SITE_BALANCER", "127.0.0.1")]);
    let (door, poll) = (Door::at(apache.port, "/"), site.poll());
    door.get("/healthz").expect(200);
    door.post(&poll.vote()).header("Origin", &door.origin).form(&[("choice", &poll.value(0))]).expect(303);
    assert_eq!(apache.errors(), [""; 0]);
}

/// A browser through the balancer, and somebody who comes to Apache directly and says that he came through it.
fn visit(apache: &Apache, door: &Door, site: &Site, which: &str) {
    let (certificate, key) = tls::certificate(site);
    let nginx = Nginx::ending_tls(apache.port, BALANCER, &certificate, &key);
    let origin = format!("https://127.0.0.1:{}", nginx.port);
    let curl = |arguments: &[&str], url: &str| {
        let mut command = Command::new("curl");
        command.args(["--silent", "--show-error", "--noproxy", "*", "--insecure", "--include", "--max-time", "30"]);
        command.args(["--interface", VISITOR]).args(arguments).arg(url);
        said(&mut command).replace('\r', "").to_ascii_lowercase()
    };
    let browser = |arguments: &[&str], path: &str| {
        // What the visitor says of itself, the balancer replaces.
        let own = ["--header", "X-Forwarded-For: 192.0.2.9", "--header", "X-Forwarded-Proto: http"];
        curl(&[&own[..], arguments].concat(), &format!("{origin}{}", door.path(path)))
    };
    let poll = site.poll();
    let from = format!("Origin: {origin}");
    let choice = format!("choice={}", poll.value(0));
    for path in [&poll.detail(), "/static/none.css", "/nothing/"] {
        let answer = browser(&[], path);
        assert_eq!(answer.matches("\nstrict-transport-security: max-age=").count(), 1, "{which} {path}: {answer}");
    }
    let voted = browser(&["--data", &choice, "--header", &from], &poll.vote());
    assert!(voted.starts_with("http/1.1 303"), "{which}: {voted}");
    let logged_in = browser(&["--data", "username=alice&password=wrong", "--header", &from], "/admin/login/");
    assert!(logged_in.starts_with("http/1.1 400"), "{which}: {logged_in}");
    let right = format!("username=alice&password={PASSWORD}");
    let logged_in = browser(&["--data", &right, "--header", &from], "/admin/login/");
    assert!(logged_in.starts_with("http/1.1 30"), "{which}: {logged_in}");
    assert!(logged_in.contains("sessionid=") && logged_in.contains("; secure"), "{which}: {logged_in}");
    if door.mount != "/" {
        let way = curl(&[], &format!("{origin}{}", door.mount.trim_end_matches('/')));
        assert!(way.starts_with("http/1.1 308"), "{which}: {way}");
        assert!(way.contains(&format!("\nlocation: {origin}{}\n", door.mount)), "{which}: {way}");
    }
    assert!(apache.access_log(&door.path(&poll.vote())).starts_with(&format!("{VISITOR} ")), "{which}");

    // Nobody but the balancer is believed.
    let stranger = |arguments: &[&str], path: &str| {
        let own = ["--header", "X-Forwarded-For: 192.0.2.9", "--header", "X-Forwarded-Proto: https"];
        curl(&[&own[..], arguments].concat(), &format!("{}{}", door.origin, door.path(path)))
    };
    for path in [&poll.detail(), "/static/none.css"] {
        let answer = stranger(&[], path);
        assert!(!answer.contains("strict-transport-security"), "{which} {path}: {answer}");
    }
    let https = format!("Origin: {}", door.origin.replace("http:", "https:"));
    let refused = stranger(&["--data", &choice, "--header", &https], &poll.vote());
    assert!(refused.starts_with("http/1.1 403"), "{which}: {refused}");
    assert!(apache.access_log("none.css").starts_with(&format!("{VISITOR} ")), "{which}");
    assert_eq!(site.totals(&poll), [1, 0, 0], "{which}");
}

/// By the address that the balancer names.
fn strangers_are_not_told_whether_the_program_is_ready(setup: Setup) {
    let site = Site::new(setup, "/vote/");
    for way in WAYS {
        let values = [("POLLS_BALANCER", "127.0.0.1"), ("POLLS_PROBES", "192.0.2.7 2001:db8::/64")];
        let front = site.open_with(way, &values);
        for path in ["/readyz", "/ready%7A", "/./readyz", "//readyz", "/x/../readyz", "/readyz?x", "/readyz/"] {
            let answer = ask(&front, path, "192.0.2.8");
            assert!([403, 404].contains(&answer.status), "{way:?} {path}: {}", answer.text());
        }
        assert_eq!(ask(&front, "/readyz", "192.0.2.8").status, 403, "{way:?}");
        assert_eq!(ask(&front, "/healthz", "192.0.2.8").status, 200, "{way:?}");
        for address in ["192.0.2.7", "2001:db8::7", "127.0.0.1"] {
            assert_eq!(ask(&front, "/readyz", address).status, 200, "{way:?} {address}");
        }
        assert_eq!(front.door.get("/readyz").send().status, 200, "{way:?}");
    }
}

fn ask(front: &Front<'_>, path: &str, from: &str) -> Response {
    front.door.get(path).header("X-Forwarded-For", from).header("X-Forwarded-Proto", "https").send()
}
