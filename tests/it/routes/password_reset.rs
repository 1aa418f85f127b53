//! `/accounts/password_reset/` and `/accounts/reset/…`: new passwords by mail.

use chrono::TimeDelta;
use diesel::prelude::*;
use polls::auth::schema::auth_mail;
use polls::clock;

use crate::support::servers::mail_server::{KeptMail, MailServer};
use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![
        on_every_database(a_new_password_is_set_by_the_link_of_a_mail).needing(Need::Smtp),
        on_sqlite(nothing_tells_whether_an_address_is_known).needing(Need::Smtp),
        on_every_database(addresses_are_the_same_in_any_case_and_never_those_that_look_alike).needing(Need::Smtp),
        on_sqlite(only_who_can_log_in_by_a_password_is_sent_a_link).needing(Need::Smtp),
        on_sqlite(a_link_that_is_not_valid_is_answered_kindly).needing(Need::Smtp),
        on_sqlite(a_link_ends_with_what_it_was_made_of).needing(Need::Smtp),
        on_sqlite(the_secret_of_a_link_is_in_no_log_and_no_table).needing(Need::Smtp),
        on_sqlite(a_link_leads_to_the_site_whatever_host_was_asked).needing(Need::Smtp),
        on_every_database(nobody_is_sent_many_links_and_nobody_else_is_shut_out).needing(Need::Smtp),
        on_sqlite(forms_that_are_sent_twice_have_one_effect).needing(Need::Smtp),
        on_sqlite(a_mail_waits_for_its_server_and_is_dropped_when_its_link_would_be_late),
        on_sqlite(mails_and_pages_are_korean_for_who_reads_korean).needing(Need::Smtp),
        on_sqlite(without_mail_no_new_password_is_offered),
    ]
}

const ASK: &str = "/accounts/password_reset/";
const ASKED: &str = "/accounts/password_reset/done/";
const NEW: &str = "another horse battery";

fn with_mail(setup: Setup, port: u16) -> Setup {
    let setup = setup.settings(&format!(
        "trusted_proxies = [\"127.0.0.1\"]\n[mail]\nbackend = \"smtp\"\nhost = \"127.0.0.1\"\nport = {port}\n\
         from = \"Polls <polls@example.org>\"\nsite_url = \"https://polls.example.org\""
    ));
    setup.variable("POLLS_OUTBOUND__HOST_PAUSE", "0").variable("POLLS_OUTBOUND__LINK_CHECK_DAYS", "0")
}

fn ask(app: &TestApp, address: &str) -> Response {
    ask_from(app, "192.0.2.1", address)
}

fn ask_from(app: &TestApp, client: &str, address: &str) -> Response {
    app.post(ASK).header("X-Forwarded-For", client).form(&[("email", address)]).send()
}

#[track_caller]
fn work_off(setup: &Setup) {
    setup.run(&["outbound", "--once"]).expect(0);
}

/// The path of the link in a mail.
#[track_caller]
fn link(mail: &KeptMail) -> String {
    let line = mail.body.lines().find(|line| line.contains("/accounts/reset/")).expect("a link");
    line.strip_prefix("https://polls.example.org").expect("the site's own address").to_owned()
}

/// A link of the newest mail to that address.
#[track_caller]
fn link_to(app: &TestApp, server: &MailServer, address: &str) -> String {
    ask(app, address).expect(303);
    work_off(app);
    let mails = server.mails();
    link(mails.iter().rev().find(|mail| mail.to == [address.to_owned()]).expect("a mail"))
}

fn log_in(person: &Person, username: &str, password: &str) -> Response {
    person.post("/accounts/login/", &[("username", username), ("password", password)])
}

fn twice(password: &str) -> [(&str, &str); 2] {
    [("new_password1", password), ("new_password2", password)]
}

