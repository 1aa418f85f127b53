//! `polls outbound`: the queue of what reaches out to other sites, and its workers.

use std::process::Stdio;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::support::app::{Finished, Process};
use crate::support::servers::far_site::{FarSite, give};
use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![
        on_every_database(a_new_bookmark_gets_its_title_from_the_worker),
        on_sqlite(what_somebody_writes_meanwhile_stays),
        on_sqlite(what_does_not_succeed_is_tried_again_or_given_up),
        on_every_database(a_worker_that_is_killed_loses_nothing),
        on_sqlite(a_task_that_ends_its_workers_is_given_up),
        on_every_database(workers_share_the_queue),
        on_sqlite(a_worker_ends_with_its_task),
        on_sqlite(work_that_does_not_move_is_found),
    ]
}

const HTML: &str = "Content-Type: text/html\r\n";
const ADD: &str = "/admin/bookmark/bookmark/add/";

/// With leave to ask the sites of these tests, which must answer within a second, and without pauses.
fn allowed(setup: Setup) -> Setup {
    let setup = setup.variable("POLLS_OUTBOUND__ALLOWED_NETWORKS", "127.0.0.1,::1");
    let setup = setup.variable("POLLS_OUTBOUND__TIMEOUT", "1").variable("POLLS_OUTBOUND__HOST_PAUSE", "0");
    setup.variable("POLLS_OUTBOUND__LINK_CHECK_DAYS", "0")
}

#[track_caller]
fn work_off(setup: &Setup, code: i32) -> String {
    setup.run(&["outbound", "--once"]).expect(code).stdout
}

fn worker(setup: &Setup, arguments: &[&str]) -> Process {
    let mut command = setup.command(&[&["outbound"], arguments].concat());
    Process(command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("polls can be started"))
}

fn a_new_bookmark_gets_its_title_from_the_worker(setup: Setup) {
    let site = FarSite::start(|_, client| {
        give(client, HTML, b"<title>The page's title</title><meta name=description content='About it'>");
    });
    let app = allowed(setup).start();
    let ada = app.administrator("ada");
    ada.submit(ADD, &[("url", &site.url("/page"))]).expect(303);
    ada.submit(ADD, &[("url", &site.url("/titled")), ("title", "Mine")]).expect(303);
    // Nothing is asked on a request's path, and the address stands for the title until then.
    assert!(site.requests().is_empty());
    let listed = || app.get("/bookmark/").expect(200).text();
    assert!(!listed().contains("The page&#39;s title") && !listed().contains("The page's title"));
    assert_eq!(work_off(&app, 0), "1 done, 0 to be tried again later, 0 failed.\n");
    assert_eq!(site.requests().len(), 1);
    // A page in another process's memory is not shown any longer.
    let shown = eventually("the page shows the title", || Some(listed()).filter(|page| page.contains("About it")));
    assert!(shown.contains("title") && shown.contains("Mine"), "{shown}");
    let history = ada.get("/admin/bookmark/bookmark/1/history/").expect(200).html();
    assert_eq!(history.count("#change-history tbody tr"), 2);
    assert!(history.text("#change-history").contains("ada"));
    assert_eq!(work_off(&app, 0), "0 done, 0 to be tried again later, 0 failed.\n");
    assert_eq!(app.count("outbound_task"), 0);
}

fn what_somebody_writes_meanwhile_stays(setup: Setup) {
    let ((asked, is_asked), (go_on, may_go_on)) = (channel(), channel::<()>());
    let (asked, may_go_on) = (Mutex::new(asked), Mutex::new(may_go_on));
    let site = FarSite::start(move |_, client| {
        let _ = asked.lock().expect("a sender").send(());
        let _ = may_go_on.lock().expect("a receiver").recv();
        give(client, HTML, b"<title>Theirs</title><meta name=description content='Theirs, too'>");
    });
    let setup = allowed(setup).variable("POLLS_OUTBOUND__TIMEOUT", "60");
    setup.run(&["bookmark", "add", "https://example.com/", "--no-fetch"]).expect(0);
    assert_eq!(setup.count("outbound_task"), 0);
    setup.execute(&format!("UPDATE bookmark_bookmark SET url = '{}'", site.url("/")));
    let put = "INSERT INTO outbound_task (kind, app_label, model, object_id, host, created_at, run_after) \
        VALUES ('title', 'bookmark', 'bookmark', 1, '127.0.0.1', '2026-01-01 00:00:00', '2026-01-01 00:00:00')";
    setup.execute(put);
    let working = worker(&setup, &["--once"]);
    is_asked.recv_timeout(PATIENCE).expect("the site is asked");
    setup.run(&["bookmark", "edit", "1", "--title", "Mine"]).expect(0);
    go_on.send(()).expect("the site goes on");
    Finished::of(working).expect(0);
    let shown = setup.run(&["bookmark", "show", "1"]).expect(0).stdout;
    assert!(shown.contains("Mine") && !shown.contains("Theirs\n"), "{shown}");
    assert!(shown.contains("  Theirs, too"), "{shown}");
}

