//! `/admin/login/` and `/admin/logout/`.

use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![
        on_every_database(a_login_leads_to_where_one_wanted_to_go),
        on_every_database(every_login_that_fails_is_answered_the_same),
        on_sqlite(what_was_typed_is_still_there),
        on_sqlite(the_way_back_never_leaves_the_site),
        on_sqlite(who_is_not_logged_in_is_sent_to_log_in),
        on_every_database(who_is_no_longer_staff_is_told_so),
        on_every_database(a_password_from_django_is_encoded_anew),
        on_sqlite(a_login_from_another_site_is_refused),
        on_sqlite(logging_out_takes_a_post),
        on_sqlite(the_page_speaks_korean),
        on_sqlite(logins_are_in_the_log_and_what_nobody_is_called_is_not),
    ]
}

const WRONG: &str = "Please enter the correct username and password for a staff account. Note that both fields may be \
                     case-sensitive.";

fn a_login_leads_to_where_one_wanted_to_go(app: &TestApp) {
    app.user("관리자").superuser().create();
    let (person, next) = (app.person(), "/admin/polls/question/?q=a&o=1");
    let page = person.get("/admin/login/?next=/admin/polls/question/%3Fq%3Da%26o%3D1").expect(200).html();
    assert_eq!(page.attribute("#login-form input[name=next]", "value").as_deref(), Some(next));
    let fields = [("username", "관리자"), ("password", PASSWORD), ("next", next)];
    assert_eq!(person.post("/admin/login/", &fields).expect(303).location(), next);
    assert!(person.is_logged_in());
    assert_eq!(person.get("/admin/login/?next=/polls/").expect(303).location(), "/admin/");
    assert_eq!(app.count("auth_user WHERE last_login IS NOT NULL"), 1);
}

fn every_login_that_fails_is_answered_the_same(app: &TestApp) {
    app.user("ada").superuser().create();
    app.user("visitor").create();
    app.user("former").superuser().inactive().create();
    app.user("locked").superuser().encoded("!nothing").create();
    let tries = [
        ("ada", "wrong"),
        ("nobody", PASSWORD),
        ("visitor", PASSWORD),
        ("former", PASSWORD),
        ("locked", "!nothing"),
        ("a\0b", "x"),
        ("<b>", "x"),
    ];
    for (username, password) in tries {
        let person = app.person();
        let response = person.log_in(username, password).expect(400);
        assert_eq!(response.html().text(".errornote"), WRONG, "{username}");
        assert_eq!(person.session(), None, "{username}");
    }
    assert_eq!(app.count("django_session"), 0);
}

fn what_was_typed_is_still_there(app: &TestApp) {
    let fields = [("username", "a\"><script>x"), ("password", "secret words"), ("next", "/admin/\"><i>")];
    let response = app.person().post("/admin/login/", &fields).expect(400);
    assert!(!response.text().contains("secret words"));
    let page = response.html();
    assert_eq!(page.attribute("#id_username", "value").as_deref(), Some("a\"><script>x"));
    assert_eq!(page.attribute("#login-form input[name=next]", "value").as_deref(), Some("/admin/\"><i>"));
    assert_eq!(page.count("main script, main i"), 0);
    let page = app.person().post("/admin/login/", &[("username", " "), ("password", "x")]).expect(400).html();
    assert_eq!(page.text("#id_username_error"), "This field is required.");
    assert_eq!(page.attribute("#id_username", "aria-describedby").as_deref(), Some("id_username_error"));
    assert_eq!(page.attribute("#id_username", "aria-invalid").as_deref(), Some("true"));
    assert_eq!(page.count("#id_password_error"), 0);
}

fn the_way_back_never_leaves_the_site(app: &TestApp) {
    app.user("ada").superuser().create();
    for next in
        ["//evil.example/", "https://evil.example/", "/\\evil.example", "javascript:alert(1)", "\t//evil.example"]
    {
        let fields = [("username", "ada"), ("password", PASSWORD), ("next", next)];
        assert_eq!(app.person().post("/admin/login/", &fields).expect(303).location(), "/admin/", "{next}");
    }
}