fn a_new_password_is_set_by_the_link_of_a_mail(setup: Setup) {
    let server = MailServer::start();
    let app = with_mail(setup, server.port).start();
    app.user("ada").email("ada@example.org").create();
    let (there, here) = (app.person(), app.person());
    log_in(&there, "ada", PASSWORD).expect(303);
    let page = here.get("/accounts/login/").expect(200).html();
    assert_eq!(page.attribute(".links a", "href").as_deref(), Some(ASK));
    let page = here.get(ASK).expect(200).html();
    assert_eq!(page.text("title"), "Password reset · Polls");
    assert_eq!(here.post(ASK, &[("email", " ada@example.org ")]).expect(303).location(), ASKED);
    assert!(
        here.get(ASKED).expect(200).html().text(".lead").contains("if an account exists with the email you entered")
    );
    // Nothing was sent on the request's path.
    assert!(server.mails().is_empty());
    assert_eq!(app.run(&["outbound", "--once"]).expect(0).stdout, "2 done, 0 to be tried again later, 0 failed.\n");
    let mail = server.mails().remove(0);
    assert_eq!((mail.to.as_slice(), mail.from.as_str()), (&["ada@example.org".to_owned()][..], "polls@example.org"));
    assert_eq!(mail.headers["Subject"], "Password reset on polls.example.org");
    assert!(
        mail.body.contains("in case you’ve forgotten: ada") && mail.body.contains("within 24 hours."),
        "{}",
        mail.body
    );
    // The secret leaves the address at once, and what it allows is in a session that nobody knew before.
    let link = link(&mail);
    here.get(&link).expect(303);
    let before = here.session();
    let opened = here.get(&link).expect(303);
    assert!(before.is_some() && here.session() != before);
    let form = opened.location().to_owned();
    assert!(form.starts_with("/accounts/reset/") && form.ends_with("/set-password/"), "{form}");
    assert_eq!(
        (opened.header("referrer-policy"), opened.header("cache-control")),
        (Some("no-referrer"), Some("private, no-store"))
    );
    let page = here.get(&form).expect(200);
    assert_eq!(page.header("cache-control"), Some("private, no-store"));
    let page = page.html();
    assert_eq!(
        (page.text("title").as_str(), page.attribute("input[name=username]", "value").as_deref()),
        ("Enter new password · Polls", Some("ada"))
    );
    let typed = [("new_password1", NEW), ("new_password2", "another")];
    let wrong = here.post(&form, &typed).expect(400).html();
    assert_eq!(
        (wrong.text("title").as_str(), wrong.count("#id_new_password2_error")),
        ("Error: Enter new password · Polls", 1)
    );
    here.post(&form, &twice("ada")).expect(400);
    there.get("/accounts/password_change/").expect(200);
    let set = here.post(&form, &twice(NEW)).expect(303);
    assert_eq!(set.location(), "/accounts/reset/done/");
    assert_eq!(here.get(set.location()).expect(200).html().text("h1"), "Password reset complete");
    // All sessions have ended, and nobody is logged in by the link.
    there.get("/accounts/password_change/").expect(302);
    here.get("/accounts/password_change/").expect(302);
    assert_eq!(here.session(), None);
    log_in(&here, "ada", PASSWORD).expect(400);
    log_in(&here, "ada", NEW).expect(303);
    // The owner of the address is told.
    work_off(&app);
    let told = server.mails().remove(1);
    assert_eq!(
        (told.headers["Subject"].as_str(), told.to),
        ("Your password on polls.example.org was changed", mail.to)
    );
    assert!(told.body.contains(&format!("https://polls.example.org{ASK}")), "{}", told.body);
    let used = app.get(&link).expect(404).html();
    assert!(used.text(".lead").contains("already been used"), "{}", used.text("main"));
    assert_eq!(used.attribute(".links a", "href").as_deref(), Some(ASK));
    assert_eq!(app.count("outbound_task"), 0);
}

