//! `polls bookmark check` and the states of links in the admin.

use std::fs;
use std::io::Write as _;
use std::net::TcpStream;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::support::servers::far_site::{FarSite, flood, give, redirect};
use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![
        on_sqlite(states_of_links_are_told_apart),
        on_sqlite(what_robots_txt_forbids_is_not_asked),
        on_sqlite(a_site_without_time_is_left_alone),
        on_every_database(dead_and_moved_links_are_found_in_the_admin),
        on_every_database(links_are_checked_again_after_some_days),
        // Which brings openssl.
        on_sqlite(an_unsafe_certificate_is_told).needing(Need::Apache),
    ]
}

const HTML: &str = "Content-Type: text/html\r\n";

fn allowed(setup: Setup) -> Setup {
    let setup = setup.variable("POLLS_OUTBOUND__ALLOWED_NETWORKS", "127.0.0.1,::1");
    setup.variable("POLLS_OUTBOUND__TIMEOUT", "1").variable("POLLS_OUTBOUND__HOST_PAUSE", "0")
}

fn answer(client: &mut TcpStream, status: &str) {
    let _ = client.write_all(format!("HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n").as_bytes());
}

/// The method of the request that a site got last but `before`.
fn method(site: &FarSite, before: usize) -> String {
    let requests = site.requests();
    requests[requests.len() - 1 - before].split(' ').next().expect("a method").to_owned()
}

fn states_of_links_are_told_apart(setup: Setup) {
    let taken = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&taken);
    // Answers by the path, whatever the method; what is only for GET looks at the number of its requests.
    let heads = AtomicUsize::new(0);
    let site = FarSite::start(move |path, client| match path {
        "/ok" => give(client, HTML, b"<title>x</title>"),
        "/gone" => answer(client, "404 Not Found"),
        "/gone-for-good" => answer(client, "410 Gone"),
        "/login" => answer(client, "401 Unauthorized"),
        "/forbidden" => answer(client, "403 Forbidden"),
        "/broken" => answer(client, "500 Internal Server Error"),
        "/no-head" if heads.fetch_add(1, Ordering::SeqCst) == 0 => answer(client, "405 Method Not Allowed"),
        "/no-head" => give(client, HTML, b"<title>x</title>"),
        "/moved" => answer(client, "301 Moved Permanently\r\nLocation: /ok"),
        "/moved-twice" => answer(client, "308 Permanent Redirect\r\nLocation: /moved"),
        "/for-now" => redirect(client, "/ok"),
        "/moved-for-now" => answer(client, "301 Moved Permanently\r\nLocation: /for-now"),
        "/moved-and-gone" => answer(client, "301 Moved Permanently\r\nLocation: /gone"),
        "/loop" => answer(client, "301 Moved Permanently\r\nLocation: /loop"),
        "/metadata" => redirect(client, "http://169.254.169.254/latest/meta-data/"),
        "/slow" => {
            let _ = client.write_all(b"HTTP/1.1 200 OK\r\nX: ");
            while client.write_all(b"H").is_ok() {
                std::thread::sleep(std::time::Duration::from_millis(100));
            }
        }
        "/headers" => {
            let _ = client.write_all(b"HTTP/1.1 200 OK\r\nX: ");
            flood(client, &b"X".repeat(4096), 1 << 30);
        }
        "/endless" => {
            let _ = client.write_all(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Type: text/html\r\n\r\n");
            counted.store(flood(client, &b"x".repeat(4096), 1 << 30), Ordering::SeqCst);
        }
        "/closed" => {}
        _ => answer(client, "404 Not Found"),
    });
    let setup = allowed(setup);
    let unused = std::net::TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a port");
    let (nowhere, nobody) = (format!("http://{unused}/"), "http://nobody.invalid/".to_owned());
    let links = [
        (site.url("/ok"), "ok\t200", ""),
        (site.url("/gone"), "gone\t404", ""),
        (site.url("/gone-for-good"), "gone\t410", ""),
        (site.url("/login"), "refused\t401", ""),
        (site.url("/forbidden"), "refused\t403", ""),
        (site.url("/broken"), "faulty\t500", ""),
        (site.url("/no-head"), "ok\t200", ""),
        (site.url("/moved"), "moved\t200", "/ok"),
        (site.url("/moved#part"), "moved\t200", "/ok#part"),
        (site.url("/moved-twice"), "moved\t200", "/ok"),
        (site.url("/for-now"), "ok\t200", ""),
        (site.url("/moved-for-now"), "moved\t200", "/for-now"),
        (site.url("/moved-and-gone"), "gone\t404", ""),
        (site.url("/loop"), "faulty\t", ""),
        (site.url("/metadata"), "not-allowed\t", ""),
        (site.url("/slow"), "unreachable\t", ""),
        (site.url("/headers"), "faulty\t", ""),
        (site.url("/endless"), "ok\t200", ""),
        (site.url("/closed"), "unreachable\t", ""),
        (nowhere, "unreachable\t", ""),
        (nobody, "unreachable\t", ""),
        ("http://10.0.0.1/".to_owned(), "not-allowed\t", ""),
        ("http://8.8.8.8:22/".to_owned(), "not-allowed\t", ""),
    ];
    for (url, _, _) in &links {
        setup.bookmark(None, url);
    }
    let said = setup.run(&["bookmark", "check"]).expect(3);
    for (id, (url, found, new)) in (1..).zip(&links) {
        let new = if new.is_empty() { String::new() } else { site.url(new) };
        let line = format!("{id}\t{found}\t{url}\t{new}");
        assert!(said.stdout.lines().any(|said| said == line), "{line}: {said:?}");
    }
    assert_eq!(setup.count("bookmark_check"), 23);
    assert_eq!(setup.count("bookmark_check WHERE first_failed_at IS NOT NULL"), 10);
    // The rest of an endless page is not taken.
    assert!(taken.load(Ordering::SeqCst) < 64 << 20);
    // One by one; what is there is asked for its head alone.
    let asked = site.requests().len();
    setup.run(&["bookmark", "check", "1"]).expect(0);
    assert_eq!((site.requests().len() - asked, method(&site, 0)), (2, "HEAD".to_owned()));
    let said = setup.run(&["bookmark", "check", "2"]).expect(3);
    assert_eq!((method(&site, 1), method(&site, 0)), ("HEAD".to_owned(), "GET".to_owned()), "{said:?}");
    assert!(setup.run(&["bookmark", "check", "99"]).expect(1).stderr.contains("there is no bookmark 99"));
    assert_eq!(setup.run(&["bookmark", "check", "--older-than", "1"]).expect(0).stdout, "");
    let shown = setup.run(&["bookmark", "show", "8"]).expect(0).stdout;
    assert!(shown.contains("moved 200") && shown.contains(&site.url("/ok")), "{shown}");
}