fn who_is_not_logged_in_is_sent_to_log_in(app: &TestApp) {
    let response = app.get("/admin/password_change/?a=1&b=%EC%95%88").expect(302);
    assert_eq!(response.location(), "/admin/login/?next=%2Fadmin%2Fpassword_change%2F%3Fa%3D1%26b%3D%25EC%2595%2588");
    assert_eq!(response.header("cache-control"), Some("private, no-store"));
    app.post("/admin/password_change/").form(&[("old_password", "x")]).expect(302);
}

fn who_is_no_longer_staff_is_told_so(app: &TestApp) {
    let person = app.administrator("ada");
    app.execute("UPDATE auth_user SET is_staff = (1 = 0)");
    let login = person.get("/admin/password_change/").expect(302).location().to_owned();
    let page = person.get(&login).expect(200).html();
    assert_eq!(
        page.text(".errornote"),
        "You are authenticated as ada, but are not authorized to access this page. Would you like to log in to a \
         different account?"
    );
    app.log.wait_for("the user is not staff");
}

/// `make_password("인천 correct horse", "seasalt12seasalt12sea22", "pbkdf2_sha256")` of Django, 3000 iterations.
const FROM_DJANGO: &str = "pbkdf2_sha256$3000$seasalt12seasalt12sea22$YNvznDJ6hoKLDqGHd9dqPrGbT9Y3i+t8X4b/nxKo0Ew=";

fn a_password_from_django_is_encoded_anew(app: &TestApp) {
    app.user("ada").superuser().encoded(FROM_DJANGO).create();
    app.user("other").superuser().create();
    let person = app.person();
    person.log_in("ada", "인천 correct house").expect(400);
    person.log_in("ada", "인천 correct horse").expect(303);
    assert!(person.is_logged_in());
    assert_eq!(app.count("auth_user WHERE password LIKE 'argon2$argon2id$v=19$m=19456,t=2,p=1$%'"), 2);
    app.person().log_in("ada", "인천 correct horse").expect(303);
}

fn a_login_from_another_site_is_refused(app: &TestApp) {
    app.user("ada").superuser().create();
    let form = [("username", "ada"), ("password", PASSWORD)];
    let forged = app.post("/admin/login/").form(&form).header("Sec-Fetch-Site", "cross-site");
    assert_eq!(forged.expect(403).headers("set-cookie"), Vec::<&str>::new());
    let person = app.logged_in("ada");
    person.send(app.post("/admin/logout/").header("Origin", "http://evil.example")).expect(403);
    assert!(person.is_logged_in());
}

fn logging_out_takes_a_post(app: &TestApp) {
    let person = app.administrator("ada");
    person.get("/admin/logout/").expect(405);
    assert!(person.is_logged_in());
    let stolen = person.session();
    let page = person.post("/admin/logout/", &[]).expect(200);
    assert_eq!(page.header("cache-control"), Some("private, no-store"));
    assert_eq!(page.html().texts("main a"), ["Log in again"]);
    assert_eq!((person.session(), app.count("django_session")), (None, 0));
    let thief =
        app.get("/admin/password_change/").header("Cookie", format!("sessionid={}", stolen.expect("a session")));
    thief.expect(302);
    person.post("/admin/logout/", &[]).expect(200);
}

fn the_page_speaks_korean(app: &TestApp) {
    let page = app.get("/admin/login/").header("Accept-Language", "ko").expect(200).html();
    assert_eq!(page.texts("#login-form label"), ["사용자 이름", "비밀번호"]);
    assert_eq!(page.text("#login-form button"), "로그인");
}

fn logins_are_in_the_log_and_what_nobody_is_called_is_not(app: &TestApp) {
    app.user("ada").superuser().create();
    let person = app.person();
    person.log_in("my secret password", "x").expect(400);
    person.log_in("ada", "wrong").expect(400);
    person.log_in("ada", PASSWORD).expect(303);
    person.post("/admin/logout/", &[]).expect(200);
    let line = app.log.wait_for("A login failed.");
    assert!(line.contains("polls.security") && line.contains("(unknown)"), "{line}");
    assert!(app.log.wait_for("Logged in.").contains("user=\"ada\""));
    assert!(app.log.wait_for("Logged out.").contains("user=\"ada\""));
    assert!(!app.log.text().contains("secret password") && !app.log.text().contains(PASSWORD));
}
