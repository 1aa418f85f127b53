//! What packages and containers ask of the program: a manual page, completions, its version, whether it is ready.

use std::fs;
use std::process::Command;

use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![
        on_sqlite(there_is_a_manual_page_for_every_command),
        on_sqlite(a_shell_reads_the_completions),
        on_sqlite(the_version_names_what_is_built_in),
        on_every_database(a_program_that_is_ready_says_so),
        on_sqlite(a_program_at_a_unix_socket_is_asked_below_its_path),
    ]
}

fn there_is_a_manual_page_for_every_command(setup: Setup) {
    let page = setup.run(&["man"]).expect(0).stdout;
    assert!(page.contains(".TH polls 1") && page.contains("apache\\-config"), "{page}");
    setup.run(&["man", "--directory", "man1"]).expect(0);
    for command in ["serve", "migrate", "check", "backup", "restore", "apache-config", "recount"] {
        let page = fs::read_to_string(setup.path("man1").join(format!("polls-{command}.1"))).expect("a page");
        assert!(page.contains(".TH ") && page.contains("NAME"), "{page}");
    }
}

fn a_shell_reads_the_completions(setup: Setup) {
    for shell in ["bash", "zsh", "fish"] {
        assert!(setup.run(&["completions", shell]).expect(0).stdout.contains("collectstatic"), "{shell}");
    }
    let script = setup.run(&["completions", "bash"]).expect(0).stdout;
    fs::write(setup.path("polls.bash"), script).expect("a file can be written");
    let typed = "source polls.bash && COMP_WORDS=(polls resto) && COMP_CWORD=1 && _polls polls resto polls && echo \"${COMPREPLY[@]}\"";
    let output = Command::new("bash").args(["-c", typed]).current_dir(setup.path(".")).output().expect("bash");
    assert_eq!(String::from_utf8_lossy(&output.stdout), "restore\n", "{output:?}");
}

fn the_version_names_what_is_built_in(setup: Setup) {
    let said = setup.run(&["--version"]).expect(0).stdout;
    let mut lines = said.lines();
    assert!(lines.next().expect("a line").starts_with(&format!("polls {}", env!("CARGO_PKG_VERSION"))), "{said}");
    let databases = lines.next().expect("a line");
    assert!(databases.starts_with("databases: sqlite"), "{said}");
    assert_eq!(databases.contains("postgres"), cfg!(feature = "postgres"), "{said}");
    assert!(lines.next().is_some_and(|line| line.starts_with("SQLite 3.")), "{said}");
}

fn a_program_that_is_ready_says_so(setup: Setup) {
    let app = setup.start();
    let address = app.tcp().to_string();
    assert_eq!(app.run(&["healthcheck", &address]).expect(0).stdout, "ready\n");
    app.execute(
        "DELETE FROM __diesel_schema_migrations WHERE version = (SELECT MAX(version) FROM __diesel_schema_migrations)",
    );
    let said = app.run(&["healthcheck", &address]).expect(1).stderr;
    assert!(said.contains("503") && said.contains("polls migrate"), "{said}");
    let setup = app.stop();
    let said = setup.run(&["healthcheck", &address]).expect(1).stderr;
    assert!(said.contains(&address) && said.contains("refused"), "{said}");
}

fn a_program_at_a_unix_socket_is_asked_below_its_path(setup: Setup) {
    let app = setup.mounted_at("/vote").bind_unix("http.sock").start();
    let address = format!("unix:{}", app.path("http.sock").display());
    assert_eq!(app.run(&["healthcheck", &address]).expect(0).stdout, "ready\n");
    app.run(&["healthcheck", "unix:none.sock"]).expect(1);
}