fn nothing_tells_whether_an_address_is_known(setup: Setup) {
    let server = MailServer::start();
    let app = with_mail(setup, server.port).start();
    app.user("ada").email("ada@example.org").create();
    let answer = |address: &str| {
        let answer = ask(&app, address).expect(303);
        let headers: Vec<_> =
            answer.lasting_headers().into_iter().map(|(name, value)| format!("{name}: {value}")).collect();
        let rows = (app.count("auth_mail"), app.count("outbound_task"));
        app.execute("DELETE FROM auth_mail");
        app.execute("DELETE FROM outbound_task");
        (answer.location().to_owned(), answer.body.clone(), headers, rows)
    };
    assert_eq!(answer("ada@example.org"), answer("nobody@example.org"));
    for wrong in [
        "",
        "ada",
        "ada@",
        "@example.org",
        "ada@example.org, eve@example.org",
        "ada@example.org\nBcc: eve@example.org",
        "ada@exa\0mple.org",
    ] {
        let page = ask(&app, wrong).expect(400).html();
        assert_eq!(page.text("title"), "Error: Password reset · Polls", "{wrong}");
    }
    ask(&app, "nobody@example.org").expect(303);
    work_off(&app);
    assert!(server.mails().is_empty());
    assert_eq!((app.count("auth_mail"), app.count("outbound_task")), (0, 0));
}

fn addresses_are_the_same_in_any_case_and_never_those_that_look_alike(setup: Setup) {
    let server = MailServer::start();
    let app = with_mail(setup, server.port).start();
    app.user("mike").email("Mike@Example.org").create();
    app.user("admin").email("mike@example.org").staff().create();
    for alike in ["mıke@example.org", "miké@example.org", "mike@exämple.org", "mike@example.org.", "mike@example.or"]
    {
        ask(&app, alike);
    }
    work_off(&app);
    assert_eq!(server.mails().len(), 0);
    // Each user of an address is written to, as it is stored.
    ask(&app, "MIKE@EXAMPLE.ORG").expect(303);
    work_off(&app);
    let mails = server.mails();
    let to: Vec<_> = mails.iter().map(|mail| mail.to[0].as_str()).collect();
    assert_eq!(to, ["Mike@Example.org", "mike@example.org"]);
    assert!(mails[0].body.contains("forgotten: mike") && mails[1].body.contains("forgotten: admin"));
}

fn only_who_can_log_in_by_a_password_is_sent_a_link(setup: Setup) {
    let server = MailServer::start();
    let app = with_mail(setup, server.port).start();
    app.user("former").email("all@example.org").inactive().create();
    app.user("by key").email("all@example.org").encoded("!unusable").create();
    let ada = app.user("ada").email("all@example.org").create();
    ask(&app, "all@example.org").expect(303);
    work_off(&app);
    let mails = server.mails();
    assert!(mails.len() == 1 && mails[0].body.contains("forgotten: ada"), "{mails:?}");
    // Who is made inactive meanwhile has no use of the link.
    let link = link(&mails[0]);
    app.execute(&format!("UPDATE auth_user SET is_active = (1 = 0) WHERE id = {ada}"));
    app.get(&link).expect(404);
    ask(&app, "all@example.org").expect(303);
    work_off(&app);
    assert_eq!(server.mails().len(), 1);
}

