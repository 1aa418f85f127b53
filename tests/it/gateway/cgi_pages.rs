//! Processes that answer one request each leave their pages to each other, and nobody can tell but by the time it takes.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::PathBuf;
use std::process::{Child, Stdio};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use diesel::connection::SimpleConnection as _;

use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![
        on_sqlite(a_page_is_found_by_the_next_process),
        on_sqlite(what_is_written_shows_in_the_next_page),
        on_sqlite(what_a_transaction_has_not_committed_is_in_no_page),
        on_sqlite(a_page_is_for_its_own_readers_alone),
        on_sqlite(a_changed_setting_shows_in_the_next_page),
        on_sqlite(a_crowd_gets_the_page_whole),
        on_sqlite(a_reader_who_knows_the_page_is_told_so),
        on_sqlite(a_link_to_the_database_is_as_good_as_the_file),
        on_sqlite(times_without_fractions_are_not_trusted_for_a_second),
        on_sqlite(who_reads_slowly_keeps_no_page_from_others),
        on_sqlite(what_is_no_page_is_answered_every_time),
        on_sqlite(nobody_else_may_look_into_the_directory),
        on_sqlite(what_others_could_have_written_is_not_read),
        on_sqlite(where_no_page_can_be_kept_all_are_made),
        on_sqlite(the_setting_switches_it_off),
        on_sqlite(the_request_log_has_pages_that_were_found),
    ]
}

