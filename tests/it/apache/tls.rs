//! With `Define POLLS_TLS`: the site knows that its visitors came over TLS, and says so.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::clients::said;
use crate::support::servers::{Front, Site, Way};
use crate::support::*;

pub fn tests() -> Vec<Test> {
    let tests = [on_sqlite(the_site_knows_of_tls), on_sqlite(the_site_knows_of_tls_below_a_path)];
    tests.map(|test| test.needing(Need::Apache).needing(Need::Curl)).into()
}

fn the_site_knows_of_tls(setup: Setup) {
    visit_in_every_way(&Site::new(setup, "/"), "set-cookie: __Host-django_language=ko");
}

fn the_site_knows_of_tls_below_a_path(setup: Setup) {
    visit_in_every_way(&Site::new(setup, "/vote/"), "set-cookie: __Secure-django_language=ko");
}

/// Apache with TLS, and with HTTP/2.
pub fn open(site: &Site, way: Way) -> Front<'_> {
    let (certificate, key) = certificate(site);
    let (certificate, key) = (certificate.display().to_string(), key.display().to_string());
    let values = [("POLLS_TLS", "on"), ("POLLS_CERTIFICATE", &*certificate), ("POLLS_CERTIFICATE_KEY", &*key)];
    site.open_with(way, &values)
}

fn visit_in_every_way(site: &Site, cookie: &str) {
    for way in Way::ALL {
        let front = open(site, way);
        for version in ["--http1.1", "--http2"] {
            visit(&front, version, cookie);
        }
        assert_eq!(front.apache.errors(), [""; 0], "{way:?}");
    }
}

fn visit(front: &Front<'_>, version: &str, cookie: &str) {
    let poll = front.site.poll();
    let origin = front.door.origin.replace("http:", "https:");
    let ask = |path: &str, arguments: &[&str]| {
        let mut command = Command::new("curl");
        command.args(["--silent", "--show-error", "--noproxy", "*", "--insecure", "--include", "--max-time", "30"]);
        let answer = said(command.arg(version).args(arguments).arg(format!("{origin}{}", front.door.path(path))));
        answer.replace('\r', "")
    };
    let page = ask(&poll.detail(), &[]);
    let headers = page.to_ascii_lowercase();
    assert!(headers.contains("\nstrict-transport-security: max-age=31536000\n"), "{page}");
    let packed = ["--head", "--header", "Accept-Encoding: gzip"];
    assert!(ask(&poll.detail(), &packed).to_ascii_lowercase().contains("\ncontent-encoding: gzip\n"));
    let session = cookie.replace("set-cookie", "Cookie").replace("django_language=ko", "sessionid=1");
    let own = ask(&poll.detail(), &[&packed[..], &["--header", &session]].concat()).to_ascii_lowercase();
    assert!(own.contains(" 200") && !own.contains("\ncontent-encoding:"), "{own}");
    // A client cannot talk itself out of it.
    let lying = ask(&poll.detail(), &["--header", "X-Forwarded-Proto: http"]).to_ascii_lowercase();
    assert!(lying.contains("\nstrict-transport-security: "), "{lying}");
    let switched = ask("/i18n/setlang/", &["--data", "language=ko"]);
    let line = switched.lines().find(|line| line.to_ascii_lowercase().starts_with("set-cookie: "));
    let line = line.unwrap_or_else(|| panic!("no cookie: {switched}"));
    let (_, given) = line.split_once(": ").expect("a header");
    assert!(format!("set-cookie: {given}").starts_with(cookie) && given.contains("; Secure"), "{line}");
    let vote = format!("choice={}", poll.value(0));
    let voted = ask(&poll.vote(), &["--data", &vote, "--header", &format!("Origin: {origin}")]);
    assert!(
        voted.lines().any(|line| line.eq_ignore_ascii_case(&format!("location: {}", front.door.path(&poll.results())))),
        "{voted}"
    );
    let plain = format!("Origin: {}", front.door.origin);
    let refused = ask(&poll.vote(), &["--data", &vote, "--header", &plain]);
    assert!(refused.contains(" 403"), "{refused}");
    assert_eq!(front.site.totals(&poll), [1, 0, 0]);
}

/// The site's certificate and key.
pub fn certificate(site: &Site) -> (PathBuf, PathBuf) {
    let (certificate, key) = (site.path("certificate.pem"), site.path("key.pem"));
    if !key.exists() {
        make_certificate(&certificate, &key);
    }
    (certificate, key)
}

/// A certificate that nobody has signed, readable for the user that runs Apache.
fn make_certificate(certificate: &Path, key: &Path) {
    let mut command = Command::new("openssl");
    command.args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-batch"]);
    command.args(["-days", "2", "-subj", "/CN=polls.example.org", "-out"]);
    said(command.arg(certificate).arg("-keyout").arg(key));
    std::fs::set_permissions(key, std::fs::Permissions::from_mode(0o644)).expect("its mode can be set");
}