fn a_link_that_is_not_valid_is_answered_kindly(setup: Setup) {
    let server = MailServer::start();
    let app = with_mail(setup, server.port).start();
    app.user("ada").email("ada@example.org").create();
    app.user("eve").email("eve@example.org").create();
    let (ada, eve) = (link_to(&app, &server, "ada@example.org"), link_to(&app, &server, "eve@example.org"));
    let uid = |link: &str| link.split('/').nth(3).expect("a user").to_owned();
    let token = |link: &str| link.split('/').nth(4).expect("a token").to_owned();
    let cut = &ada[..ada.len() - 5];
    for wrong in [
        format!("{cut}/"),
        format!("/accounts/reset/{}/{}/", uid(&ada), token(&eve)),
        format!("/accounts/reset/{}/{}/", uid(&eve), token(&ada)),
        format!("/accounts/reset/{}/{}x/", uid(&ada), token(&ada)),
        "/accounts/reset/MQ/set-password/".to_owned(),
        "/accounts/reset/OTk5/0-00000000000000000000000000000000/".to_owned(),
        "/accounts/reset/%00/%FF/".to_owned(),
    ] {
        let person = app.person();
        let page = person.get(&wrong).expect(404);
        assert_eq!(page.header("cache-control"), Some("private, no-store"), "{wrong}");
        assert_eq!(page.html().text("h1"), "Password reset unsuccessful", "{wrong}");
        assert_eq!(person.session(), None);
    }
    // A final slash that a mail program has cut off is put back.
    assert_eq!(app.get(ada.trim_end_matches('/')).expect(308).location(), ada);
    // What one link allows is of no use for another user.
    let person = app.person();
    person.get(&ada).expect(303);
    let of_eve = format!("/accounts/reset/{}/set-password/", uid(&eve));
    person.get(&of_eve).expect(404);
    person.post(&of_eve, &twice(NEW)).expect(404);
    app.post(&format!("/accounts/reset/{}/set-password/", uid(&ada))).form(&twice(NEW)).expect(404);
    // Another site cannot set a password.
    let form = format!("/accounts/reset/{}/set-password/", uid(&ada));
    let cookie = format!("sessionid={}", person.session().expect("a session"));
    let foreign = app.post(&form).header("Cookie", &cookie).header("Origin", "null").form(&twice(NEW));
    foreign.expect(403);
    log_in(&app.person(), "ada", PASSWORD).expect(303);
}

fn a_link_ends_with_what_it_was_made_of(setup: Setup) {
    let server = MailServer::start();
    let app = with_mail(setup, server.port).start();
    let id = app.user("ada").email("ada@example.org").create();
    // A login, for who has remembered the password.
    let link = link_to(&app, &server, "ada@example.org");
    log_in(&app.person(), "ada", PASSWORD).expect(303);
    app.get(&link).expect(404);
    // Another address.
    let link = link_to(&app, &server, "ada@example.org");
    let person = app.person();
    let form = person.get(&link).expect(303).location().to_owned();
    app.execute(&format!("UPDATE auth_user SET email = 'lovelace@example.org' WHERE id = {id}"));
    person.get(&form).expect(404);
    person.post(&form, &twice(NEW)).expect(404);
    // Two links, of which one is used.
    let link = link_to(&app, &server, "lovelace@example.org");
    let persons = [app.person(), app.person()];
    let form = persons.each_ref().map(|person| person.get(&link).expect(303).location().to_owned())[0].clone();
    persons[0].post(&form, &twice(NEW)).expect(303);
    persons[1].post(&form, &twice("yet another horse")).expect(404);
    log_in(&app.person(), "ada", NEW).expect(303);
}

fn the_secret_of_a_link_is_in_no_log_and_no_table(setup: Setup) {
    let server = MailServer::start();
    let app = with_mail(setup, server.port).start();
    app.user("ada").email("ada@example.org").create();
    ask(&app, "ada@example.org").expect(303);
    let said = app.run(&["outbound", "--once"]).expect(0);
    let link = link(&server.mails()[0]);
    let token = link.split('/').nth(4).expect("a token");
    let person = app.person();
    let form = person.get(&link).expect(303).location().to_owned();
    let backup = app.path("backup");
    app.run(&["backup", backup.to_str().unwrap(), "--with-sessions"]).expect(0);
    let mut zcat = std::process::Command::new("zcat");
    let saved = String::from_utf8(zcat.arg(&backup).output().expect("zcat").stdout).expect("a text");
    let dumped = app.run(&["dumpdata"]).expect(0).stdout;
    person.post(&form, &twice(NEW)).expect(303);
    app.log.wait_for("A user set a new password by a link.");
    app.log.wait_for("GET /accounts/reset/ 303");
    for text in [app.log.text(), said.stderr.clone(), saved.clone(), dumped.clone()] {
        assert!(!text.contains(token) && !text.contains(&token[token.len() - 32..]), "{text}");
    }
    for text in [app.log.text(), said.stderr] {
        assert!(!text.contains("ada@example.org"), "{text}");
    }
    assert!(saved.contains("_password_reset_grant") && !dumped.contains("auth_mail"));
    assert_eq!(app.count("auth_mail WHERE address <> ''"), 0);
    assert_eq!(app.count("django_session WHERE session_data LIKE '%password_reset%'"), 0);
}