/// A process for one GET, with these variables besides.
fn asked(setup: &Setup, target: &str, variables: &[(&str, &str)]) -> Child {
    let mut command = setup.command(&[]);
    command.envs([
        ("GATEWAY_INTERFACE", "CGI/1.1"),
        ("SERVER_PROTOCOL", "HTTP/1.1"),
        ("REMOTE_ADDR", "192.0.2.1"),
        ("HTTP_HOST", HOST),
        ("REQUEST_METHOD", "GET"),
        ("REQUEST_URI", target),
    ]);
    command.envs(variables.iter().copied()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn().expect("polls can be started")
}

/// Its answer.
#[track_caller]
fn answer(process: Child, is_head: bool) -> Response {
    let said = process.wait_with_output().expect("it ends");
    assert!(said.status.success(), "{}: {}", said.status, String::from_utf8_lossy(&said.stderr));
    let mut bytes = b"HTTP/1.1 ".to_vec();
    bytes.extend_from_slice(said.stdout.strip_prefix(b"Status: ").expect("a status"));
    Response::parse(&bytes, is_head)
}

#[track_caller]
fn get_as(setup: &Setup, target: &str, variables: &[(&str, &str)]) -> Response {
    answer(asked(setup, target, variables), variables.contains(&("REQUEST_METHOD", "HEAD")))
}

#[track_caller]
fn get(setup: &Setup, target: &str) -> Response {
    get_as(setup, target, &[]).expect(200)
}

fn directory(setup: &Setup) -> PathBuf {
    let file = setup.database().url.strip_prefix("sqlite://").expect("a file").to_owned();
    PathBuf::from(file + "-pages")
}

/// Writes something else into every page that is kept; whoever is sent it found it there. False where there is none.
fn mark(setup: &Setup) -> bool {
    let files = fs::read_dir(directory(setup)).into_iter().flatten().map(|file| file.expect("a file").path());
    let mut pages = files.map(|file| (fs::read(&file).expect("a page"), file)).collect::<Vec<_>>();
    pages.retain(|(page, _)| !page.is_empty());
    for (page, file) in &pages {
        let marked = String::from_utf8_lossy(page).replace("<!DOCTYPE", "<!doctype");
        fs::write(file, marked).expect("it can be written");
    }
    !pages.is_empty()
}

fn was_found(page: &Response) -> bool {
    page.body.starts_with(b"<!doctype")
}

/// Holds what is to be found of a page that was made just now. The second may end in between, and of a file that
/// was changed just now no page is kept, but not every time.
#[track_caller]
fn in_one_second(setup: &Setup, made: impl Fn() -> Response, holds: impl Fn() -> bool) {
    eventually("it holds", || {
        let _ = fs::remove_dir_all(directory(setup));
        assert!(!was_found(&made()));
        (mark(setup) && holds()).then_some(())
    });
}

fn a_page_is_found_by_the_next_process(setup: Setup) {
    in_one_second(
        &setup,
        || get(&setup, "/polls/"),
        || {
            let found = get(&setup, "/polls/");
            was_found(&found) && found.header("date").is_some_and(|date| date.ends_with(" GMT"))
        },
    );
    let page = get(&setup, "/polls/");
    let made = get_as(&setup, "/polls/", &[("POLLS_SERVER__PAGE_CACHE", "false")]);
    assert_eq!(page.lasting_headers(), made.lasting_headers());
    assert_eq!(page.body.to_ascii_lowercase(), made.body.to_ascii_lowercase());
}

fn what_is_written_shows_in_the_next_page(app: &TestApp) {
    let poll = app.poll();
    let heading = || get(app, &poll.detail()).html().text("h1");
    // First with SQLite's log there, which the app keeps open, then without.
    let mut number = 0;
    let mut ask_again = |setup: &Setup| {
        for _ in 0..20 {
            number += 1;
            let mut conn = setup.open();
            let sql = format!("UPDATE polls_question SET question_text = 'Question {number}?'");
            conn.batch_execute(&sql).expect("nobody else writes");
            drop(conn);
            assert_eq!(heading(), format!("Question {number}?"));
            assert_eq!(heading(), format!("Question {number}?"));
        }
    };
    app.get("/polls/").expect(200);
    ask_again(app);
    app.post(&poll.vote()).form(&[("choice", &poll.value(0))]).expect(303);
    assert_eq!(get(app, &poll.results()).html().text(".total"), "1 vote in all");
    app.signal("TERM");
    eventually("the app ends", || fs::metadata(app.database().url.replace("sqlite://", "") + "-wal").err());
    ask_again(app);
}

fn what_a_transaction_has_not_committed_is_in_no_page(app: &TestApp) {
    let poll = app.poll();
    let heading = || get(app, &poll.detail()).html().text("h1");
    let before = heading();
    let mut conn = app.open();
    // More than SQLite's memory holds, so that it writes to the log before the commit.
    conn.batch_execute("PRAGMA cache_size = 1; BEGIN IMMEDIATE").expect("nobody else writes");
    conn.batch_execute("UPDATE polls_question SET question_text = 'Uncommitted?'").expect("it is written");
    for number in 0..200 {
        let sql =
            format!("INSERT INTO bookmark_bookmark (title, url) VALUES ('{number}', '{number}{}')", "x".repeat(3000));
        conn.batch_execute(&sql).expect("it is written");
    }
    for _ in 0..3 {
        assert_eq!(heading(), before);
    }
    conn.batch_execute("COMMIT").expect("it is committed");
    assert_eq!(heading(), "Uncommitted?");
}

fn a_page_is_for_its_own_readers_alone(setup: Setup) {
    let found = |variables: &[(&str, &str)]| was_found(&get_as(&setup, "/polls/", variables).expect(200));
    let others: [&[(&str, &str)]; 8] = [
        &[("HTTP_ACCEPT_LANGUAGE", "ko")],
        &[("HTTP_COOKIE", "django_language=ko")],
        &[("HTTP_COOKIE", "sessionid=0123456789abcdef0123456789abcdef")],
        &[("HTTP_COOKIE", "a=b; fresh=1")],
        &[("HTTP_ACCEPT_ENCODING", "gzip")],
        &[("HTTP_HOST", "localhost")],
        &[("HTTPS", "on")],
        &[("REQUEST_URI", "/polls/?page=1")],
    ];
    for other in others {
        let page = || get_as(&setup, "/polls/", &[("HTTP_COOKIE", "unknown=1")]).expect(200);
        in_one_second(&setup, page, || !found(other) && found(&[]));
    }
    in_one_second(
        &setup,
        || get(&setup, "/polls/"),
        || {
            let refused = get_as(&setup, "/polls/", &[("HTTP_HOST", "evil.example.org")]).expect(400);
            let posted = get_as(&setup, "/polls/", &[("REQUEST_METHOD", "POST")]).expect(405);
            !was_found(&refused) && !was_found(&posted) && found(&[])
        },
    );
}

fn a_changed_setting_shows_in_the_next_page(setup: Setup) {
    let language = |page: Response| page.html().attribute("html", "lang").expect("a language");
    let korean = [("POLLS_LANGUAGE_CODE", "ko")];
    for _ in 0..3 {
        assert_eq!(language(get(&setup, "/polls/")), "en");
        assert_eq!(language(get_as(&setup, "/polls/", &korean)), "ko");
    }
    let setup = setup.settings("language_code = \"ko\"");
    assert_eq!(language(get(&setup, "/polls/")), "ko");
}

fn a_crowd_gets_the_page_whole(setup: Setup) {
    let expected = get(&setup, "/polls/").body;
    for _ in 0..5 {
        let crowd: Vec<_> = (0..16).map(|_| asked(&setup, "/polls/", &[])).collect();
        for process in crowd {
            assert!(answer(process, false).expect(200).body == expected);
        }
    }
}

fn a_reader_who_knows_the_page_is_told_so(setup: Setup) {
    let tag = get(&setup, "/polls/").header("etag").expect("a validator").to_owned();
    let length = get(&setup, "/polls/").body.len().to_string();
    for _ in 0..3 {
        get_as(&setup, "/polls/", &[("HTTP_IF_NONE_MATCH", &tag)]).expect(304);
        let head = get_as(&setup, "/polls/", &[("REQUEST_METHOD", "HEAD")]).expect(200);
        assert_eq!(head.header("content-length"), Some(&*length));
    }
}

fn a_link_to_the_database_is_as_good_as_the_file(setup: Setup) {
    let link = setup.path("link.sqlite3");
    symlink(setup.database().url.strip_prefix("sqlite://").expect("a file"), &link).expect("a link can be made");
    let app = setup.variable("POLLS_DATABASE_URL", &format!("sqlite://{}", link.display())).start();
    let poll = app.poll();
    for votes in 1..=5 {
        app.post(&poll.vote()).form(&[("choice", &poll.value(0))]).expect(303);
        let total = if votes == 1 { "1 vote in all".to_owned() } else { format!("{votes} votes in all") };
        assert_eq!(get(&app, &poll.results()).html().text(".total"), total);
        assert_eq!(get(&app, &poll.results()).html().text(".total"), total);
    }
}

fn times_without_fractions_are_not_trusted_for_a_second(setup: Setup) {
    let file = fs::File::options().write(true).open(setup.database().url.replace("sqlite://", "")).expect("the file");
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).expect("it is later").as_secs();
    file.set_modified(UNIX_EPOCH + Duration::from_secs(seconds)).expect("a time can be set");
    get(&setup, "/polls/");
    assert!(!directory(&setup).exists() || !mark(&setup));
    file.set_modified(UNIX_EPOCH + Duration::from_secs(seconds - 10)).expect("a time can be set");
    in_one_second(&setup, || get(&setup, "/polls/"), || was_found(&get(&setup, "/polls/")));
}

