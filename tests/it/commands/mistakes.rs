//! Every mistake in the settings is one clear line, at start.

use crate::support::*;

pub fn tests() -> Vec<Test> {
    let mut tests = vec![
        on_sqlite(an_unknown_key_is_a_mistake_with_the_nearest_name),
        on_sqlite(a_value_of_the_wrong_kind_names_its_place),
        on_sqlite(all_mistakes_are_told_at_once),
        on_sqlite(an_unknown_variable_is_a_mistake_too),
        on_sqlite(a_file_that_is_no_toml_is_named_without_its_secrets),
        on_sqlite(a_file_that_is_named_must_be_there),
        on_sqlite(a_secret_has_one_place),
        on_sqlite(a_wrong_flag_is_named),
        on_sqlite(mail_that_cannot_be_sent_is_a_mistake),
    ];
    if !cfg!(all(feature = "postgres", feature = "mysql")) {
        tests.push(on_sqlite(a_database_that_is_not_built_in_says_how_to_build_it));
    }
    tests
}

/// What `polls serve` says of these settings instead of starting.
#[track_caller]
fn mistakes(setup: &Setup) -> String {
    let finished = setup.run(&setup.arguments());
    assert_eq!(finished.code, Some(1), "{}{}", finished.stdout, finished.stderr);
    finished.stderr
}

fn an_unknown_key_is_a_mistake_with_the_nearest_name(setup: Setup) {
    let said = mistakes(&setup.settings("alowed_hosts = []\n[server]\nworker = 2"));
    assert!(said.contains("polls.toml: alowed_hosts: unknown setting; did you mean allowed_hosts?"), "{said}");
    assert!(said.contains("polls.toml: server.worker: unknown setting; did you mean server.workers?"), "{said}");
}

fn a_value_of_the_wrong_kind_names_its_place(setup: Setup) {
    let file = "time_zone = \"Mars/Olympus\"\nlanguage_code = \"xx\"\nscript_name = \"vote\"\nstatic_url = \"static\"\n\
                trusted_proxies = [\"10.0.0.0/99\"]\ncsrf_trusted_origins = [\"example.com\"]\nsecure_ssl_redirect = \"perhaps\"\n\
                data_upload_max_memory_size = 1\n[server]\nworkers = 0\nsocket_mode = \"rw\"\nbind = [\"nowhere\"]\n\
                [log]\nlevel = \"loud=very\"\nformat = \"xml\"\nrotation = \"weekly\"";
    let said = mistakes(&setup.settings(file).bind("127.0.0.1:0"));
    for key in [
        "time_zone",
        "language_code",
        "script_name",
        "static_url",
        "trusted_proxies",
        "csrf_trusted_origins",
        "secure_ssl_redirect",
        "data_upload_max_memory_size",
        "server.workers",
        "server.socket_mode",
        "log.level",
        "log.format",
        "log.rotation",
    ] {
        assert_eq!(said.matches(&format!("polls.toml: {key}: ")).count(), 1, "{key}: {said}");
    }
}

fn all_mistakes_are_told_at_once(setup: Setup) {
    let said =
        mistakes(&setup.settings("secret_key = \"\"\nallowed_hosts = []").variable("POLLS_TIME_ZONE", "Nowhere"));
    assert!(said.starts_with("polls: 3 mistakes in the settings:\n"), "{said}");
    assert_eq!(said.lines().count(), 4, "{said}");
    for mistake in ["secret_key", "allowed_hosts", "POLLS_TIME_ZONE: \"Nowhere\" is no IANA time zone"] {
        assert!(said.contains(mistake), "{mistake}: {said}");
    }
}

fn an_unknown_variable_is_a_mistake_too(setup: Setup) {
    let setup = setup.variable("POLLS_ALOWED_HOSTS", "a").variable("POLLS_SUPERUSER_PASSWORD", "secret");
    let said = mistakes(&setup);
    assert!(said.contains("POLLS_ALOWED_HOSTS: unknown setting; did you mean POLLS_ALLOWED_HOSTS?"), "{said}");
    assert!(!said.contains("SUPERUSER"), "{said}");
}

