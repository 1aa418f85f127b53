//! Errors of the log are mailed to the administrators.

use crate::support::servers::mail_server::MailServer;
use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![
        on_every_database(an_error_is_mailed_to_every_administrator_once_a_minute).needing(Need::Smtp),
        on_sqlite(what_the_log_masks_is_in_no_mail).needing(Need::Smtp),
        on_sqlite(an_error_of_mail_itself_is_never_mailed),
        on_sqlite(errors_wait_for_a_database_that_takes_none),
        on_sqlite(a_process_that_ends_notes_its_last_error),
        on_sqlite(a_program_that_apache_starts_notes_its_error_before_it_ends),
    ]
}

fn with_mail(setup: Setup, port: u16) -> Setup {
    let setup = setup.settings(&format!(
        "[mail]\nbackend = \"smtp\"\nhost = \"127.0.0.1\"\nport = {port}\nfrom = \"Polls <polls@example.org>\"\n\
         server_from = \"root@example.org\"\nadmins = [\"ops@example.org\", \"Dev <dev@example.org>\"]\n\
         subject_prefix = \"[vote] \"\nsite_url = \"https://polls.example.org\""
    ));
    setup.variable("POLLS_OUTBOUND__HOST_PAUSE", "0").variable("POLLS_OUTBOUND__LINK_CHECK_DAYS", "0")
}

/// A port at which nobody listens.
fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port").port()
}

/// Waits until so many errors are noted since the last mail.
#[track_caller]
fn noted(setup: &Setup, times: usize) {
    let rows = format!("outbound_report WHERE times = {times}");
    eventually("the errors are noted", || (setup.count(&rows) == 1).then_some(()));
}

fn break_bookmarks(setup: &Setup) {
    setup.execute("ALTER TABLE bookmark_bookmark RENAME TO gone");
}

fn an_error_is_mailed_to_every_administrator_once_a_minute(setup: Setup) {
    let server = MailServer::start();
    let app = with_mail(setup, server.port).start();
    break_bookmarks(&app);
    app.get("/bookmark/").expect(500);
    noted(&app, 1);
    assert_eq!(app.run(&["outbound", "--once"]).expect(0).stdout, "1 done, 0 to be tried again later, 0 failed.\n");
    let mails = server.mails();
    let to: Vec<_> = mails.iter().map(|mail| mail.headers["To"].as_str()).collect();
    assert_eq!(to, ["ops@example.org", "Dev <dev@example.org>"]);
    let mail = &mails[0];
    assert_eq!((mail.from.as_str(), mail.headers["From"].as_str()), ("root@example.org", "root@example.org"));
    assert!(mail.headers["Subject"].starts_with("[vote] Error: 500 Internal Server Error: "), "{:?}", mail.headers);
    for part in
        ["This error was logged at ", "path=\"/bookmark/\"", "request_id=", "polls.request src/web/edge/mod.rs:"]
    {
        assert!(mail.body.contains(part), "{part}: {}", mail.body);
    }
    // Those of the next minute are counted, and told of when it is over.
    for _ in 0..3 {
        app.get("/bookmark/").expect(500);
    }
    noted(&app, 3);
    assert_eq!(app.run(&["outbound", "--once"]).expect(0).stdout, "0 done, 0 to be tried again later, 0 failed.\n");
    assert_eq!(server.mails().len(), 2);
    app.execute("UPDATE outbound_task SET run_after = '2026-01-01 00:00:00'");
    app.run(&["outbound", "--once"]).expect(0);
    let mails = server.mails();
    assert_eq!(mails.len(), 4);
    assert!(mails[2].body.contains("This error was logged 3 times, first at "), "{}", mails[2].body);
    assert_eq!((app.count("outbound_task"), app.count("outbound_report WHERE times <> 0")), (0, 0));
}

fn what_the_log_masks_is_in_no_mail(setup: Setup) {
    let server = MailServer::start();
    let app = with_mail(setup, server.port).start();
    app.execute("ALTER TABLE auth_user RENAME TO gone");
    app.get("/accounts/reset/MQ/t0k3n-00000000000000000000000000005ec7/?q=typed").expect(500);
    noted(&app, 1);
    app.run(&["outbound", "--once"]).expect(0);
    let mail = server.mails().remove(0);
    assert!(mail.body.contains("path=\"/accounts/reset/\""), "{}", mail.body);
    assert!(!mail.body.contains("5ec7") && !mail.body.contains("typed"), "{}", mail.body);
    app.execute("ALTER TABLE gone RENAME TO auth_user");
}

fn an_error_of_mail_itself_is_never_mailed(setup: Setup) {
    let app = with_mail(setup, free_port()).start();
    break_bookmarks(&app);
    app.get("/bookmark/").expect(500);
    noted(&app, 1);
    for _ in 0..3 {
        let said = app.run(&["outbound", "--once"]);
        assert!(said.stdout.contains("0 done"), "{said:?}");
        app.execute("UPDATE outbound_task SET run_after = '2026-01-01 00:00:00'");
    }
    assert_eq!((app.count("outbound_report"), app.count("outbound_task")), (1, 1));
    let list = app.administrator("ada").get("/admin/outbound/task/").expect(200).html();
    assert_eq!(list.texts("#result_list .field-kind"), ["Mail an error"]);
    assert_eq!(app.count("outbound_report WHERE times = 1"), 1);
}

fn errors_wait_for_a_database_that_takes_none(setup: Setup) {
    let app = with_mail(setup, free_port()).start();
    break_bookmarks(&app);
    app.execute("ALTER TABLE outbound_report RENAME TO away");
    app.get("/bookmark/").expect(500);
    app.log.wait_for("Errors cannot be put into the queue of mails now; they are in the log.");
    app.execute("ALTER TABLE away RENAME TO outbound_report");
    app.get("/bookmark/").expect(500);
    noted(&app, 2);
}

fn a_process_that_ends_notes_its_last_error(setup: Setup) {
    let app = with_mail(setup, free_port()).start();
    break_bookmarks(&app);
    app.get("/bookmark/").expect(500);
    noted(&app, 1);
    for _ in 0..2 {
        app.get("/bookmark/").expect(500);
    }
    let setup = app.stop();
    assert_eq!(setup.count("outbound_report WHERE times = 3"), 1);
}

fn a_program_that_apache_starts_notes_its_error_before_it_ends(setup: Setup) {
    let setup = with_mail(setup, free_port());
    break_bookmarks(&setup);
    for times in 1..=2 {
        let mut command = setup.command(&[]);
        command.env("GATEWAY_INTERFACE", "CGI/1.1").env("SERVER_PROTOCOL", "HTTP/1.1").env("HTTP_HOST", HOST);
        command.env("REQUEST_METHOD", "GET").env("REQUEST_URI", "/bookmark/").env("REMOTE_ADDR", "192.0.2.1");
        let said = command.output().expect("polls can be started");
        let answer = String::from_utf8_lossy(&said.stdout);
        assert!(answer.starts_with("Status: 500 "), "{answer}{}", String::from_utf8_lossy(&said.stderr));
        assert_eq!(setup.count(&format!("outbound_report WHERE times = {times}")), 1);
    }
    assert_eq!(setup.count("outbound_task"), 1);
}
