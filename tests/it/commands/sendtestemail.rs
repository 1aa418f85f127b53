//! `polls sendtestemail`: mails are handed to a real server, and each failure says what to do.

use std::net::TcpListener;

use crate::support::servers::certificate::Certificate;
use crate::support::servers::mail_server::MailServer;
use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![
        on_sqlite(without_settings_mail_is_off_and_printed_in_development),
        on_sqlite(a_mail_is_written_to_a_file_for_nobody_else),
        on_sqlite(a_mail_reaches_the_server_in_clear_where_that_is_set).needing(Need::Smtp),
        on_sqlite(a_mail_reaches_the_server_by_tls_with_a_login).needing(Need::Smtp),
        on_sqlite(a_korean_subject_arrives_as_it_was_written).needing(Need::Smtp),
        on_sqlite(a_wrong_login_is_told_from_a_missing_one).needing(Need::Smtp),
        on_sqlite(a_refused_recipient_or_sender_is_named_and_the_others_get_theirs).needing(Need::Smtp),
        on_sqlite(a_server_that_is_not_there_or_says_nothing_is_told),
        on_sqlite(nothing_is_sent_where_tls_was_wanted_and_is_not_there).needing(Need::Smtp),
        on_sqlite(a_certificate_has_to_be_trusted).needing(Need::Smtp),
    ]
}

/// By a server at this port of 127.0.0.1.
fn by(setup: Setup, port: u16, tls: &str) -> Setup {
    let setup = setup.variable("POLLS_MAIL__BACKEND", "smtp").variable("POLLS_MAIL__HOST", "127.0.0.1");
    let setup = setup.variable("POLLS_MAIL__PORT", &port.to_string()).variable("POLLS_MAIL__TLS", tls);
    setup.variable("POLLS_MAIL__FROM", "Polls <polls@example.org>").variable("POLLS_MAIL__TIMEOUT", "10")
}

fn with_login(setup: Setup, password: &str) -> Setup {
    setup.variable("POLLS_MAIL__USERNAME", "polls").variable("POLLS_MAIL__PASSWORD", password)
}

#[track_caller]
fn refused(setup: &Setup, to: &str) -> String {
    let said = setup.run(&["sendtestemail", to]).expect(1);
    assert_eq!((said.stdout.as_str(), said.stderr.lines().count()), ("", 1), "{said:?}");
    said.stderr
}

fn without_settings_mail_is_off_and_printed_in_development(setup: Setup) {
    assert!(refused(&setup, "ada@example.org").contains("mail is off: set mail.backend"));
    let said = Setup::new(Engine::Sqlite).development().run(&["sendtestemail", "Ada <ada@example.org>"]).expect(0);
    for part in ["Subject: Test mail\n", "To: Ada <ada@example.org>\n", "for http://localhost:8000", "standard output"]
    {
        assert!(said.stdout.contains(part), "{part}: {said:?}");
    }
    let said = setup.variable("POLLS_MAIL__BACKEND", "console");
    assert!(said.run(&["sendtestemail", "--admins"]).expect(1).stderr.contains("mail.admins names nobody"));
    assert!(said.run(&["sendtestemail"]).expect(2).stderr.contains("<ADDRESSES>"));
    assert!(said.run(&["sendtestemail", "ada"]).expect(2).stderr.contains("'ada'"));
}

fn a_mail_is_written_to_a_file_for_nobody_else(setup: Setup) {
    let directory = setup.path("mails");
    let setup =
        setup.settings("[mail]\nbackend = \"file\"\ndirectory = \"mails\"\nadmins = [\"Ops <ops@example.org>\"]");
    assert!(refused(&setup, "ada@example.org").contains("mails/"));
    std::fs::create_dir(&directory).expect("a directory");
    setup.run(&["sendtestemail", "ada@example.org", "--admins"]).expect(0);
    let files: Vec<_> = std::fs::read_dir(&directory).expect("a directory").map(|file| file.unwrap().path()).collect();
    assert_eq!(files.len(), 2);
    for file in files {
        let mode = std::os::unix::fs::PermissionsExt::mode(&file.metadata().unwrap().permissions());
        assert_eq!(mode & 0o027, 0, "{mode:o}");
        let text = std::fs::read_to_string(file).expect("a text");
        assert_eq!(text.contains("Subject: [Polls] Test mail\r\n"), text.contains("To: Ops <ops@example.org>\r\n"));
    }
}

