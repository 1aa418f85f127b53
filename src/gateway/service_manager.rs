//! Tells systemd that the program is ready, that it still answers, and that it ends (`Type=notify` and `WatchdogSec=`,
//! by the protocol of sd_notify(3)). Without `NOTIFY_SOCKET` all of it does nothing.

use std::ffi::OsStr;
use std::io;
use std::os::linux::net::SocketAddrExt as _;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::net::{SocketAddr, UnixDatagram};
use std::time::Duration;

use actix_web::rt::net::{TcpStream, UnixStream};
use actix_web::rt::time::{sleep, timeout};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};

use super::listen::Listener;
use crate::settings::Bind;

/// How long the first answer may take until the program is asked again.
const FIRST_ANSWER: Duration = Duration::from_secs(5);

/// A question over one of the program's own sockets, which a worker has to answer.
pub struct SelfQuestion {
    address: Bind,
    question: Vec<u8>,
    /// How the right answer begins.
    answer: &'static [u8],
}

/// Sends a state such as `READY=1`.
pub fn tell(state: &str) {
    let Some(name) = std::env::var_os("NOTIFY_SOCKET") else { return };
    let sent = address(&name).and_then(|address| UnixDatagram::unbound()?.send_to_addr(state.as_bytes(), &address));
    if let Err(error) = sent {
        tracing::warn!(target: "polls.server", %error, state, "The service manager could not be told.");
    }
}

/// A path, or with `@` an abstract name.
fn address(name: &OsStr) -> io::Result<SocketAddr> {
    match name.as_bytes().strip_prefix(b"@") {
        Some(name) => SocketAddr::from_abstract_name(name),
        None => SocketAddr::from_pathname(name),
    }
}

impl SelfQuestion {
    /// A GET for a path that is answered by 200.
    pub fn http(listeners: &[Listener], path: &str) -> Option<Self> {
        let question = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").into_bytes();
        Some(Self { address: first(listeners)?, question, answer: b"HTTP/1.1 200" })
    }

    /// `FCGI_GET_VALUES`, which is answered by a record of the type 10.
    pub fn fastcgi(listeners: &[Listener]) -> Option<Self> {
        let question = b"\x01\x09\0\0\0\x11\0\0\x0f\0FCGI_MPXS_CONNS".to_vec();
        Some(Self { address: first(listeners)?, question, answer: b"\x01\x0a" })
    }

    async fn is_answered(&self) -> io::Result<bool> {
        match &self.address {
            Bind::Tcp(address) => self.ask(TcpStream::connect(address).await?).await,
            Bind::Unix(path) => self.ask(UnixStream::connect(path).await?).await,
        }
    }

    async fn ask(&self, mut stream: impl AsyncRead + AsyncWrite + Unpin) -> io::Result<bool> {
        stream.write_all(&self.question).await?;
        let mut begun = vec![0; self.answer.len()];
        stream.read_exact(&mut begun).await?;
        Ok(begun == self.answer)
    }
}

/// Where the first listener can be reached; None for a unix socket without a path.
fn first(listeners: &[Listener]) -> Option<Bind> {
    listeners.first()?.address.parse().ok()
}

/// Says that the program is ready when it has answered, and feeds the watchdog as long as it answers.
pub fn watch(question: Option<SelfQuestion>) {
    if std::env::var_os("NOTIFY_SOCKET").is_none() {
        return;
    }
    actix_web::rt::spawn(async move {
        let question = reachable(question).await;
        tell("READY=1");
        let Some(period) = watchdog() else { return };
        // Four times in the period, so that an answer may fail to come in time for a while under load.
        let pause = period / 4;
        loop {
            sleep(pause).await;
            let answered = match &question {
                Some(question) => matches!(timeout(pause, question.is_answered()).await, Ok(Ok(true))),
                None => true,
            };
            if answered {
                tell("WATCHDOG=1");
            } else {
                tracing::warn!(target: "polls.server", "The program did not answer its own question in time.");
            }
        }
    });
}

/// Returns when the question is answered. None if it cannot be asked, as with a TCP socket that systemd has opened
/// outside the network of this process.
async fn reachable(question: Option<SelfQuestion>) -> Option<SelfQuestion> {
    let question = question?;
    loop {
        match timeout(FIRST_ANSWER, question.is_answered()).await {
            Ok(Ok(true)) => return Some(question),
            Ok(Err(error)) => {
                tracing::warn!(target: "polls.server", %error, address = %question.address,
                    "The program cannot reach its own socket, so the watchdog is fed without asking.");
                return None;
            }
            Ok(Ok(false)) | Err(_) => {}
        }
    }
}

/// How often systemd wants to hear from this process; None if it does not.
fn watchdog() -> Option<Duration> {
    let number = |name: &str| std::env::var(name).ok()?.parse::<u64>().ok();
    let is_ours = number("WATCHDOG_PID").is_none_or(|id| id == u64::from(std::process::id()));
    number("WATCHDOG_USEC").filter(|period| is_ours && *period > 0).map(Duration::from_micros)
}