fn what_robots_txt_forbids_is_not_asked(setup: Setup) {
    let site = FarSite::start(|path, client| match path {
        "/robots.txt" => give(client, "Content-Type: text/plain\r\n", b"User-agent: *\nDisallow: /closed\n"),
        _ => give(client, HTML, b"x"),
    });
    let broken = FarSite::start(|path, client| match path {
        "/robots.txt" => answer(client, "500 Internal Server Error"),
        _ => give(client, HTML, b"x"),
    });
    let setup = allowed(setup);
    for url in [site.url("/open"), site.url("/closed/x"), site.url("/also-open"), broken.url("/page")] {
        setup.bookmark(None, &url);
    }
    let said = setup.run(&["bookmark", "check"]).expect(3);
    let lines = [
        format!("1\tok\t200\t{}\t", site.url("/open")),
        format!("2\trobots\t\t{}\t", site.url("/closed/x")),
        format!("3\tok\t200\t{}\t", site.url("/also-open")),
        format!("4\tlater\t500\t{}\t", broken.url("/page")),
    ];
    for line in lines {
        assert!(said.stdout.lines().any(|said| said == line), "{line}: {said:?}");
    }
    let asked: Vec<_> = site.requests().iter().map(|request| request.split(' ').nth(1).map(str::to_owned)).collect();
    assert!(!asked.contains(&Some("/closed/x".to_owned())), "{asked:?}");
    assert_eq!(asked.iter().filter(|path| path.as_deref() == Some("/robots.txt")).count(), 1);
    assert_eq!(broken.requests().len(), 1);
}

fn a_site_without_time_is_left_alone(setup: Setup) {
    let site = FarSite::start(|path, client| match path {
        "/robots.txt" => answer(client, "404 Not Found"),
        _ => answer(client, "429 Too Many Requests\r\nRetry-After: 3600"),
    });
    let setup = allowed(setup);
    for path in ["/1", "/2", "/3"] {
        setup.bookmark(None, &site.url(path));
    }
    let said = setup.run(&["bookmark", "check"]).expect(3).stdout;
    assert!(said.starts_with(&format!("1\tlater\t429\t{}\t\n2\tlater\t\t", site.url("/1"))), "{said}");
    // The others are not asked for, neither now nor by the worker, until the hour is over.
    assert_eq!(site.requests().len(), 2);
    assert_eq!(setup.count("outbound_task WHERE kind = 'check'"), 3);
    let said = setup.run(&["outbound", "--once"]).expect(0).stdout;
    assert_eq!((said.as_str(), site.requests().len()), ("0 done, 0 to be tried again later, 0 failed.\n", 2));
    assert_eq!(setup.count("bookmark_check"), 0);
}

