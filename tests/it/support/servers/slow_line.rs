//! A line on which every byte takes its time, as between a phone and a server.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

/// Passes bytes on to `server` after `delay`, and back as late; the port where it listens, as long as the run lasts.
pub fn slow_line(server: SocketAddr, delay: Duration) -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port is free");
    let port = listener.local_addr().expect("it has a port").port();
    thread::spawn(move || {
        for client in listener.incoming().flatten() {
            let Ok(server) = TcpStream::connect(server) else { continue };
            let (to, from) = (server.try_clone().expect("cloned"), client.try_clone().expect("cloned"));
            thread::spawn(move || pass_on(&client, &to, delay));
            thread::spawn(move || pass_on(&server, &from, delay));
        }
    });
    port
}

fn pass_on(mut from: &TcpStream, mut to: &TcpStream, delay: Duration) {
    let mut bytes = vec![0; 64 * 1024];
    while let Ok(length @ 1..) = from.read(&mut bytes) {
        thread::sleep(delay);
        if to.write_all(&bytes[..length]).is_err() {
            break;
        }
    }
    let _ = to.shutdown(Shutdown::Write);
}
