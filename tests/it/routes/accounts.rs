//! Logins and what protects them: what a guess costs, who is held up by whose guesses, who may change whom.

use chrono::TimeDelta;
use diesel::prelude::*;
use polls::clock;
use polls::web::schema::django_session;

use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![
        on_sqlite(a_refused_login_writes_nothing_and_empties_no_memory),
        on_sqlite(a_source_that_is_refused_goes_on_without_the_database),
        on_sqlite(what_shows_on_no_page_empties_no_memory),
        on_sqlite(a_table_that_lost_its_triggers_is_still_noticed),
        on_every_database(guesses_from_one_network_are_counted_together_at_every_width),
        on_every_database(ending_other_sessions_asks_for_the_password_and_gains_no_time),
        on_every_database(the_own_password_is_changed_with_the_old_one_only),
        on_every_database(nobody_changes_a_person_who_may_do_more),
        on_every_database(ended_sessions_go_with_a_login),
        on_every_database(people_see_and_end_their_own_sessions),
    ]
}

fn behind_a_proxy(setup: Setup) -> Setup {
    setup.settings("trusted_proxies = [\"127.0.0.1\"]")
}

fn guess(app: &TestApp, address: &str, username: &str) -> Response {
    let login = app.post("/admin/login/").header("X-Forwarded-For", address);
    login.form(&[("username", username), ("password", "wrong")]).send()
}

#[derive(diesel::QueryableByName)]
struct Number {
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    number: i64,
}

/// How many writes have changed what is public: pages in memory are good for as long as it is the same.
fn public_changes(app: &TestApp) -> i64 {
    let query = diesel::sql_query("SELECT number FROM polls_public_change");
    query.get_result::<Number>(&mut app.open()).expect("it is counted").number
}

fn a_refused_login_writes_nothing_and_empties_no_memory(setup: Setup) {
    let app = behind_a_proxy(setup).start();
    for number in 0..60 {
        guess(&app, "192.0.2.1", &format!("user{number}")).expect(400);
    }
    let log = || std::fs::read(app.path("polls.sqlite3-wal")).expect("the log is there");
    let before = log();
    for number in 0..200 {
        let refused = guess(&app, "192.0.2.1", &format!("other{number}")).expect(429);
        assert!(refused.header("retry-after").is_some());
    }
    assert!(log() == before, "a refusal has written");
    guess(&app, "198.51.100.1", "user").expect(400);
}

/// Without the table of users whoever asks the database gets an error.
fn a_source_that_is_refused_goes_on_without_the_database(setup: Setup) {
    const TRIES: usize = 200;
    const LET_THROUGH: usize = 8;
    let app = behind_a_proxy(setup).start();
    for number in 0..60 {
        guess(&app, "192.0.2.1", &format!("user{number}")).expect(400);
    }
    guess(&app, "192.0.2.1", "first").expect(429);
    app.execute("ALTER TABLE auth_user RENAME TO gone");
    let begun = std::time::Instant::now();
    let answers: Vec<Response> = std::thread::scope(|scope| {
        let tries: Vec<_> = (0..TRIES)
            .map(|number| {
                scope.spawn({
                    let app = &app;
                    move || guess(app, "192.0.2.1", &format!("other{number}"))
                })
            })
            .collect();
        tries.into_iter().map(|guess| guess.join().expect("an answer")).collect()
    });
    let seconds = usize::try_from(begun.elapsed().as_secs()).expect("a moment") + 1;
    let refused: Vec<_> = answers.iter().filter(|answer| answer.status == 429).collect();
    assert!(refused.len() >= TRIES - LET_THROUGH * seconds, "{} of {TRIES} in {seconds} s", refused.len());
    assert!(refused.iter().all(|answer| answer.header("retry-after").is_some()));
    // A page of its own is for fifty a second; the others have the one of all errors.
    let own = refused.iter().filter(|answer| answer.text().contains("id_username")).count();
    assert!((1..=50 * (seconds + 1)).contains(&own) && own < refused.len(), "{own} in {seconds} s");
    assert_eq!(guess(&app, "192.0.2.2", "other").status, 500);
    app.execute("ALTER TABLE gone RENAME TO auth_user");
}

