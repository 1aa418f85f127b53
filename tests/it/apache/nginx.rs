//! FastCGI behind another web server than Apache.

use std::path::Path;

use super::{bounds, visit};
use crate::support::servers::nginx::Nginx;
use crate::support::servers::{Daemon, Door, Site};
use crate::support::*;

pub fn tests() -> Vec<Test> {
    let tests = [
        on_sqlite(a_visitor_votes),
        on_sqlite(a_visitor_votes_below_a_path),
        on_sqlite(bodies_and_targets_have_their_bounds),
        on_sqlite(sixty_kilobytes_of_cookies_are_read),
    ];
    tests.map(|test| test.needing(Need::Nginx)).into()
}

/// nginx before `polls fastcgi` on a unix socket.
fn open(site: &Site, mount: &'static str) -> (Nginx, Daemon, Door) {
    let daemon = site.daemon("fastcgi", "unix:fastcgi.sock", &[]);
    let nginx = Nginx::start(Path::new(&daemon.address));
    let door = Door::at(nginx.port, mount);
    (nginx, daemon, door)
}

fn a_visitor_votes(setup: Setup) {
    let site = Site::new(setup, "/");
    let (_nginx, _daemon, door) = open(&site, "/");
    visit::vote_by_links(&door, &site.poll());
}

fn a_visitor_votes_below_a_path(setup: Setup) {
    let site = Site::new(setup, "/vote/");
    let (_nginx, _daemon, door) = open(&site, "/vote/");
    visit::vote_by_links(&door, &site.poll());
}

fn bodies_and_targets_have_their_bounds(setup: Setup) {
    let site = Site::new(setup, "/");
    let (_nginx, _daemon, door) = open(&site, "/");
    bounds::odd_targets(&door, &site);
    bounds::bodies(&door, &site);
}

fn sixty_kilobytes_of_cookies_are_read(setup: Setup) {
    let site = Site::new(setup, "/");
    let (_nginx, mut daemon, door) = open(&site, "/");
    let poll = site.poll();
    let many: Vec<_> = (0..30).map(|number| format!("c{number}={}", "x".repeat(2000))).collect();
    let cookies = [format!("big={}; django_language=ko", "x".repeat(60_000)), many.join("; ") + "; django_language=ko"];
    for cookies in &cookies {
        let page = door.get(&poll.detail()).header("Cookie", cookies).expect(200);
        assert!(page.text().contains("<html lang=\"ko\">"));
        door.post(&poll.vote()).header("Cookie", cookies).form(&[("choice", &poll.value(2))]).expect(303);
    }
    assert_eq!(site.totals(&poll), [0, 0, 2]);
    assert!(!daemon.process.has_ended());
}