fn a_link_leads_to_the_site_whatever_host_was_asked(setup: Setup) {
    let server = MailServer::start();
    let app = with_mail(setup.settings("allowed_hosts = [\"*\"]\nscript_name = \"/vote\""), server.port).start();
    app.user("ada").email("ada@example.org").create();
    let answer =
        app.post(&format!("/vote{ASK}")).host("evil.example").form(&[("email", "ada@example.org")]).expect(303);
    assert_eq!(answer.location(), format!("/vote{ASKED}"));
    work_off(&app);
    let mail = server.mails().remove(0);
    assert!(!mail.body.contains("evil.example"), "{}", mail.body);
    let link = link(&mail);
    assert!(link.starts_with("/vote/accounts/reset/"), "{link}");
    assert!(app.get(&link).expect(303).location().starts_with("/vote/accounts/reset/"));
}

fn nobody_is_sent_many_links_and_nobody_else_is_shut_out(setup: Setup) {
    let server = MailServer::start();
    let app = with_mail(setup, server.port).start();
    app.user("ada").email("ada@example.org").create();
    app.user("bob").email("bob@example.org").create();
    // From many networks, and in many spellings.
    for number in 0..5 {
        ask_from(&app, &format!("192.0.{number}.1"), ["ada@example.org", "Ada@Example.org"][number % 2]).expect(303);
        work_off(&app);
    }
    assert_eq!(server.mails().len(), 3);
    // Each of the links is valid.
    assert!(server.mails().iter().all(|mail| app.get(&link(mail)).send().status == 303));
    for _ in 0..10 {
        ask(&app, "eve@example.org").expect(303);
    }
    let refused = ask(&app, "EVE@example.org").expect(429);
    assert!(refused.header("retry-after").is_some());
    assert!(refused.html().text(".errornote").contains("Please wait a few minutes"));
    ask(&app, "bob@example.org").expect(303);
    work_off(&app);
    assert_eq!(server.mails()[3..].iter().flat_map(|mail| mail.to.clone()).collect::<Vec<_>>(), ["bob@example.org"]);
    // An hour later there are links again, up to ten that are valid.
    for sent in 5..=12 {
        let hours_ago = clock::storable(clock::now() - TimeDelta::hours(2));
        diesel::update(auth_mail::table)
            .set(auth_mail::asked_at.eq(hours_ago))
            .execute(&mut app.open())
            .expect("mails");
        ask(&app, "ada@example.org").expect(303);
        work_off(&app);
        assert_eq!(server.mails().len(), sent.min(11));
    }
    // Who logs in has no use of the earlier ones, and is sent another.
    log_in(&app.person(), "ada", PASSWORD).expect(303);
    ask(&app, "ada@example.org").expect(303);
    work_off(&app);
    assert_eq!(server.mails().len(), 12);
}

fn forms_that_are_sent_twice_have_one_effect(setup: Setup) {
    let server = MailServer::start();
    let app = with_mail(setup, server.port).start();
    app.user("ada").email("ada@example.org").create();
    let person = app.person();
    let key = person.get(ASK).expect(200).html().attribute("[name=_form_key]", "value").expect("a key");
    let fields = [("_form_key", key.as_str()), ("email", "ada@example.org")];
    for _ in 0..3 {
        assert_eq!(person.post(ASK, &fields).expect(303).location(), ASKED);
    }
    work_off(&app);
    let link = link(&server.mails()[0]);
    assert_eq!(server.mails().len(), 1);
    let form = person.get(&link).expect(303).location().to_owned();
    let key = person.get(&form).expect(200).html().attribute("[name=_form_key]", "value").expect("a key");
    let fields = [("_form_key", key.as_str()), twice(NEW)[0], twice(NEW)[1]];
    for _ in 0..2 {
        assert_eq!(person.post(&form, &fields).expect(303).location(), "/accounts/reset/done/");
    }
    person.post(&form, &twice("yet another horse")).expect(404);
    work_off(&app);
    assert_eq!(server.mails().len(), 2);
    log_in(&person, "ada", NEW).expect(303);
}