fn what_does_not_succeed_is_tried_again_or_given_up(setup: Setup) {
    let is_there = Arc::new(AtomicBool::new(false));
    let answers = Arc::clone(&is_there);
    let site = FarSite::start(move |path, client| {
        let head = match path {
            "/gone" => "HTTP/1.1 404 Not Found\r\n",
            "/busy" if answers.load(Ordering::SeqCst) => return give(client, HTML, b"<title>There</title>"),
            "/busy" => "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 7200\r\n",
            "/pdf" => return give(client, "Content-Type: application/pdf\r\n", b"%PDF"),
            _ => return give(client, HTML, b"<p>No title"),
        };
        let _ = std::io::Write::write_all(client, format!("{head}Content-Length: 0\r\n\r\n").as_bytes());
    });
    let app = allowed(setup).start();
    let ada = app.administrator("ada");
    for path in ["/gone", "/busy", "/pdf", "/untitled"] {
        ada.submit(ADD, &[("url", &site.url(path))]).expect(303);
    }
    ada.submit(ADD, &[("url", "http://169.254.169.254/")]).expect(303);
    assert_eq!(work_off(&app, 3), "0 done, 1 to be tried again later, 4 failed.\n");
    let reasons = "outbound_task WHERE failed_at IS NOT NULL AND last_error LIKE";
    for reason in ["%404 Not Found%", "%application/pdf%", "%its page has no title%", "%which is not public%"] {
        assert_eq!(app.count(&format!("{reasons} '{reason}'")), 1, "{reason}");
    }
    // Staff see what failed, and can have it tried again.
    let list = "/admin/outbound/task/";
    let failed = ada.get(&format!("{list}?state=failed")).expect(200).html();
    assert_eq!(failed.texts("#result_list .field-kind"), ["Fetch the title"; 4]);
    assert!(failed.text("#result_list").contains("404 Not Found"), "{}", failed.text("#result_list"));
    let form = ada.get(&format!("{list}1/change/")).expect(200).html();
    assert_eq!((form.count("#change-form input:not([type=hidden])"), form.count("[name=_save]")), (0, 0));
    assert!(form.attributes("a", "href").iter().any(|path| path == "/admin/bookmark/bookmark/1/change/"));
    let again = [("action", "try_again"), ("_selected_action", "1"), ("_selected_action", "3")];
    ada.submit_page(list, &failed, &again).expect(303);
    assert!(ada.messages().iter().any(|said| said.contains("2 tasks will be tried again")));
    assert_eq!(work_off(&app, 3), "0 done, 0 to be tried again later, 2 failed.\n");
    let removed = [("action", "delete_selected"), ("post", "yes"), ("_selected_action", "1")];
    ada.submit_page(list, &failed, &removed).expect(303);
    assert_eq!(app.count("outbound_task"), 4);
    // Who may not see tasks sees none.
    app.user("bob").staff().may("bookmark.view_bookmark").create();
    app.logged_in("bob").get(list).expect(403);
    // Nothing is due now.
    let asked = site.requests().len();
    assert_eq!(work_off(&app, 0), "0 done, 0 to be tried again later, 0 failed.\n");
    assert_eq!(site.requests().len(), asked);
    is_there.store(true, Ordering::SeqCst);
    app.execute("UPDATE outbound_task SET run_after = '2026-01-01 00:00:00' WHERE failed_at IS NULL");
    assert_eq!(work_off(&app, 0), "1 done, 0 to be tried again later, 0 failed.\n");
    assert!(app.run(&["bookmark", "show", "2"]).expect(0).stdout.contains("There"));
}

fn a_worker_that_is_killed_loses_nothing(setup: Setup) {
    let (first, is_first) = (channel(), AtomicBool::new(true));
    let (asked, is_asked) = first;
    let asked = Mutex::new(asked);
    let site = FarSite::start(move |_, client| {
        if is_first.swap(false, Ordering::SeqCst) {
            // The worker is killed while it waits for this answer.
            let _ = asked.lock().expect("a sender").send(());
            let _ = std::io::Read::read(client, &mut [0]);
            return;
        }
        give(client, HTML, b"<title>Found</title>");
    });
    let app = allowed(setup).start();
    let ada = app.administrator("ada");
    ada.submit(ADD, &[("url", &site.url("/"))]).expect(303);
    let mut killed = worker(&app, &[]);
    is_asked.recv_timeout(PATIENCE).expect("the site is asked");
    signal(&killed.0, "KILL");
    ended(&mut killed.0);
    assert_eq!(app.count("outbound_task WHERE claimed_by <> ''"), 1);
    // The next one takes the task over when the time of the first is up.
    let _next = worker(&app, &[]);
    eventually("the task is done", || (app.count("outbound_task") == 0).then_some(()));
    assert!(app.run(&["bookmark", "show", "1"]).expect(0).stdout.contains("Found"));
    let history = ada.get("/admin/bookmark/bookmark/1/history/").expect(200).html();
    assert_eq!(history.count("#change-history tbody tr"), 2);
}

