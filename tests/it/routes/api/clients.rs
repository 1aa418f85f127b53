//! Programs that others wrote: schemathesis, which attacks an API by its description, and a client for linkding.

use std::path::Path;
use std::process::Command;

use super::Program;
use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![
        on_every_database(schemathesis_finds_no_fault).needing(Need::ApiClients),
        on_every_database(a_client_for_linkding_works_as_it_is).needing(Need::ApiClients),
    ]
}

/// Runs a program of the environment that `tests/run` makes, in a directory of the test's own.
#[track_caller]
fn run(program: &Program<'_>, name: &str, arguments: &[&str]) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut command = Command::new(root.join("target/api-venv/bin").join(name));
    command.args(arguments).current_dir(program.app.path("."));
    command.env("POLLS_URL", format!("http://{}", program.app.tcp())).env("POLLS_TOKEN", &program.token);
    let output = command.output().expect("it can be started");
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
}

fn schemathesis_finds_no_fault(app: &TestApp) {
    let program = Program::of_administrator(app);
    program.send(
        "POST",
        super::BOOKMARKS,
        &serde_json::json!({"url": "https://one.example/", "title": "x", "tag_names": ["x"]}),
    );
    let description = format!("http://{}/api/openapi.json", app.tcp());
    let token = format!("Authorization: Bearer {}", program.token);
    let config = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/api/schemathesis.toml");
    let config = config.to_str().expect("a path");
    // With 20 it takes 15 s where nothing else runs.
    let examples = if app.engine() == Engine::Sqlite { "20" } else { "3" };
    let arguments = ["--config-file", config, "--no-color", "run", &description, "--header", &token, "--checks", "all"];
    let limits = ["--max-examples", examples, "--seed", "1", "--continue-on-failure"];
    run(&program, "schemathesis", &[&arguments[..], &limits].concat());
}

fn a_client_for_linkding_works_as_it_is(app: &TestApp) {
    let program = Program::of_administrator(app);
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/api/linkding.py");
    run(&program, "python", &["-I", script.to_str().expect("a path")]);
}
