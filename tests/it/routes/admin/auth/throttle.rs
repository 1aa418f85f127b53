//! Guessing passwords is limited, and nobody is locked out by strangers.

use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![
        on_every_database(ten_failures_are_enough_for_five_minutes),
        on_every_database(an_address_may_fail_sixty_times_in_all),
        on_sqlite(strangers_slow_an_account_and_do_not_lock_it),
        on_every_database(of_many_at_once_ten_are_looked_at),
        on_sqlite(the_old_password_cannot_be_guessed_either),
        on_sqlite(names_and_addresses_are_not_kept),
    ]
}

fn ten_failures_are_enough_for_five_minutes(setup: Setup) {
    let app = setup.settings("trusted_proxies = [\"127.0.0.1\"]").start();
    app.user("ada").superuser().create();
    let attempt = |password: &str, address: &str| {
        let request = app.post("/admin/login/").form(&[("username", "ada"), ("password", password)]);
        request.header("X-Forwarded-For", address).send()
    };
    for _ in 0..9 {
        attempt("wrong", "192.0.2.1").expect(400);
    }
    attempt(PASSWORD, "192.0.2.1").expect(303);
    for _ in 0..10 {
        attempt("wrong", "192.0.2.1").expect(400);
    }
    for password in ["wrong", PASSWORD] {
        let refused = attempt(password, "192.0.2.1").expect(429);
        let seconds: u32 = refused.header("retry-after").and_then(|text| text.parse().ok()).expect("seconds");
        assert!((200..=301).contains(&seconds), "{seconds}");
        let page = refused.html();
        assert_eq!(page.attribute("#id_username", "value").as_deref(), Some("ada"));
        assert!(page.text(".errornote").contains("wait a few minutes"));
    }
    attempt(PASSWORD, "192.0.2.2").expect(303);
    app.log.wait_for("Refused a login");
    app.execute("UPDATE auth_login_failure SET at = '2026-01-01 00:00:00'");
    attempt("wrong", "192.0.2.1").expect(400);
    assert_eq!(app.count("auth_login_failure"), 1);
}

fn an_address_may_fail_sixty_times_in_all(app: &TestApp) {
    app.user("ada").superuser().create();
    app.person().log_in("someone", "wrong").expect(400);
    for n in 1..60 {
        app.execute(&format!(
            "INSERT INTO auth_login_failure (account, address, at) SELECT '{n}', address, at FROM auth_login_failure WHERE LENGTH(account) = 64"
        ));
    }
    app.person().log_in("ada", PASSWORD).expect(429);
    app.execute("DELETE FROM auth_login_failure WHERE account = '59'");
    app.person().log_in("ada", PASSWORD).expect(303);
}

fn strangers_slow_an_account_and_do_not_lock_it(app: &TestApp) {
    app.user("ada").superuser().create();
    app.person().log_in("ada", "wrong").expect(400);
    for n in 0..40 {
        app.execute(&format!(
            "INSERT INTO auth_login_failure (account, address, at) SELECT account, '{n}', at FROM auth_login_failure WHERE LENGTH(address) = 64"
        ));
    }
    let begun = std::time::Instant::now();
    app.person().log_in("ada", PASSWORD).expect(303);
    assert!(begun.elapsed().as_secs() >= 2);
}

fn of_many_at_once_ten_are_looked_at(app: &TestApp) {
    app.user("ada").superuser().create();
    let attempts: Vec<_> = (0..30)
        .map(|_| {
            let request = app.post("/admin/login/").form(&[("username", "ada"), ("password", "wrong")]);
            std::thread::spawn(|| request.send().status)
        })
        .collect();
    let statuses: Vec<_> = attempts.into_iter().map(|attempt| attempt.join().expect("an answer")).collect();
    let looked_at = statuses.iter().filter(|status| **status == 400).count();
    assert_eq!(looked_at, 10, "{statuses:?}");
    assert!(statuses.iter().all(|status| [400, 429].contains(status)), "{statuses:?}");
}

fn the_old_password_cannot_be_guessed_either(app: &TestApp) {
    let person = app.administrator("ada");
    let new = "another good phrase";
    let change = |old| {
        let fields = [("old_password", old), ("new_password1", new), ("new_password2", new)];
        person.post("/admin/password_change/", &fields)
    };
    for _ in 0..10 {
        change("wrong").expect(400);
    }
    assert!(change(PASSWORD).expect(429).header("retry-after").is_some());
}

fn names_and_addresses_are_not_kept(app: &TestApp) {
    app.person().log_in("my secret password", "wrong").expect(400);
    assert_eq!(app.count("auth_login_failure WHERE LENGTH(account) = 64 AND LENGTH(address) = 64"), 1);
    assert_eq!(app.count("auth_login_failure WHERE account LIKE '%secret%' OR address LIKE '%127%0%0%1%'"), 0);
}