fn a_task_that_ends_its_workers_is_given_up(setup: Setup) {
    let site = FarSite::start(|_, client| give(client, HTML, b"<title>There</title>"));
    let setup = allowed(setup);
    let url = site.url("/");
    let id = setup.bookmark(None, &url);
    for (attempts, done) in [(6, "0 done"), (5, "1 done")] {
        setup.execute("DELETE FROM outbound_task");
        setup.execute(&format!(
            "INSERT INTO outbound_task (kind, app_label, model, object_id, host, created_at, run_after, attempts, \
             claimed_at, claimed_by) VALUES ('title', 'bookmark', 'bookmark', {id}, '127.0.0.1', \
             '2026-01-01 00:00:00', '2026-01-01 00:00:00', {attempts}, '2026-01-01 00:00:00', 'dead')"
        ));
        let said = setup.run(&["outbound", "--once"]);
        assert!(said.stdout.starts_with(done), "{said:?}");
    }
    assert_eq!(site.requests().len(), 1);
}

fn workers_share_the_queue(setup: Setup) {
    let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let sites: Vec<_> = (0..3)
        .map(|_| {
            let (now, most) = (Arc::clone(&now), Arc::clone(&most));
            let at_this_site = AtomicUsize::new(0);
            FarSite::start(move |path, client| {
                assert_eq!(at_this_site.fetch_add(1, Ordering::SeqCst), 0, "a site is asked twice at once");
                most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                // So long that others come meanwhile, if they come.
                std::thread::sleep(Duration::from_millis(40));
                now.fetch_sub(1, Ordering::SeqCst);
                at_this_site.fetch_sub(1, Ordering::SeqCst);
                give(client, HTML, format!("<title>Title of {path}</title>").as_bytes());
            })
        })
        .collect();
    let setup = allowed(setup).variable("POLLS_OUTBOUND__TIMEOUT", "20");
    for number in 0..12 {
        let url = sites[number % 3].url(&format!("/{number}"));
        let id = setup.bookmark(None, &url);
        let host = url.trim_start_matches("http://").split('/').next().expect("a host").to_owned();
        setup.execute(&format!(
            "INSERT INTO outbound_task (kind, app_label, model, object_id, host, created_at, run_after) \
             VALUES ('title', 'bookmark', 'bookmark', {id}, '{host}', '2026-01-01 00:00:00', '2026-01-01 00:00:00')"
        ));
    }
    let workers: Vec<_> = (0..3).map(|_| worker(&setup, &[])).collect();
    eventually("all is done", || (setup.count("outbound_task") == 0).then_some(()));
    for mut worker in workers {
        signal(&worker.0, "TERM");
        assert!(ended(&mut worker.0).success());
    }
    assert_eq!(setup.count("bookmark_bookmark WHERE title LIKE 'Title of %'"), 12);
    let asked: Vec<_> = sites.iter().map(|site| site.requests().len()).collect();
    assert_eq!(asked, [4, 4, 4]);
    assert!(most.load(Ordering::SeqCst) > 1, "the workers took turns");
}

fn a_worker_ends_with_its_task(setup: Setup) {
    let ((asked, is_asked), (go_on, may_go_on)) = (channel(), channel::<()>());
    let (asked, may_go_on) = (Mutex::new(asked), Mutex::new(may_go_on));
    let site = FarSite::start(move |_, client| {
        let _ = asked.lock().expect("a sender").send(());
        let _ = may_go_on.lock().expect("a receiver").recv();
        give(client, HTML, b"<title>There</title>");
    });
    let app = allowed(setup).variable("POLLS_OUTBOUND__TIMEOUT", "60").start();
    let ada = app.administrator("ada");
    ada.submit(ADD, &[("url", &site.url("/"))]).expect(303);
    let mut working = worker(&app, &[]);
    is_asked.recv_timeout(PATIENCE).expect("the site is asked");
    signal(&working.0, "TERM");
    go_on.send(()).expect("the site goes on");
    assert!(ended(&mut working.0).success());
    assert_eq!(app.count("outbound_task"), 0);
    assert!(app.run(&["bookmark", "show", "1"]).expect(0).stdout.contains("There"));
}

fn work_that_does_not_move_is_found(setup: Setup) {
    let found = |setup: &Setup| setup.run(&["check"]).expect(0).stdout.contains("polls.W011");
    assert!(!found(&setup));
    let id = setup.bookmark(None, "https://example.com/");
    let put = |time: &str| {
        setup.execute("DELETE FROM outbound_task");
        setup.execute(&format!(
            "INSERT INTO outbound_task (kind, app_label, model, object_id, host, created_at, run_after) \
             VALUES ('title', 'bookmark', 'bookmark', {id}, 'example.com', '{time}', '{time}')"
        ));
    };
    put("2099-01-01 00:00:00");
    assert!(!found(&setup));
    put("2026-01-01 00:00:00");
    assert!(found(&setup));
    // A worker asks hosts.
    setup.execute("INSERT INTO outbound_host (host, next_at) VALUES ('other.example', '2099-01-01 00:00:00')");
    assert!(!found(&setup));
}
