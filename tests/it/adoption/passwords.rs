//! Nobody is locked out by the adoption, neither here nor, afterwards, at Django's door.

use crate::support::*;

pub fn tests() -> Vec<Test> {
    let tests = [
        on_sqlite(who_logged_in_at_django_logs_in_here_and_there_again),
        on_every_database(passwords_that_are_made_here_open_djangos_door),
        on_sqlite(migrate_says_what_cannot_be_read_before_anybody_tries),
        on_sqlite(without_django_passwords_are_argon2),
    ];
    tests.map(|test| test.needing(Need::Django)).into()
}

const NEW: &str = "another good phrase";

/// Whether Django, without any package besides itself, takes a user's password.
#[track_caller]
fn opens_at_django(app: &TestApp, username: &str, password: &str) -> bool {
    let ask = format!(
        "from django.contrib.auth import authenticate; \
         print('user:', authenticate(username='{username}', password='{password}'))"
    );
    app.django().run(&["shell", "--command", &ask]).contains(&format!("user: {username}"))
}

fn encoded(app: &TestApp, username: &str) -> String {
    let user = polls::auth::queries::by_username(&mut app.open(), username).expect("users can be read");
    user.expect("there is such a user").password
}

fn who_logged_in_at_django_logs_in_here_and_there_again(setup: Setup) {
    let setup = setup.adopted_from_django();
    let make = "from django.contrib.auth import hashers, models; \
                [models.User.objects.create(username=name, is_staff=True, is_superuser=True, \
                password=hashers.make_password('correct horse battery', hasher=name)) \
                for name in ('pbkdf2_sha256', 'pbkdf2_sha1', 'scrypt')]; \
                weak = hashers.PBKDF2PasswordHasher().encode('correct horse battery', 'seasalt12seasalt12sea22', 3000); \
                models.User.objects.create(username='weak', is_staff=True, is_superuser=True, password=weak); \
                salted = hashers.MD5PasswordHasher().encode('correct horse battery', 'seasalt12seasalt12sea22'); \
                models.User.objects.create(username='md5', is_staff=True, is_superuser=True, password=salted)";
    setup.django().run(&["shell", "--command", make]);
    // As a login here left it before anybody thought of Django.
    setup.user("argon2").superuser().create();
    let app = setup.start();
    for (username, becomes) in [
        ("pbkdf2_sha256", "pbkdf2_sha256$1000000$"),
        ("pbkdf2_sha1", "pbkdf2_sha256$1000000$"),
        ("scrypt", "scrypt$16384$"),
        ("weak", "pbkdf2_sha256$1000000$"),
        ("md5", "pbkdf2_sha256$1000000$"),
        ("argon2", "pbkdf2_sha256$1000000$"),
    ] {
        app.person().log_in(username, "wrong horse battery").expect(400);
        app.logged_in(username);
        let password = encoded(&app, username);
        assert!(password.starts_with(becomes), "{username}: {password}");
        assert!(opens_at_django(&app, username, PASSWORD), "{username}");
        // Django has made its own preference of whatever it was.
        app.logged_in(username);
        let again = encoded(&app, username);
        assert!(again.starts_with("pbkdf2_sha256$1000000$"), "{username}: {again}");
    }
}

fn passwords_that_are_made_here_open_djangos_door(setup: Setup) {
    let setup = setup.adopted_from_django().variable("POLLS_SUPERUSER_PASSWORD", PASSWORD);
    setup.run(&["createsuperuser", "--noinput", "--username", "ada", "--email", "ada@example.org"]).expect(0);
    let app = setup.start();
    let ada = app.logged_in("ada");
    let typed = [("username", "bea"), ("usable_password", "true"), ("password1", NEW), ("password2", NEW)];
    ada.post("/admin/auth/user/add/", &typed).expect(303);
    let change = [("old_password", PASSWORD), ("new_password1", NEW), ("new_password2", NEW)];
    ada.post("/admin/password_change/", &change).expect(303);
    for username in ["ada", "bea"] {
        assert!(encoded(&app, username).starts_with("pbkdf2_sha256$"), "{username}");
        assert!(opens_at_django(&app, username, NEW), "{username}");
    }
    app.run(&["changepassword", "ada", "--noinput"]).expect(0);
    assert!(opens_at_django(&app, "ada", PASSWORD));
}

fn migrate_says_what_cannot_be_read_before_anybody_tries(setup: Setup) {
    let setup = setup.filled_by_django();
    let made = "INSERT INTO auth_user (username, password, first_name, last_name, email, is_staff, is_active, \
                is_superuser, date_joined) VALUES";
    for (username, password) in [("a", "crypt$$abc"), ("b", "bcrypt_sha256$$2b$12$x"), ("c", "plain text"), ("d", "!x")]
    {
        setup.execute(&format!("{made} ('{username}', '{password}', '', '', '', 1, 1, 1, '2026-01-01 00:00:00')"));
    }
    let said = setup.run(&["migrate"]).expect(0).stdout;
    for line in [
        "Passwords: 3 by pbkdf2_sha256\n",
        "Passwords: 1 by bcrypt_sha256\n",
        "Passwords: 1 by crypt, which is not read here: set them anew with `polls changepassword`\n",
        "Passwords: 1 by (of no known form), which is not read here",
        "New passwords are encoded by pbkdf2_sha256, as Django shares this database",
    ] {
        assert!(said.contains(line), "{line}: {said}");
    }
}

fn without_django_passwords_are_argon2(setup: Setup) {
    let setup = setup.filled_by_django().settings("shared_with_django = false");
    setup.run(&["migrate"]).expect(0);
    let app = setup.start();
    app.person().log_in("admin", "admin-password-1").expect(303);
    assert!(encoded(&app, "admin").starts_with("argon2$"));
}
