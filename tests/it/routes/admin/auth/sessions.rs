//! Sessions: who has one, how it is kept, and when it ends.

use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![
        on_every_database(who_reads_or_votes_has_no_session),
        on_every_database(the_database_holds_no_key_that_opens_a_session),
        on_sqlite(the_cookie_is_for_this_site_alone),
        on_sqlite(over_tls_the_cookie_is_bound_to_the_host),
        on_every_database(a_session_that_stayed_idle_has_ended),
        on_sqlite(a_busy_session_is_extended_and_ends_by_its_age),
        on_every_database(a_session_ends_with_its_user),
        on_sqlite(whoever_has_a_session_gets_no_page_from_a_cache),
        on_sqlite(a_key_that_opens_nothing_is_taken_away),
        on_sqlite(a_login_gives_a_new_key),
    ]
}

fn who_reads_or_votes_has_no_session(app: &TestApp) {
    let poll = app.poll();
    let person = app.person();
    for path in ["/", "/polls/", &poll.detail(), &poll.results(), "/bookmark/", "/admin/login/", "/nowhere/"] {
        assert_eq!(person.get(path).headers("set-cookie"), Vec::<&str>::new(), "{path}");
    }
    person.post(&poll.vote(), &[("choice", &poll.value(0))]).expect(303);
    person.log_in("nobody", "wrong").expect(400);
    assert_eq!((person.session(), app.count("django_session")), (None, 0));
}

fn the_database_holds_no_key_that_opens_a_session(app: &TestApp) {
    let person = app.administrator("ada");
    let key = person.session().expect("a session");
    assert!(key.len() >= 32 && key.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    let held = |column: &str, value: &str| app.count(&format!("django_session WHERE {column} LIKE '%{value}%'"));
    assert_eq!((app.count("django_session"), held("session_key", &key), held("session_data", &key)), (1, 0, 0));
    assert_eq!(app.count("django_session WHERE user_id IS NOT NULL AND created_at IS NOT NULL"), 1);
}

fn the_cookie_is_for_this_site_alone(setup: Setup) {
    let app = setup.mounted_at("/vote").start();
    app.user("ada").superuser().create();
    let response = app.post("/vote/admin/login/").form(&[("username", "ada"), ("password", PASSWORD)]).expect(303);
    assert_eq!(response.location(), "/vote/admin/");
    let cookie = response.header("set-cookie").expect("a cookie");
    assert!(cookie.starts_with("sessionid="), "{cookie}");
    for part in ["HttpOnly", "SameSite=Lax", "Path=/vote/", "Max-Age=1209600"] {
        assert!(cookie.split("; ").any(|has| has == part), "{cookie} lacks {part}");
    }
    assert_eq!(response.header("cache-control"), Some("private, no-store"));
}

fn over_tls_the_cookie_is_bound_to_the_host(setup: Setup) {
    let app = setup.settings("trusted_proxies = [\"127.0.0.1\"]\nsession_expire_at_browser_close = true").start();
    app.user("ada").superuser().create();
    let login = app.post("/admin/login/").form(&[("username", "ada"), ("password", PASSWORD)]);
    let response = login.header("X-Forwarded-Proto", "https").expect(303);
    let cookie = response.header("set-cookie").expect("a cookie");
    assert!(cookie.starts_with("__Host-sessionid="), "{cookie}");
    assert!(cookie.contains("Secure") && !cookie.contains("Max-Age"), "{cookie}");
    let key = cookie.split(['=', ';']).nth(1).expect("a key");
    let page = || app.get("/admin/password_change/").header("X-Forwarded-Proto", "https");
    page().header("Cookie", format!("__Host-sessionid={key}")).expect(200);
    page().header("Cookie", format!("sessionid={key}")).expect(302);
}

/// Lets time pass for the sessions there are.
fn pass(app: &TestApp, seconds: u32) {
    let earlier = |column: &str| match app.engine() {
        Engine::Sqlite => format!("{column} = datetime({column}, '-{seconds} seconds')"),
        Engine::Postgres => format!("{column} = {column} - INTERVAL '{seconds} seconds'"),
        Engine::Mariadb => format!("{column} = {column} - INTERVAL {seconds} SECOND"),
    };
    app.execute(&format!("UPDATE django_session SET {}, {}", earlier("created_at"), earlier("expire_date")));
}

fn a_session_that_stayed_idle_has_ended(setup: Setup) {
    let app = setup.settings("session_idle_timeout = 1000").start();
    let person = app.administrator("ada");
    pass(&app, 900);
    assert!(person.is_logged_in());
    pass(&app, 1001);
    assert!(!person.is_logged_in());
    assert_eq!(person.session(), None);
    assert_eq!(app.run(&["clearsessions"]).expect(0).stdout, "1 expired sessions deleted.\n");
    assert_eq!(app.count("django_session"), 0);
}

fn a_busy_session_is_extended_and_ends_by_its_age(setup: Setup) {
    let app = setup.settings("session_idle_timeout = 1000\nsession_cookie_age = 2000").start();
    let person = app.administrator("ada");
    for _ in 0..3 {
        pass(&app, 600);
        assert!(person.is_logged_in());
    }
    pass(&app, 201);
    assert!(!person.is_logged_in());
}

fn a_session_ends_with_its_user(app: &TestApp) {
    let (ada, bea, cas) = (app.administrator("ada"), app.administrator("bea"), app.administrator("cas"));
    app.execute("UPDATE auth_user SET is_active = (1 = 0) WHERE username = 'ada'");
    app.execute("UPDATE auth_user SET password = 'argon2$another' WHERE username = 'bea'");
    app.execute("DELETE FROM auth_user WHERE username = 'cas'");
    for person in [ada, bea, cas] {
        assert!(!person.is_logged_in());
    }
    assert_eq!(app.count("django_session"), 0);
}

fn whoever_has_a_session_gets_no_page_from_a_cache(app: &TestApp) {
    assert_eq!(app.get("/polls/").expect(200).header("cache-control"), Some("max-age=0, s-maxage=1, must-revalidate"));
    let person = app.administrator("ada");
    assert_eq!(person.get("/polls/").expect(200).header("cache-control"), Some("private, no-store"));
    let styles = app.get("/polls/").expect(200).html().attributes("link[rel=stylesheet]", "href").remove(0);
    let shared = person.get(&styles).expect(200);
    assert!(shared.header("cache-control").is_some_and(|value| value.contains("immutable")));
}

fn a_key_that_opens_nothing_is_taken_away(app: &TestApp) {
    for key in ["x", "../../etc/passwd", "a%00b", &"k".repeat(4000)] {
        let response = app.get("/polls/").header("Cookie", format!("sessionid={key}")).expect(200);
        assert!(response.header("set-cookie").is_some_and(|cookie| cookie.contains("Max-Age=0")), "{key}");
    }
}

fn a_login_gives_a_new_key(app: &TestApp) {
    let person = app.administrator("ada");
    let before = person.session();
    person.log_in("ada", PASSWORD).expect(303);
    assert_ne!(person.session(), before);
    assert_eq!(app.count("django_session"), 1);
    let old = format!("sessionid={}", before.expect("a session"));
    app.get("/admin/password_change/").header("Cookie", old).expect(302);
}
