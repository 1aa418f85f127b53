//! The first administrator, made in the browser.

use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![
        on_sqlite(the_first_start_prints_a_link_that_makes_the_administrator_once),
        on_sqlite(a_link_is_good_for_an_hour_and_until_the_next_start),
        on_sqlite(what_is_wrong_is_said_and_the_link_stays_good),
        on_sqlite(of_two_at_once_one_becomes_the_administrator),
        on_sqlite(production_prints_no_link),
        on_sqlite(the_link_is_in_no_log_and_works_without_an_origin),
    ]
}

const FIELDS: [(&str, &str); 4] =
    [("username", "ada"), ("email", "ada@example.org"), ("password1", PASSWORD), ("password2", PASSWORD)];

fn link(app: &TestApp) -> String {
    let line = app.stdout.wait_for("/admin/setup/");
    let path = line.split("/admin/setup/").nth(1).and_then(|rest| rest.split('/').next());
    format!("/admin/setup/{}/", path.expect("a token"))
}

fn the_first_start_prints_a_link_that_makes_the_administrator_once(setup: Setup) {
    let app = setup.development().start();
    let (link, person) = (link(&app), app.person());
    let page = person.get(&link).expect(200);
    assert_eq!(page.header("referrer-policy"), Some("no-referrer"));
    assert_eq!(page.header("cache-control"), Some("private, no-store"));
    assert_eq!(person.post(&link, &FIELDS).expect(303).location(), "/admin/");
    assert!(person.is_logged_in());
    assert_eq!(app.count("auth_user WHERE is_staff AND is_superuser AND is_active AND username = 'ada'"), 1);
    person.get(&link).expect(404);
    app.person().post(&link, &[FIELDS[1], FIELDS[2], FIELDS[3], ("username", "eve")]).expect(404);
    let app = app.stop().start();
    app.stdout.wait_for("Stop");
    assert!(!app.stdout.text().contains("/admin/setup/"));
    app.logged_in("ada");
}

fn a_link_is_good_for_an_hour_and_until_the_next_start(setup: Setup) {
    let app = setup.development().start();
    let first = link(&app);
    app.get(&first).expect(200);
    let app = app.stop().start();
    let second = link(&app);
    app.get(&first).expect(404);
    app.get(&second).expect(200);
    app.get("/admin/setup/a/").expect(404);
    app.execute("UPDATE auth_setup_link SET expires_at = '2026-01-01 00:00:00'");
    app.get(&second).expect(404);
    app.post(&second).form(&FIELDS).expect(404);
    assert_eq!(app.count("auth_user"), 0);
}

fn what_is_wrong_is_said_and_the_link_stays_good(setup: Setup) {
    let app = setup.development().start();
    let link = link(&app);
    let wrong = [("username", "a b"), ("email", "nowhere"), ("password1", "a b"), ("password2", "")];
    let page = app.post(&link).form(&wrong).expect(400).html();
    assert_eq!(page.count(".errorlist"), 3);
    assert_eq!(page.attribute("#id_username", "value").as_deref(), Some("a b"));
    assert_eq!(page.attribute("#id_email", "value").as_deref(), Some("nowhere"));
    assert_eq!(page.attributes("input[type=password]", "value"), ["", ""]);
    app.post(&link).form(&FIELDS).expect(303);
}

fn of_two_at_once_one_becomes_the_administrator(setup: Setup) {
    let app = setup.development().start();
    let link = link(&app);
    let tries: Vec<_> = (0..6)
        .map(|n| {
            let name = format!("user{n}");
            let fields = [("username", name.as_str()), FIELDS[2], FIELDS[3]];
            let request = app.post(&link).form(&fields);
            std::thread::spawn(|| request.send().status)
        })
        .collect();
    let mut statuses: Vec<_> = tries.into_iter().map(|attempt| attempt.join().expect("an answer")).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 404, 404, 404, 404, 404]);
    assert_eq!((app.count("auth_user"), app.count("auth_setup_link")), (1, 0));
}

fn production_prints_no_link(app: &TestApp) {
    assert_eq!(app.count("auth_setup_link"), 0);
    assert!(!app.stdout.text().contains("setup"));
}

fn the_link_is_in_no_log_and_works_without_an_origin(setup: Setup) {
    let app = setup.development().start();
    let link = link(&app);
    app.get(&link).expect(200);
    app.post(&link).form(&FIELDS).header("Origin", "null").expect(303);
    app.log.wait_for("POST /admin/setup/ 303");
    assert!(!app.log.text().contains(&link));
    assert_eq!(app.count("auth_setup_link"), 0);
}