fn what_shows_on_no_page_empties_no_memory(setup: Setup) {
    let app = behind_a_proxy(setup).start();
    let poll = app.poll();
    let before = public_changes(&app);
    guess(&app, "192.0.2.1", "ada").expect(400);
    let ada = app.administrator("ada");
    ada.post("/admin/logout/everywhere/", &[("password", PASSWORD)]).expect(303);
    ada.messages();
    ada.post("/admin/logout/", &[]).expect(200);
    assert_eq!(public_changes(&app), before);
    // What shows is noticed, whoever writes it.
    app.post(&poll.vote()).form(&[("choice", &poll.value(0))]).expect(303);
    assert_eq!(public_changes(&app), before + 1);
    app.execute("UPDATE polls_question SET question_text = 'Other?'");
    app.bookmark(Some("A bookmark"), "https://example.com/");
    assert_eq!(public_changes(&app), before + 3);
}

/// Django rebuilds a table to change it, and the triggers go with the old one.
fn a_table_that_lost_its_triggers_is_still_noticed(app: &TestApp) {
    let poll = app.poll();
    app.get(&poll.detail()).expect(200);
    app.execute("DROP TRIGGER polls_question_update_is_public");
    for number in 0..20 {
        let text = format!("Question number {number}?");
        app.execute(&format!("UPDATE polls_question SET question_text = '{text}'"));
        assert_eq!(app.get(&poll.detail()).expect(200).html().text("h1"), text);
    }
}

/// Who rents a server gets a network of 65,536 such as the first counts. What others of it have failed is written as the
/// program writes it: each would have to wait for two seconds.
fn guesses_from_one_network_are_counted_together_at_every_width(setup: Setup) {
    let app = behind_a_proxy(setup).start();
    // The width that is shared, how many guesses it has, and an address beside.
    let widths = [
        ("2001:db8:1::1", "near_network, wide_network", 10, "2001:db8:1::2"),
        ("2001:db8:2::1", "'', near_network, wide_network", 20, "2001:db8:2:7::1"),
        ("2001:db8:3::1", "'', '', wide_network", 40, "2001:db8:3:700::1"),
        ("192.0.2.1", "'', '', wide_network", 40, "192.0.2.200"),
    ];
    for (number, (address, shared, most, beside)) in widths.into_iter().enumerate() {
        let username = format!("user{number}");
        guess(&app, address, &username).expect(400);
        let shared = if number == 0 { format!("address, {shared}") } else { shared.to_owned() };
        let copy = |times: usize| {
            for _ in 0..times {
                app.execute(&format!(
                    "INSERT INTO auth_login_failure (account, at, address, near_network, wide_network) \
                     SELECT account, at, {shared} FROM auth_login_failure WHERE id = (SELECT id FROM \
                     (SELECT MIN(id) AS id FROM auth_login_failure) AS first)"
                ));
            }
        };
        copy(most - 2);
        guess(&app, beside, &username).expect(400);
        guess(&app, beside, &username).expect(429);
        // Others of that network, and the account from another one, are not concerned.
        guess(&app, beside, "somebody").expect(400);
        guess(&app, "198.51.100.1", &username).expect(400);
        app.execute("DELETE FROM auth_login_failure");
    }
}

fn ending_other_sessions_asks_for_the_password_and_gains_no_time(app: &TestApp) {
    let (here, there) = (app.administrator("ada"), app.administrator("ada"));
    let begun = clock::storable(clock::now() - TimeDelta::days(13));
    diesel::update(django_session::table)
        .set(django_session::created_at.eq(begun))
        .execute(&mut app.open())
        .expect("sessions can be aged");
    for password in ["", "wrong"] {
        let refused = here.post("/admin/logout/everywhere/", &[("password", password)]).expect(400);
        assert_eq!(refused.html().count("#id_password_error"), 1);
        assert!(there.get("/admin/").status == 200);
    }
    let ended = here.post("/admin/logout/everywhere/", &[("password", PASSWORD)]).expect(303);
    assert_eq!(there.get("/admin/").expect(302).status, 302);
    here.get("/admin/").expect(200);
    let cookie = ended.headers("set-cookie").into_iter().find(|cookie| cookie.starts_with("sessionid=")).unwrap();
    let age = cookie.split("Max-Age=").nth(1).and_then(|age| age.split(';').next()).unwrap();
    assert!(age.parse::<i64>().unwrap() <= 86_400, "{cookie}");
    let row: (Option<chrono::NaiveDateTime>, chrono::NaiveDateTime) = django_session::table
        .select((django_session::created_at, django_session::expire_date))
        .first(&mut app.open())
        .expect("one session is left");
    assert!(row.0 == Some(begun) && row.1 <= begun + TimeDelta::days(14), "{row:?}");
}

