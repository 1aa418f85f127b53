//! The listening sockets: opened at the addresses of the settings, or received from a service manager or web server.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::os::unix::fs::{FileTypeExt as _, PermissionsExt as _};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;

use listenfd::ListenFd;
use socket2::{Domain, SockRef, Socket, Type};

use crate::settings::{Bind, ServerSettings};

/// The most connections that may wait to be accepted.
const BACKLOG: i32 = 1024;

/// The kernel's receive buffer of a connection, in bytes. actix-http reads all of it, up to 128 KiB, before the app
/// gets a byte, and keeps that much for as long as the connection is open: with the kernel's default size, 3,000
/// clients that send 60 kB each take 400 MiB at once.
const RECEIVE_BUFFER: usize = 8 << 10;

/// A listening socket and its address as shown to people.
#[derive(Debug)]
pub struct Listener {
    pub socket: ListeningSocket,
    pub address: String,
    /// Whether another process opened it and keeps it open when this process ends.
    pub handed_over: bool,
}

#[derive(Debug)]
pub enum ListeningSocket {
    Tcp(TcpListener),
    Unix(UnixListener),
}

/// The sockets handed over by `LISTEN_FDS` (systemd socket activation).
///
/// # Errors
/// If one of them is not a listening socket.
pub fn inherited() -> io::Result<Vec<Listener>> {
    let mut handed = ListenFd::from_env();
    let mut listeners = Vec::new();
    for index in 0..handed.len() {
        // Unix first: for a socket of another family this call fails and leaves the socket in place.
        if let Ok(Some(listener)) = handed.take_unix_listener(index) {
            listeners.push(Listener::unix(listener).handed_over());
        } else if let Some(listener) = handed.take_tcp_listener(index)? {
            let socket = SockRef::from(&listener);
            socket.set_tcp_nodelay(true)?;
            socket.set_recv_buffer_size(RECEIVE_BUFFER)?;
            listeners.push(Listener::tcp(listener).handed_over());
        }
    }
    Ok(listeners)
}

/// The socket on standard input, where mod_fcgid, spawn-fcgi and systemd's `StandardInput=socket` put it.
/// None if standard input is something else.
///
/// # Errors
/// If the descriptor cannot be duplicated.
pub fn on_stdin() -> io::Result<Option<Listener>> {
    use std::os::fd::AsFd as _;
    let socket = Socket::from(io::stdin().as_fd().try_clone_to_owned()?);
    if !socket.is_listener().unwrap_or(false) {
        return Ok(None);
    }
    if socket.domain()? == Domain::UNIX {
        return Ok(Some(Listener::unix(socket.into()).handed_over()));
    }
    socket.set_tcp_nodelay(true)?;
    Ok(Some(Listener::tcp(socket.into()).handed_over()))
}

/// Listens at every address of the settings.
///
/// # Errors
/// If an address is in use or not permitted; the message names the address.
pub fn bind_all(server: &ServerSettings) -> io::Result<Vec<Listener>> {
    server.bind.iter().map(|address| bind(address, server)).collect()
}

fn bind(address: &Bind, server: &ServerSettings) -> io::Result<Listener> {
    let listener = match address {
        Bind::Tcp(address) => tcp(*address).map(Listener::tcp),
        // The path of the settings: the socket itself reports the temporary path at which it was bound.
        Bind::Unix(path) => {
            unix(path, server).map(|socket| Listener { address: address.to_string(), ..Listener::unix(socket) })
        }
    };
    listener.map_err(|error| io::Error::new(error.kind(), format!("cannot listen at {address}: {error}")))
}

fn tcp(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, None)?;
    socket.set_reuse_address(true)?;
    // Accepted connections inherit this option, so that small answers are not delayed by 40 ms.
    socket.set_tcp_nodelay(true)?;
    socket.set_recv_buffer_size(RECEIVE_BUFFER)?;
    socket.bind(&address.into())?;
    socket.listen(BACKLOG)?;
    Ok(socket.into())
}

/// Binds a unix socket at a temporary path, sets its group and mode, and moves it to its path, where it replaces a
/// socket that an ended process left behind.
fn unix(path: &Path, server: &ServerSettings) -> io::Result<UnixListener> {
    if UnixStream::connect(path).is_ok() {
        return Err(io::Error::new(io::ErrorKind::AddrInUse, "another process is listening there"));
    }
    if path.symlink_metadata().is_ok_and(|found| !found.file_type().is_socket()) {
        return Err(io::Error::new(io::ErrorKind::AlreadyExists, "there is a file, and it is no socket"));
    }
    let mut nascent = path.as_os_str().to_owned();
    nascent.push(format!(".{}", std::process::id()));
    let nascent = Path::new(&nascent);
    let listener = UnixListener::bind(nascent)?;
    let made = group_id(server.socket_group.as_deref())
        .and_then(|group| group.map_or(Ok(()), |group| give(nascent, group)))
        .and_then(|()| std::fs::set_permissions(nascent, std::fs::Permissions::from_mode(server.socket_mode.0)))
        .and_then(|()| std::fs::rename(nascent, path));
    if let Err(error) = made {
        let _ = std::fs::remove_file(nascent);
        return Err(error);
    }
    Ok(listener)
}

fn give(socket: &Path, group: u32) -> io::Result<()> {
    std::os::unix::fs::chown(socket, None, Some(group)).map_err(|error| {
        let advice =
            "this user may not give the socket to server.socket_group; make it a member (usermod -aG GROUP USER)";
        io::Error::new(error.kind(), format!("{advice}: {error}"))
    })
}

fn group_id(name: Option<&str>) -> io::Result<Option<u32>> {
    let Some(name) = name else {
        return Ok(None);
    };
    match nix::unistd::Group::from_name(name)? {
        Some(group) => Ok(Some(group.gid.as_raw())),
        None => Err(io::Error::new(io::ErrorKind::NotFound, format!("there is no group {name} (server.socket_group)"))),
    }
}

impl Listener {
    fn tcp(socket: TcpListener) -> Self {
        let address = socket.local_addr().map_or_else(|error| error.to_string(), |address| address.to_string());
        Self { socket: ListeningSocket::Tcp(socket), address, handed_over: false }
    }

    fn unix(socket: UnixListener) -> Self {
        let address = socket.local_addr().ok();
        let path = address.as_ref().and_then(|address| address.as_pathname());
        let address = path.map_or_else(|| "unix socket".to_owned(), |path| format!("unix:{}", path.display()));
        Self { socket: ListeningSocket::Unix(socket), address, handed_over: false }
    }

    fn handed_over(self) -> Self {
        Self { handed_over: true, ..self }
    }

    pub fn is_loopback_tcp(&self) -> bool {
        match &self.socket {
            ListeningSocket::Tcp(socket) => socket.local_addr().is_ok_and(|address| address.ip().is_loopback()),
            ListeningSocket::Unix(_) => false,
        }
    }
}