fn a_mail_waits_for_its_server_and_is_dropped_when_its_link_would_be_late(setup: Setup) {
    // Nobody listens there.
    let port =
        std::net::TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port").port();
    let app = with_mail(setup, port).start();
    app.user("zoe").email("zoe@example.org").create();
    ask(&app, "zoe@example.org").expect(303);
    let said = app.run(&["outbound", "--once"]).expect(0);
    assert_eq!(said.stdout, "1 done, 1 to be tried again later, 0 failed.\n");
    // Staff see that it waits and why, and not whom it is for.
    let list = app.administrator("ada").get("/admin/outbound/task/").expect(200).html();
    assert_eq!(list.texts("#result_list .field-kind"), ["Send a mail"]);
    let row = list.text("#result_list tbody");
    assert!(row.contains("cannot be reached") && row.contains(&format!("127.0.0.1:{port}")), "{row}");
    assert!(!row.contains("zoe"), "{row}");
    let form = app
        .administrator("ada")
        .get(&list.attribute("#result_list tbody a", "href").expect("a link"))
        .expect(200)
        .html();
    assert!(
        !form.text("#change-form").contains("zoe")
            && !form.attributes("a", "href").iter().any(|path| path.contains("/auth/mail/"))
    );
    app.execute("UPDATE auth_mail SET asked_at = '2026-01-01 00:00:00'");
    app.execute("UPDATE outbound_task SET run_after = '2026-01-01 00:00:00'");
    work_off(&app);
    assert_eq!((app.count("auth_mail"), app.count("outbound_task")), (0, 0));
}

fn mails_and_pages_are_korean_for_who_reads_korean(setup: Setup) {
    let server = MailServer::start();
    let app = with_mail(setup.settings("password_reset_timeout = 7200"), server.port).start();
    app.user("홍길동").email("hong@example.org").create();
    let asked = app.post(ASK).header("Accept-Language", "ko").form(&[("email", "hong@example.org")]);
    asked.expect(303);
    work_off(&app);
    let mail = server.mails().remove(0);
    assert_eq!(mail.headers["Subject"], "polls.example.org 비밀번호 재설정");
    assert!(mail.body.contains("사용자 이름: 홍길동") && mail.body.contains("2시간 안에 한 번만"), "{}", mail.body);
    let person = app.person();
    let form = person.get(&link(&mail)).expect(303).location().to_owned();
    let cookie = format!("sessionid={}", person.session().expect("a session"));
    let post = app.post(&form).header("Accept-Language", "ko").header("Cookie", &cookie);
    post.form(&twice("새로운 비밀번호입니다")).expect(303);
    work_off(&app);
    assert_eq!(server.mails()[1].headers["Subject"], "polls.example.org 비밀번호가 변경되었습니다");
    let page = app.get(ASK).header("Accept-Language", "ko").expect(200).html();
    assert_eq!(
        (page.text("h1"), page.texts("main label")),
        ("비밀번호 재설정".to_owned(), vec!["이메일 주소".to_owned()])
    );
}

fn without_mail_no_new_password_is_offered(app: &TestApp) {
    for door in ["/accounts/login/", "/admin/login/"] {
        assert_eq!(app.get(door).expect(200).html().count("[href*=password_reset]"), 0, "{door}");
    }
    for path in [ASK, ASKED, "/accounts/reset/MQ/set-password/", "/accounts/reset/MQ/a-b/", "/accounts/reset/done/"] {
        app.get(path).expect(404);
    }
    app.post(ASK).form(&[("email", "ada@example.org")]).expect(404);
}