fn a_mail_reaches_the_server_in_clear_where_that_is_set(setup: Setup) {
    let server = MailServer::start();
    let setup = by(setup, server.port, "none");
    let said = setup.run(&["sendtestemail", "ada@example.org", "bob@example.org"]).expect(0);
    assert_eq!(said.stdout.lines().count(), 2, "{said:?}");
    assert!(said.stdout.starts_with("Sent to ada@example.org by 127.0.0.1:"), "{said:?}");
    let mails = server.mails();
    assert_eq!(
        mails.iter().flat_map(|mail| mail.to.clone()).collect::<Vec<_>>(),
        ["ada@example.org", "bob@example.org"]
    );
    let mail = &mails[0];
    assert_eq!((mail.from.as_str(), mail.is_encrypted, mail.is_logged_in), ("polls@example.org", false, false));
    assert!(!mail.hello.is_empty());
    assert_eq!(mail.headers["From"], "Polls <polls@example.org>");
    assert_eq!(
        (mail.headers["Subject"].as_str(), mail.headers["Auto-Submitted"].as_str()),
        ("Test mail", "auto-generated")
    );
    assert!(mail.headers["Message-ID"].ends_with("@example.org>") && mail.headers.contains_key("Date"));
    assert!(mail.body.contains(&format!("for https://{HOST}.")), "{}", mail.body);
}

fn a_mail_reaches_the_server_by_tls_with_a_login(setup: Setup) {
    let certificate = Certificate::make(&setup.path("."));
    let setup = setup.variable("SSL_CERT_FILE", certificate.path());
    std::fs::write(setup.path("password"), "hunter2\n").expect("a file");
    let setup = setup.variable("POLLS_MAIL__USERNAME", "polls").variable("POLLS_MAIL__PASSWORD_FILE", "password");
    let servers = ["starttls", "implicit"].map(|tls| MailServer::with(tls, &["polls", "hunter2"], Some(&certificate)));
    let mut setup = by(setup, servers[0].port, "starttls");
    setup.run(&["sendtestemail", "ada@example.org"]).expect(0);
    setup = by(setup, servers[1].port, "implicit");
    setup.run(&["sendtestemail", "ada@example.org"]).expect(0);
    for server in servers {
        let mails = server.mails();
        assert_eq!(mails.len(), 1);
        assert!(mails[0].is_encrypted && mails[0].is_logged_in, "{mails:?}");
    }
}

fn a_korean_subject_arrives_as_it_was_written(setup: Setup) {
    let server = MailServer::start();
    let setup = by(setup, server.port, "none").settings("language_code = \"ko\"\ntime_zone = \"Asia/Seoul\"");
    setup.run(&["sendtestemail", "홍길동 <hong@example.org>"]).expect(0);
    let mail = server.mails().remove(0);
    assert_eq!(
        (mail.headers["Subject"].as_str(), mail.headers["To"].as_str()),
        ("테스트 메일", "홍길동 <hong@example.org>")
    );
    assert!(mail.body.contains("메일 설정이 올바른 것입니다."), "{}", mail.body);
}

