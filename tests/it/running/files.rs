//! Who may read the files that the program makes.

use std::os::unix::fs::PermissionsExt as _;
use std::process::Stdio;

use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![on_sqlite(nobody_else_may_read_what_the_program_writes_whatever_the_umask)]
}

/// As Apache starts it: with a umask that takes nothing from anybody.
fn nobody_else_may_read_what_the_program_writes_whatever_the_umask(setup: Setup) {
    let setup = setup.without_tables().log_to("polls.log").bind("127.0.0.1:0");
    let with_umask = |arguments: &[&str]| {
        let program = setup.command(arguments);
        let mut command = tied("sh");
        command.args(["-c", "umask 000; exec \"$@\"", "sh"]).arg(program.get_program()).args(program.get_args());
        command.envs(program.get_envs().filter_map(|(name, value)| Some((name, value?))));
        command.current_dir(setup.path(".")).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    };
    let migrated = with_umask(&["migrate"]).status().expect("polls can be started");
    assert!(migrated.success());
    let collected = with_umask(&["collectstatic", "static"]).status().expect("polls can be started");
    assert!(collected.success());
    let child = with_umask(&setup.arguments()).spawn().expect("polls can be started");
    let app = TestApp::adopt(child, setup);
    let poll = app.poll();
    app.post(&poll.vote()).form(&[("choice", &poll.value(0))]).expect(303);

    let mode = |name: &str| std::fs::metadata(app.path(name)).expect(name).permissions().mode() & 0o777;
    for name in ["polls.sqlite3", "polls.sqlite3-wal", "polls.sqlite3-shm", "polls.log"] {
        assert_eq!(mode(name), 0o640, "{name}");
    }
    // The web server reads these.
    assert_eq!(mode("static/css/admin") & 0o005, 0o005);
}
