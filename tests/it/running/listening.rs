//! Where the program listens.

use std::fs;
use std::net::TcpListener;
use std::os::fd::OwnedFd;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::os::unix::net::UnixListener;
use std::process::Stdio;

use nix::unistd::{Group, getegid, geteuid};

use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![
        on_sqlite(several_addresses_are_served_at_once),
        on_sqlite(a_unix_socket_is_for_its_owner_and_group),
        on_sqlite(mode_and_group_of_a_unix_socket_can_be_set),
        on_sqlite(a_socket_that_was_left_behind_is_replaced),
        on_sqlite(what_is_in_use_or_no_socket_is_left_alone),
        on_sqlite(sockets_of_a_service_manager_are_used),
        on_sqlite(a_unix_socket_of_a_service_manager_is_used),
        on_sqlite(workers_can_be_set),
    ]
}

fn several_addresses_are_served_at_once(setup: Setup) {
    let app = setup.bind("127.0.0.1:0").bind_unix("polls.sock").bind("127.0.0.1:0").start();
    assert_eq!(app.addresses.len(), 3);
    assert_eq!(app.addresses[1], Address::Unix(app.path("polls.sock")));
    for address in &app.addresses {
        Visitor::at(address.clone()).into_proxy().get("/polls/").expect(200);
    }
}

fn a_unix_socket_is_for_its_owner_and_group(setup: Setup) {
    let app = setup.bind_unix("polls.sock").start();
    let socket = fs::metadata(app.path("polls.sock")).expect("the socket");
    assert_eq!(socket.permissions().mode() & 0o777, 0o660);
    app.get("/polls/").expect(200);
    let beside: Vec<_> =
        fs::read_dir(app.path("")).expect("a directory").flatten().map(|entry| entry.file_name()).collect();
    assert_eq!(beside.iter().filter(|name| name.to_string_lossy().contains("sock")).count(), 1, "{beside:?}");
}

fn mode_and_group_of_a_unix_socket_can_be_set(setup: Setup) {
    // Root may give a file to any group, others to one of their own.
    let group = if geteuid().is_root() { Group::from_name("nogroup") } else { Group::from_gid(getegid()) };
    let group = group.expect("groups can be looked up").expect("a group");
    let settings = format!("[server]\nsocket_mode = \"0600\"\nsocket_group = \"{}\"", group.name);
    let app = setup.settings(&settings).bind_unix("polls.sock").start();
    let socket = fs::metadata(app.path("polls.sock")).expect("the socket");
    assert_eq!((socket.permissions().mode() & 0o777, socket.gid()), (0o600, group.gid.as_raw()));

    let setup =
        Setup::new(Engine::Sqlite).settings("[server]\nsocket_group = \"no-such-group\"").bind_unix("polls.sock");
    let said = setup.run(&setup.arguments()).expect(1).stderr;
    assert!(said.contains("there is no group no-such-group"), "{said}");
    assert_eq!(
        fs::read_dir(setup.path(""))
            .expect("a directory")
            .flatten()
            .filter(|entry| entry.file_name().to_string_lossy().contains("sock"))
            .count(),
        0
    );
}

fn a_socket_that_was_left_behind_is_replaced(setup: Setup) {
    drop(UnixListener::bind(setup.path("polls.sock")).expect("a socket"));
    setup.bind_unix("polls.sock").start().get("/polls/").expect(200);
}

fn what_is_in_use_or_no_socket_is_left_alone(setup: Setup) {
    let _used = UnixListener::bind(setup.path("used.sock")).expect("a socket");
    fs::write(setup.path("file"), "precious").expect("a file can be written");
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let taken = listener.local_addr().expect("an address").to_string();
    let used = format!("unix:{}", setup.path("used.sock").display());
    let file = format!("unix:{}", setup.path("file").display());
    for (address, reason) in [(&used, "another process is listening"), (&file, "is no socket")] {
        let said = setup.run(&["serve", "--bind", address]).expect(1).stderr;
        assert!(said.contains(address) && said.contains(reason), "{said}");
    }
    assert!(setup.run(&["serve", "--bind", &taken]).expect(1).stderr.contains(&taken));
    assert_eq!(fs::read_to_string(setup.path("file")).expect("the file"), "precious");
}

/// Starts the program as systemd does: the socket is descriptor 3, and the process knows its own id.
fn activated(setup: Setup, socket: OwnedFd) -> TestApp {
    let polls = setup.command(&["serve"]);
    let script = "export LISTEN_PID=$$ LISTEN_FDS=1; exec \"$@\" 3<&0 </dev/null";
    let mut command = std::process::Command::new("sh");
    command.args(["-c", script, "sh"]).arg(env!("CARGO_BIN_EXE_polls")).arg("serve").current_dir(setup.path(""));
    command.envs(polls.get_envs().filter_map(|(name, value)| Some((name, value?))));
    command.stdin(Stdio::from(socket)).stdout(Stdio::piped()).stderr(Stdio::piped());
    TestApp::adopt(command.spawn().expect("polls can be started"), setup)
}

fn sockets_of_a_service_manager_are_used(setup: Setup) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("an address");
    let app = activated(setup, listener.into());
    assert_eq!(app.addresses, [Address::Tcp(address)]);
    app.get("/polls/").expect(200);
}

fn a_unix_socket_of_a_service_manager_is_used(setup: Setup) {
    let path = setup.path("polls.sock");
    let app = activated(setup, UnixListener::bind(&path).expect("a socket").into());
    assert_eq!(app.addresses, [Address::Unix(path.clone())]);
    app.get("/polls/").expect(200);
    assert!(app.stop().path("polls.sock").exists(), "the socket is the service manager's");
}

fn workers_can_be_set(setup: Setup) {
    let app = setup.argument("--workers").argument("1").start();
    app.get("/polls/").expect(200);
}