fn a_file_that_is_no_toml_is_named_without_its_secrets(setup: Setup) {
    let said = mistakes(&setup.settings("database_url = \"postgres://polls:hunter2@localhost/polls"));
    assert!(said.contains("polls.toml") && !said.contains("hunter2"), "{said}");
}

fn a_file_that_is_named_must_be_there(setup: Setup) {
    let said = setup.run(&["config", "show", "--config", "missing.toml"]).expect(1).stderr;
    assert!(said.contains("missing.toml"), "{said}");
    let setup = setup.variable("POLLS_CONFIG", "elsewhere.toml");
    assert!(setup.run(&["config", "show"]).expect(1).stderr.contains("elsewhere.toml"));
}

fn a_secret_has_one_place(setup: Setup) {
    let setup = setup.settings("secret_key_file = \"secret\"");
    assert!(mistakes(&setup).contains("set this or secret_key, not both"));
    let setup = Setup::new(Engine::Sqlite).settings("secret_key = \"\"\nsecret_key_file = \"secret\"");
    assert!(mistakes(&setup).contains("polls.toml: secret_key_file: cannot read secret"));
    std::fs::write(setup.path("secret"), " \n").expect("a file can be written");
    assert!(mistakes(&setup).contains("secret is empty"));
    std::fs::write(setup.path("secret"), "correct horse battery staple correct horse battery staple\n")
        .expect("a file");
    setup.start().get("/").expect(200);
}

fn a_wrong_flag_is_named(setup: Setup) {
    let said = mistakes(&setup.bind("nowhere"));
    assert!(said.contains("--bind: \"nowhere\": expected ADDRESS:PORT or unix:/path"), "{said}");
}

fn mail_that_cannot_be_sent_is_a_mistake(setup: Setup) {
    let file = "allowed_hosts = [\"*\"]\n[mail]\nbackend = \"smpt\"\nhost = \"smtp://mail.example.org\"\ntls = \"ssl\"\n\
                port = 0\nadmins = [\"ops\"]\nfrom = \"polls\"\nusername = \"polls\"\nsite_url = \"polls.example.org\"\n\
                subject_prefix = \"a\\nb\"\npassword_file = \"missing\"";
    let said = mistakes(&setup.settings(file));
    for (key, expected) in [
        ("backend", "expected \"off\", \"smtp\", \"console\" or \"file\", found \"smpt\""),
        ("host", "expected the name of a mail server without scheme and port"),
        ("tls", "expected \"none\", \"starttls\" or \"implicit\", found \"ssl\""),
        ("port", "expected a whole number from 1 to 65535"),
        ("admins", "\"ops\": expected an address"),
        ("from", "expected an address such as \"polls@example.org\""),
        ("username", "a login needs mail.password or mail.password_file too"),
        ("site_url", "expected the address of the site without a path"),
        ("subject_prefix", "expected a text of one line"),
        ("password_file", "cannot read missing"),
    ] {
        assert!(said.contains(&format!("polls.toml: mail.{key}: {expected}")), "{key}: {said}");
    }
    let of = |lines: &str| {
        mistakes(&Setup::new(Engine::Sqlite).settings(&format!("allowed_hosts = [\"*\"]\n[mail]\n{lines}")))
    };
    let said = of("backend = \"smtp\"\npassword = \"hunter2\"");
    assert!(said.contains("mail.from (POLLS_MAIL__FROM): mail needs the address that it comes from"), "{said}");
    assert!(said.contains("mail.site_url (POLLS_MAIL__SITE_URL): mails need the address of the site"), "{said}");
    assert!(said.contains("mail.password: a login needs mail.username too") && !said.contains("hunter2"), "{said}");
    assert!(of("backend = \"file\"").contains("the backend \"file\" needs the directory"));
    // What is off needs nothing.
    Setup::new(Engine::Sqlite).settings("allowed_hosts = [\"*\"]").start().get("/").expect(200);
}

fn a_database_that_is_not_built_in_says_how_to_build_it(setup: Setup) {
    let name = if cfg!(feature = "postgres") { "mysql" } else { "postgres" };
    let setup = setup.variable("POLLS_DATABASE_URL", &format!("{name}://polls:hunter2@localhost/polls"));
    let said = mistakes(&setup);
    assert!(said.contains(&format!("--features {name}")) && !said.contains("hunter2"), "{said}");
}