fn a_wrong_login_is_told_from_a_missing_one(setup: Setup) {
    let server = MailServer::with("none", &["polls", "hunter2"], None);
    let setup = by(setup, server.port, "none");
    let said = refused(&setup, "ada@example.org");
    assert!(said.contains("refuses mail from polls@example.org") && said.contains("530"), "{said}");
    let setup = with_login(setup, "hunter3");
    let said = refused(&setup, "ada@example.org");
    assert!(said.contains("refuses mail.username with its password: 535"), "{said}");
    assert!(!said.contains("hunter3"), "{said}");
    with_login(setup, "hunter2").run(&["sendtestemail", "ada@example.org"]).expect(0);
    let open = MailServer::start();
    let setup = with_login(by(Setup::new(Engine::Sqlite), open.port, "none"), "hunter2");
    let said = refused(&setup, "ada@example.org");
    assert!(said.contains("offers no login that this program knows"), "{said}");
}

fn a_refused_recipient_or_sender_is_named_and_the_others_get_theirs(setup: Setup) {
    let server = MailServer::start();
    let setup = by(setup, server.port, "none");
    let said = setup.run(&["sendtestemail", "refused@example.org", "later@example.org", "ada@example.org"]).expect(1);
    let lines: Vec<_> = said.stderr.lines().collect();
    assert!(lines[0].contains("refused@example.org: 127.0.0.1:") && lines[0].contains("550"), "{said:?}");
    assert!(lines[1].contains("later@example.org: 127.0.0.1:") && lines[1].contains("451"), "{said:?}");
    assert!(said.stdout.starts_with("Sent to ada@example.org"), "{said:?}");
    assert_eq!(server.mails().len(), 1);
    let said = refused(&setup.variable("POLLS_MAIL__FROM", "refused@example.org"), "ada@example.org");
    assert!(said.contains("refuses mail from refused@example.org (mail.from, mail.server_from): 553"), "{said}");
}

fn a_server_that_is_not_there_or_says_nothing_is_told(setup: Setup) {
    let silent = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = silent.local_addr().expect("an address").port();
    let setup = by(setup, port, "none").variable("POLLS_MAIL__TIMEOUT", "1");
    let said = refused(&setup, "ada@example.org");
    assert!(said.contains("did not answer within 1 s (mail.timeout)"), "{said}");
    drop(silent);
    let said = refused(&setup, "ada@example.org");
    assert!(said.contains("cannot be reached (") && said.contains("is that mail.host"), "{said}");
    let said = refused(&setup.variable("POLLS_MAIL__HOST", "nowhere.invalid"), "ada@example.org");
    assert!(said.contains("nowhere.invalid:") && said.contains("cannot be reached"), "{said}");
}

fn nothing_is_sent_where_tls_was_wanted_and_is_not_there(setup: Setup) {
    let server = MailServer::start();
    let setup = with_login(by(setup, server.port, "starttls"), "hunter2");
    assert!(refused(&setup, "ada@example.org").contains("offers no STARTTLS: set mail.tls to \"implicit\""));
    let setup = by(setup, server.port, "implicit");
    assert!(refused(&setup, "ada@example.org").contains("speaks no TLS as mail.tls has it"));
    assert!(server.mails().is_empty());
}

fn a_certificate_has_to_be_trusted(setup: Setup) {
    let certificate = Certificate::make(&setup.path("."));
    let servers =
        ["starttls", "implicit"].map(|tls| (tls, MailServer::with(tls, &["polls", "hunter2"], Some(&certificate))));
    let mut setup = with_login(setup, "hunter2");
    for (tls, server) in &servers {
        setup = by(setup, server.port, tls);
        let said = refused(&setup, "ada@example.org");
        assert!(said.contains("127.0.0.1") && said.contains("no certificate that can be trusted"), "{tls}: {said}");
    }
    // Known, but of another name.
    setup = setup.variable("SSL_CERT_FILE", certificate.path()).variable("POLLS_MAIL__HOST", "localhost");
    let said = refused(&setup, "ada@example.org");
    assert!(said.contains("localhost") && said.contains("no certificate that can be trusted"), "{said}");
    assert!(servers.iter().all(|(_, server)| server.mails().is_empty()));
}