fn who_reads_slowly_keeps_no_page_from_others(app: &TestApp) {
    let poll = app.poll();
    let question = poll.id;
    let choices = (0..900).map(|number| format!("({question}, 'A choice with many words, number {number}', 0)"));
    let choices = choices.collect::<Vec<_>>().join(", ");
    app.execute(&format!("INSERT INTO polls_choice (question_id, choice_text, votes) VALUES {choices}"));
    in_one_second(app, || get(app, &poll.detail()), || true);
    fs::remove_dir_all(directory(app)).expect("pages are kept");
    let slow = asked(app, &poll.detail(), &[]);
    eventually("it has made the page", || mark(app).then_some(()));
    eventually("a page is found while it waits", || {
        let long = get(app, &poll.detail());
        assert!(long.body.len() > 65_536, "{}", long.body.len());
        (mark(app) && was_found(&get(app, &poll.detail()))).then_some(())
    });
    answer(slow, false).expect(200);
}

fn what_is_no_page_is_answered_every_time(setup: Setup) {
    for _ in 0..3 {
        assert!(get_as(&setup, "/polls/999/", &[]).expect(404).html().count("h1") == 1);
        get_as(&setup, "/polls", &[]).expect(308);
        get_as(&setup, "/healthz", &[]).expect(200);
        let styles = get(&setup, "/polls/").html().attributes("link[rel=stylesheet]", "href");
        get(&setup, &styles[0]);
    }
    let crowd: Vec<_> = (0..16).map(|_| asked(&setup, "/polls/999/", &[])).collect();
    for process in crowd {
        answer(process, false).expect(404);
    }
}

fn nobody_else_may_look_into_the_directory(setup: Setup) {
    in_one_second(&setup, || get(&setup, "/polls/"), || true);
    let mode = |path: PathBuf| fs::metadata(path).expect("it is there").permissions().mode() & 0o777;
    assert_eq!(mode(directory(&setup)), 0o700);
    for file in fs::read_dir(directory(&setup)).expect("a directory") {
        assert_eq!(mode(file.expect("a file").path()), 0o600);
    }
}

fn what_others_could_have_written_is_not_read(setup: Setup) {
    in_one_second(&setup, || get(&setup, "/polls/"), || was_found(&get(&setup, "/polls/")));
    fs::set_permissions(directory(&setup), fs::Permissions::from_mode(0o777)).expect("its mode can be set");
    for _ in 0..10 {
        assert!(!was_found(&get(&setup, "/polls/")));
    }
}

fn where_no_page_can_be_kept_all_are_made(setup: Setup) {
    fs::write(directory(&setup), "in the way").expect("a file can be written");
    for _ in 0..3 {
        assert!(!was_found(&get(&setup, "/polls/")));
    }
}

fn the_setting_switches_it_off(setup: Setup) {
    get_as(&setup, "/polls/", &[("POLLS_SERVER__PAGE_CACHE", "false")]).expect(200);
    assert!(!directory(&setup).exists());
}

fn the_request_log_has_pages_that_were_found(setup: Setup) {
    for unique_id in ["first", "second", "third"] {
        let process = asked(&setup, "/polls/", &[("UNIQUE_ID", unique_id)]);
        let said = process.wait_with_output().expect("it ends");
        let log = String::from_utf8_lossy(&said.stderr);
        assert!(log.contains("GET /polls/ 200") && log.contains(unique_id), "{log}");
    }
}