fn dead_and_moved_links_are_found_in_the_admin(setup: Setup) {
    let site = FarSite::start(|path, client| match path {
        "/ok" => give(client, HTML, b"x"),
        "/moved" => answer(client, "301 Moved Permanently\r\nLocation: /ok"),
        _ => answer(client, "404 Not Found"),
    });
    let app = allowed(setup).variable("POLLS_OUTBOUND__LINK_CHECK_DAYS", "0").start();
    let ada = app.administrator("ada");
    for (title, path) in [("Dead", "/dead"), ("Old", "/moved"), ("Other", "/other")] {
        app.bookmark(Some(title), &site.url(path));
    }
    let list = "/admin/bookmark/bookmark/";
    let run = |action: &str, ids: &[&str]| {
        let page = ada.get(list).expect(200).html();
        let chosen = ids.iter().map(|id| ("_selected_action", *id));
        let typed: Vec<_> = [("action", action)].into_iter().chain(chosen).collect();
        ada.submit_page(list, &page, &typed).expect(303);
        ada.messages()
    };
    let said = run("check_links", &["1", "2", "3"]);
    assert!(said.iter().any(|said| said.contains("3 links will be checked")), "{said:?}");
    assert!(site.requests().is_empty());
    assert_eq!(app.run(&["outbound", "--once"]).expect(0).stdout, "3 done, 0 to be tried again later, 0 failed.\n");
    let found = |query: &str| ada.get(&format!("{list}?{query}")).expect(200).html().texts("#result_list .field-title");
    assert_eq!(found("link_state__exact=gone"), ["Other", "Dead"]);
    assert_eq!(found("link_state__exact=moved"), ["Old"]);
    assert_eq!(found("link_state__isnull=True"), [""; 0]);
    let form = ada.get(&format!("{list}1/change/")).expect(200).html();
    let archive = format!("https://web.archive.org/web/*/{}", site.url("/dead"));
    assert!(form.attributes("a", "href").contains(&archive), "{:?}", form.attributes("a", "href"));
    assert!(form.text("#change-form").contains("Gone") && form.text("#change-form").contains("404"));
    // Readers are told that it was not found, and nothing of the answer.
    let page = app.get("/bookmark/1/").expect(200).html().text("main").replace(&site.url(""), "");
    assert!(page.contains("The page was not found") && !page.contains("404"), "{page}");
    let said = run("take_new_address", &["1", "2"]);
    assert!(said.iter().any(|said| said.contains("1 bookmark has no new address")), "{said:?}");
    assert!(app.run(&["bookmark", "show", "2"]).expect(0).stdout.contains(&site.url("/ok")));
    assert_eq!(app.count("bookmark_check WHERE bookmark_id = 2"), 0);
    let history = ada.get(&format!("{list}2/history/")).expect(200).html();
    assert_eq!(history.count("#change-history tbody tr"), 1);
    // One address can be there only once.
    app.execute(&format!("UPDATE bookmark_check SET state = 'moved', new_address = '{}'", site.url("/ok")));
    run("take_new_address", &["1"]);
    assert!(app.run(&["bookmark", "show", "1"]).expect(0).stdout.contains(&site.url("/dead")));
    // What is deleted is not asked for.
    run("check_links", &["3"]);
    app.run(&["bookmark", "delete", "3"]).expect(0);
    let asked = site.requests().len();
    assert_eq!(app.run(&["outbound", "--once"]).expect(0).stdout, "1 done, 0 to be tried again later, 0 failed.\n");
    assert_eq!((site.requests().len(), app.count("bookmark_check")), (asked, 1));
}

fn links_are_checked_again_after_some_days(setup: Setup) {
    let site = FarSite::start(|path, client| match path {
        "/robots.txt" => answer(client, "404 Not Found"),
        _ => give(client, HTML, b"x"),
    });
    let setup = allowed(setup);
    for path in ["/1", "/2"] {
        setup.bookmark(Some(path), &site.url(path));
    }
    setup.bookmark(Some("Mail"), "mailto:ada@example.com");
    let work = |days: &str| {
        let mut command = setup.command(&["outbound", "--once"]);
        let output = command.env("POLLS_OUTBOUND__LINK_CHECK_DAYS", days).output().expect("it can be started");
        String::from_utf8_lossy(&output.stdout).split(' ').next().unwrap_or_default().to_owned()
    };
    assert_eq!(work("0"), "0");
    assert_eq!(work("30"), "2");
    assert_eq!(work("30"), "0");
    setup.execute("UPDATE bookmark_check SET checked_at = '2026-01-01 00:00:00' WHERE bookmark_id = 2");
    assert_eq!(work("30"), "1");
    assert_eq!(setup.count("bookmark_check WHERE state = 'ok'"), 2);
    // An address of its own begins anew.
    setup.run(&["bookmark", "edit", "1", "--url", &site.url("/3")]).expect(0);
    assert_eq!(setup.count("bookmark_check"), 1);
    assert_eq!(work("30"), "1");
}

fn an_unsafe_certificate_is_told(setup: Setup) {
    let [certificate, key] = ["certificate.pem", "key.pem"].map(|name| setup.path(name));
    let mut openssl = Command::new("openssl");
    openssl.args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "1"]);
    openssl.args(["-subj", "/CN=far site", "-out"]).arg(&certificate).arg("-keyout").arg(&key);
    let made = openssl.output().expect("openssl can be started");
    assert!(made.status.success() && fs::metadata(&key).is_ok(), "{}", String::from_utf8_lossy(&made.stderr));
    let site = FarSite::over_tls(&certificate, &key, b"<title>Over TLS</title>");
    let setup = allowed(setup);
    setup.bookmark(None, &site.url("/").replace("http:", "https:"));
    let said = setup.run(&["bookmark", "check"]).expect(3);
    assert!(said.stdout.starts_with("1\tunsafe\t\t"), "{said:?}");
}
