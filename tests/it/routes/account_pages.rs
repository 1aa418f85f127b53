//! `/accounts/…`: login, logout and passwords of every active user, on the public site.

use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![
        on_every_database(every_active_user_logs_in_at_the_site_and_only_staff_at_the_admin),
        on_sqlite(a_login_at_the_site_leads_back_and_never_away),
        on_sqlite(guesses_are_counted_at_both_doors_together),
        on_every_database(a_user_changes_their_password_at_the_site),
        on_sqlite(who_is_logged_in_stands_on_pages_with_a_session_only),
        on_sqlite(the_sites_pages_speak_korean),
    ]
}

const WRONG: &str = "Please enter a correct username and password. Note that both fields may be case-sensitive.";

fn log_in(person: &Person, username: &str, next: &str) -> Response {
    person.post("/accounts/login/", &[("username", username), ("password", PASSWORD), ("next", next)])
}

fn every_active_user_logs_in_at_the_site_and_only_staff_at_the_admin(app: &TestApp) {
    app.user("voter").create();
    app.user("staff").staff().create();
    app.user("former").inactive().create();
    for username in ["voter", "staff"] {
        let person = app.person();
        assert_eq!(log_in(&person, username, "").expect(303).location(), "/");
        person.get("/accounts/password_change/").expect(200);
        let admin = person.get("/admin/password_change/");
        assert_eq!(admin.status, if username == "staff" { 200 } else { 302 }, "{username}");
    }
    for (username, password) in [("former", PASSWORD), ("voter", "wrong"), ("nobody", PASSWORD)] {
        let person = app.person();
        let fields = [("username", username), ("password", password)];
        assert_eq!(person.post("/accounts/login/", &fields).expect(400).html().text(".errornote"), WRONG);
        assert_eq!(person.session(), None, "{username}");
    }
    let person = app.person();
    person.log_in("voter", PASSWORD).expect(400);
    log_in(&person, "voter", "").expect(303);
    app.execute("UPDATE auth_user SET is_active = (1 = 0) WHERE username = 'voter'");
    let sent = person.get("/accounts/password_change/").expect(302);
    assert_eq!(sent.location(), "/accounts/login/?next=%2Faccounts%2Fpassword_change%2F");
    assert_eq!(person.session(), None);
}

fn a_login_at_the_site_leads_back_and_never_away(app: &TestApp) {
    app.user("voter").create();
    let (person, poll) = (app.person(), app.poll());
    let page = person.get(&format!("/accounts/login/?next={}", poll.detail())).expect(200);
    assert_eq!(page.header("cache-control"), Some("private, no-store"));
    let page = page.html();
    assert_eq!(page.text("title"), "Log in · Polls");
    assert_eq!(page.attribute("#login-form", "action").as_deref(), Some("/accounts/login/"));
    assert_eq!(page.attribute("#login-form input[name=next]", "value"), Some(poll.detail()));
    assert_eq!(log_in(&person, "voter", &poll.detail()).expect(303).location(), poll.detail());
    let again = person.get(&format!("/accounts/login/?next={}", poll.detail())).expect(303);
    assert_eq!(again.location(), poll.detail());
    for next in ["//evil.example/", "https://evil.example/", "/\\evil.example", "javascript:alert(1)"] {
        assert_eq!(log_in(&app.person(), "voter", next).expect(303).location(), "/", "{next}");
    }
    let title = app.person().post("/accounts/login/", &[("username", "")]).expect(400).html().text("title");
    assert_eq!(title, "Error: Log in · Polls");
}

fn guesses_are_counted_at_both_doors_together(app: &TestApp) {
    app.user("ada").superuser().create();
    let guess = |door: &str| app.post(door).form(&[("username", "ada"), ("password", "wrong")]).send();
    for door in ["/admin/login/", "/accounts/login/"] {
        for _ in 0..5 {
            guess(door).expect(400);
        }
    }
    for door in ["/admin/login/", "/accounts/login/"] {
        assert!(guess(door).expect(429).header("retry-after").is_some(), "{door}");
    }
}

fn a_user_changes_their_password_at_the_site(app: &TestApp) {
    app.user("voter").create();
    let (here, there) = (app.person(), app.person());
    log_in(&here, "voter", "").expect(303);
    log_in(&there, "voter", "").expect(303);
    let fields = |old: &'static str| {
        [("old_password", old), ("new_password1", "another horse battery"), ("new_password2", "another horse battery")]
    };
    let wrong = here.post("/accounts/password_change/", &fields("wrong")).expect(400).html();
    assert_eq!(wrong.count("#id_old_password_error"), 1);
    let changed = here.post("/accounts/password_change/", &fields(PASSWORD)).expect(303);
    assert_eq!(changed.location(), "/accounts/password_change/done/");
    assert_eq!(here.get(changed.location()).expect(200).html().text("h1"), "Password change successful");
    there.get("/accounts/password_change/").expect(302);
    let fields = [("username", "voter"), ("password", "another horse battery")];
    there.post("/accounts/login/", &fields).expect(303);
    let ended = here.post("/accounts/logout/everywhere/", &fields).expect(303);
    assert_eq!(ended.location(), "/accounts/password_change/");
    let page = here.get(ended.location()).expect(200).html();
    assert_eq!(page.text("[role=status]"), "You are logged out everywhere else.");
    there.get("/accounts/password_change/").expect(302);
}

fn who_is_logged_in_stands_on_pages_with_a_session_only(app: &TestApp) {
    app.user("voter").create();
    let person = app.person();
    log_in(&person, "voter", "").expect(303);
    for path in ["/", "/polls/", &app.poll().detail()] {
        let with = person.get(path).expect(200);
        assert_eq!(with.header("cache-control"), Some("private, no-store"), "{path}");
        assert_eq!(with.html().text(".account strong"), "voter", "{path}");
        assert_eq!(app.get(path).expect(200).html().count(".account, [href*=account]"), 0, "{path}");
    }
    person.get("/accounts/logout/").expect(405);
    let page = person.post("/accounts/logout/", &[]).expect(200).html();
    assert_eq!((page.text("h1"), page.count(".account")), ("Logged out".to_owned(), 0));
    assert_eq!(person.session(), None);
}

fn the_sites_pages_speak_korean(app: &TestApp) {
    let page = app.get("/accounts/login/").header("Accept-Language", "ko").expect(200).html();
    assert_eq!(page.texts("#login-form label"), ["사용자 이름", "비밀번호"]);
    assert_eq!(page.count("header nav a"), app.get("/").expect(200).html().count("header nav a"));
}
