//! `polls createsuperuser`, `changepassword` and `clearsessions`.

use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![
        on_every_database(a_superuser_is_made_without_asking),
        on_sqlite(a_superuser_that_cannot_be_is_refused),
        on_sqlite(without_a_terminal_nobody_is_asked),
        on_every_database(a_password_is_changed_without_asking),
    ]
}

fn a_superuser_is_made_without_asking(setup: Setup) {
    let setup = setup
        .variable("POLLS_SUPERUSER_USERNAME", "관리자")
        .variable("POLLS_SUPERUSER_EMAIL", "root@Example.ORG")
        .variable("POLLS_SUPERUSER_PASSWORD", PASSWORD);
    let made = setup.run(&["createsuperuser", "--noinput"]).expect(0);
    assert_eq!((made.stdout.as_str(), made.stderr.as_str()), ("Superuser created successfully.\n", ""));
    let app = setup.start();
    assert_eq!(app.count("auth_user WHERE email = 'root@example.org'"), 1);
    app.logged_in("관리자");
    let again = app.run(&["createsuperuser", "--noinput"]).expect(1);
    assert_eq!(again.stderr, "polls: A user with that username already exists.\n");
}

fn a_superuser_that_cannot_be_is_refused(setup: Setup) {
    for (arguments, message) in [
        (&["--email", ""][..], "--username"),
        (&["--username", "ada"], "--email"),
        (&["--username", "a b", "--email", ""], "valid username"),
        (&["--username", "", "--email", ""], "required"),
        (&["--username", "ada", "--email", "nowhere"], "valid email"),
    ] {
        let arguments = [&["createsuperuser", "--noinput"], arguments].concat();
        let refused = setup.run(&arguments).expect(1);
        assert!(refused.stderr.contains(message), "{arguments:?}: {}", refused.stderr);
    }
    setup.run(&["createsuperuser", "--noinput", "--username", "ada", "--email", ""]).expect(0);
    let app = setup.start();
    assert_eq!(app.count("auth_user WHERE password LIKE '!%'"), 1);
    app.person().log_in("ada", "").expect(400);
}

fn without_a_terminal_nobody_is_asked(setup: Setup) {
    for command in ["createsuperuser", "changepassword"] {
        let arguments: &[&str] = if command == "changepassword" { &[command, "ada"] } else { &[command] };
        if command == "changepassword" {
            setup.user("ada").superuser().create();
        }
        let refused = setup.run(arguments).expect(1);
        assert!(refused.stderr.contains("there is no terminal"), "{}", refused.stderr);
    }
}

fn a_password_is_changed_without_asking(setup: Setup) {
    let app = setup.variable("POLLS_SUPERUSER_PASSWORD", "another good phrase").start();
    let person = app.administrator("ada");
    app.run(&["changepassword", "nobody", "--noinput"]).expect(1);
    app.run(&["changepassword", "ada", "--noinput"]).expect(0);
    assert!(!person.is_logged_in());
    app.person().log_in("ada", PASSWORD).expect(400);
    app.person().log_in("ada", "another good phrase").expect(303);
}