fn the_own_password_is_changed_with_the_old_one_only(app: &TestApp) {
    let id = app.user("ada").superuser().create();
    let ada = app.logged_in("ada");
    let path = format!("/admin/auth/user/{id}/password/");
    let fields = [("password1", "another horse battery"), ("password2", "another horse battery")];
    let answers = [ada.get(&path), ada.post(&path, &fields), ada.post(&path, &[("unset-password", "1")])];
    for answer in answers {
        assert_eq!(answer.expect(303).header("location"), Some("/admin/password_change/"));
    }
    app.logged_in("ada");
}

fn nobody_changes_a_person_who_may_do_more(app: &TestApp) {
    let manager = || app.user("manager").staff().may("auth.view_user").may("auth.change_user").may("auth.delete_user");
    manager().create();
    let more = app.user("more").staff().may("polls.delete_question").create();
    let same = app.user("same").staff().may("auth.view_user").create();
    let manager = app.logged_in("manager");
    for (user, status) in [(more, 200), (same, 303)] {
        let path = format!("/admin/auth/user/{user}/change/");
        let renamed = manager.submit(&path, &[("username", &format!("renamed{user}"))]);
        assert!(renamed.status == status || (status == 200 && renamed.status == 400), "{user}: {}", renamed.status);
        assert_eq!(app.count(&format!("auth_user WHERE username = 'renamed{user}'")), i64::from(status == 303));
        manager.post(&format!("/admin/auth/user/{user}/delete/"), &[("post", "yes")]);
        assert_eq!(app.count(&format!("auth_user WHERE id = {user}")), i64::from(status == 200));
    }
}

fn ended_sessions_go_with_a_login(app: &TestApp) {
    for number in 0..400 {
        diesel::insert_into(django_session::table)
            .values((
                django_session::session_key.eq(format!("ended{number}")),
                django_session::session_data.eq("{}"),
                django_session::expire_date.eq(clock::storable(clock::now() - TimeDelta::hours(1))),
            ))
            .execute(&mut app.open())
            .expect("a session can be written");
    }
    app.administrator("ada");
    assert_eq!(app.count("django_session"), 151);
    app.administrator("ada");
    assert_eq!(app.count("django_session"), 2);
}

fn people_see_and_end_their_own_sessions(app: &TestApp) {
    app.user("alice").create();
    app.user("bob").create();
    let log_in = |name: &str, user_agent: &str| {
        let person = app.person();
        let login = app.post("/accounts/login/").header("User-Agent", user_agent);
        assert_eq!(person.send(login.form(&[("username", name), ("password", PASSWORD)])).status, 303);
        person
    };
    let phone = log_in("alice", "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) Version/18.5 Safari/604.1");
    let desk = log_in("alice", "Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/141.0<b>");
    let other = log_in("bob", "x");
    let page = |person: &Person| person.get("/accounts/sessions/").expect(200).html();
    assert_eq!(page(&desk).texts("main .session h2"), ["Firefox on Windows This one", "Safari on iPhone"]);
    let named = |person: &Person| page(person).attributes("main input[name=session]", "value");
    let of_phone = named(&desk).remove(0);
    let end = |person: &Person, session: &str| {
        person.post("/accounts/sessions/", &[("session", session)]).expect(303);
    };
    // What is another person's, or nobody's, ends nothing.
    end(&other, &of_phone);
    end(&desk, "0123456789abcdef0123456789abcdef");
    phone.get("/accounts/sessions/").expect(200);
    end(&desk, &of_phone);
    phone.get("/accounts/sessions/").expect(302);
    assert_eq!(named(&desk), [""; 0]);
    assert_eq!(page(&other).texts("main .session h2"), ["An unknown browser This one"]);
    app.get("/accounts/sessions/").expect(302);
}
