//! A wire to a server on this machine: it can be cut, and it can be frozen.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex};

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Whole,
    /// Connections end, new ones are closed at once.
    Cut,
    /// Connections stay, and nothing comes through.
    Frozen,
    /// The test is over.
    Gone,
}

pub struct Wire {
    port: u16,
    shared: Arc<Shared>,
}

struct Shared {
    server: SocketAddr,
    state: Mutex<State>,
    changed: Condvar,
    ends: Mutex<Vec<TcpStream>>,
}

impl Wire {
    /// A wire to a port.
    pub fn to(port: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("there is a free port");
        let port_here = listener.local_addr().expect("a listener has an address").port();
        let shared = Arc::new(Shared {
            server: SocketAddr::from(([127, 0, 0, 1], port)),
            state: Mutex::new(State::Whole),
            changed: Condvar::new(),
            ends: Mutex::new(Vec::new()),
        });
        let accepting = Arc::clone(&shared);
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                match *accepting.state.lock().expect("nobody panics here") {
                    State::Gone => return,
                    State::Cut => {}
                    State::Whole | State::Frozen => accepting.connect(&client),
                }
            }
        });
        Self { port: port_here, shared }
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    pub fn cut(&self) {
        self.set(State::Cut);
        for end in self.shared.ends.lock().expect("nobody panics here").drain(..) {
            // It may be closed already.
            let _ = end.shutdown(Shutdown::Both);
        }
    }

    pub fn freeze(&self) {
        self.set(State::Frozen);
    }

    pub fn mend(&self) {
        self.set(State::Whole);
    }

    fn set(&self, state: State) {
        *self.shared.state.lock().expect("nobody panics here") = state;
        self.shared.changed.notify_all();
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.cut();
        self.set(State::Gone);
        let _ = TcpStream::connect(("127.0.0.1", self.port));
    }
}

impl Shared {
    fn connect(self: &Arc<Self>, client: &TcpStream) {
        let Ok(server) = TcpStream::connect(self.server) else { return };
        let clone = |stream: &TcpStream| stream.try_clone().expect("a descriptor can be duplicated");
        self.ends.lock().expect("nobody panics here").extend([clone(client), clone(&server)]);
        for (from, to) in [(clone(client), clone(&server)), (server, clone(client))] {
            let shared = Arc::clone(self);
            std::thread::spawn(move || shared.carry(from, to));
        }
    }

    /// Carries bytes one way until either end is closed.
    fn carry(&self, mut from: TcpStream, mut to: TcpStream) {
        let mut bytes = [0; 16 * 1024];
        while let Ok(length @ 1..) = from.read(&mut bytes) {
            let state = self.state.lock().expect("nobody panics here");
            drop(self.changed.wait_while(state, |state| *state == State::Frozen).expect("nobody panics here"));
            if to.write_all(&bytes[..length]).is_err() {
                break;
            }
        }
        let _ = to.shutdown(Shutdown::Both);
        let _ = from.shutdown(Shutdown::Both);
    }
}
