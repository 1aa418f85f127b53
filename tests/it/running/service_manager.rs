//! What the program tells systemd: a datagram socket of the test stands in for it.

use std::os::linux::net::SocketAddrExt as _;
use std::os::unix::net::{SocketAddr, UnixDatagram};

use crate::support::*;

pub fn tests() -> Vec<Test> {
    vec![
        on_sqlite(systemd_is_told_when_it_is_ready_reloads_and_stops),
        on_sqlite(the_watchdog_is_fed_only_while_the_program_answers),
        on_sqlite(over_fastcgi_systemd_is_told_as_well),
        on_sqlite(a_mistake_in_the_settings_fails_the_start_and_a_database_that_is_away_does_not),
    ]
}

struct Manager(UnixDatagram);

impl Manager {
    fn at(setup: &Setup) -> Self {
        let socket = UnixDatagram::bind(setup.path("notify.sock")).expect("a socket can be bound");
        socket.set_read_timeout(Some(PATIENCE)).expect("it takes a timeout");
        Self(socket)
    }

    #[track_caller]
    fn next(&self) -> String {
        let mut state = [0; 200];
        let length = self.0.recv(&mut state).expect("a state");
        String::from_utf8_lossy(&state[..length]).into_owned()
    }

    /// The next state that is not the watchdog's.
    #[track_caller]
    fn next_besides_the_watchdog(&self) -> String {
        std::iter::repeat_with(|| self.next()).find(|state| state != "WATCHDOG=1").expect("it does not end")
    }
}

fn told(setup: Setup) -> Setup {
    let socket = setup.path("notify.sock").display().to_string();
    setup.variable("NOTIFY_SOCKET", &socket)
}

fn systemd_is_told_when_it_is_ready_reloads_and_stops(setup: Setup) {
    let manager = Manager::at(&setup);
    let app = told(setup.mounted_at("/vote").bind_unix("http.sock")).start();
    assert_eq!(manager.next(), "READY=1");
    app.signal("HUP");
    assert_eq!([manager.next(), manager.next()], ["RELOADING=1", "READY=1"]);
    let log = app.log.text();
    assert!(!log.contains("/healthz"), "{log}");
    drop(app.stop());
    assert_eq!(manager.next(), "STOPPING=1");
}

fn the_watchdog_is_fed_only_while_the_program_answers(setup: Setup) {
    let manager = Manager::at(&setup);
    let setup = told(setup).variable("WATCHDOG_USEC", "400000");
    let app = setup.settings("[server]\nmax_connections = 16\nworkers = 1").start();
    assert_eq!([manager.next(), manager.next()], ["READY=1", "WATCHDOG=1"]);
    // Nobody else gets through to the workers.
    let visitors: Vec<_> = (0..17).map(|_| app.visitor().connect()).collect();
    app.log.wait_for("did not answer its own question");
    drop(visitors);
    assert!((0..50).any(|_| manager.next() == "WATCHDOG=1"));
    app.signal("TERM");
    assert_eq!(manager.next_besides_the_watchdog(), "STOPPING=1");
}

fn over_fastcgi_systemd_is_told_as_well(setup: Setup) {
    let name = format!("polls-test-{}", std::process::id());
    let address = SocketAddr::from_abstract_name(&name).expect("a name");
    let manager = Manager(UnixDatagram::bind_addr(&address).expect("a socket can be bound"));
    manager.0.set_read_timeout(Some(PATIENCE)).expect("it takes a timeout");
    let setup = setup.variable("NOTIFY_SOCKET", &format!("@{name}")).variable("WATCHDOG_USEC", "400000");
    let mut program = setup.command(&["fastcgi", "--bind", "unix:fastcgi.sock"]).spawn().expect("it can be started");
    assert_eq!([manager.next(), manager.next()], ["READY=1", "WATCHDOG=1"]);
    program.kill().and_then(|()| program.wait()).expect("it is a child");
}

/// `ExecStartPre=` of the units.
fn a_mistake_in_the_settings_fails_the_start_and_a_database_that_is_away_does_not(setup: Setup) {
    let setup = setup.variable("POLLS_DATABASE_URL", "postgres://nobody@127.0.0.1:1/none");
    setup.run(&["check"]).expect(5);
    setup.run(&["check", "--settings-only"]).expect(0);
    let said = setup.settings("alowed_hosts = []").run(&["check", "--settings-only"]).expect(4).stdout;
    assert!(said.contains("did you mean allowed_hosts?"), "{said}");
}
