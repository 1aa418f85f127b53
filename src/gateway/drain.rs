//! The end of a server behind a proxy, without the loss of a request.
//!
//! A proxy keeps connections to use them again. What it sends over one while the program closes it has no answer, and
//! it does not send that again, since it may have been done. So at SIGTERM no such connection is closed: the program goes
//! on to take connections and requests, lets the proxy close each connection behind its next answer, and ends when
//! there is none left that the proxy may still use.

use std::cell::Cell;
use std::future::poll_fn;
use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
use std::task::Poll;
use std::time::{Duration, Instant};

use actix_server::{Server, ServerHandle};
use actix_web::rt::signal::unix::{Signal, SignalKind, signal};
use actix_web::rt::time::sleep;
use futures_util::future::{Either, select};

/// How long a proxy may use an idle connection, and a second more: `ttl` in deploy/apache is 5 seconds.
const IDLE: Duration = Duration::from_secs(6);

/// How often it is looked whether one is left.
const GLANCE: Duration = Duration::from_millis(10);

/// How long a connection that was taken is on its way to its worker at most, and how long those that are open are
/// waited for before the workers look for themselves, once a second.
const HANDED_OVER: Duration = Duration::from_millis(100);
const CLOSED: Duration = Duration::from_secs(1);

/// What is known of a server's connections.
#[derive(Debug, Default)]
pub struct Drain {
    begun: AtomicBool,
    open: AtomicUsize,
    /// Those that were answered and may be used again.
    idle: AtomicUsize,
}

/// One connection.
#[derive(Debug)]
pub struct KeptConnection {
    drain: Arc<Drain>,
    idle: Cell<bool>,
}

impl Drain {
    /// A connection that was taken.
    pub fn connection(self: &Arc<Self>) -> KeptConnection {
        self.open.fetch_add(1, SeqCst);
        KeptConnection { drain: Arc::clone(self), idle: Cell::new(false) }
    }

    /// Returns when no connection is left that a proxy may use again.
    async fn drained(&self) {
        let begun = Instant::now();
        self.begun.store(true, SeqCst);
        while self.idle.load(SeqCst) > 0 && begun.elapsed() < IDLE {
            sleep(GLANCE).await;
        }
    }

    /// Returns when what was taken last has been answered, or at least has come to its worker.
    async fn answered(&self) {
        sleep(HANDED_OVER).await;
        let begun = Instant::now();
        while self.open.load(SeqCst) > 0 && begun.elapsed() < CLOSED {
            sleep(GLANCE).await;
        }
    }
}

impl KeptConnection {
    pub fn begin_request(&self) {
        if self.idle.replace(false) {
            self.drain.idle.fetch_sub(1, SeqCst);
        }
    }

    /// Whether the connection may be used again after a request that would allow it. If not, the other end has to be told
    /// so with the answer.
    pub fn end_request(&self) -> bool {
        // In this order, so that a drain that begins meanwhile sees the connection, or is seen.
        if !self.idle.replace(true) {
            self.drain.idle.fetch_add(1, SeqCst);
        }
        if self.drain.begun.load(SeqCst) {
            self.begin_request();
        }
        self.idle.get()
    }

    /// The same where the other end cannot be told, and may use the connection all the same.
    pub fn linger(&self) {
        if !self.idle.replace(true) {
            self.drain.idle.fetch_add(1, SeqCst);
        }
    }
}

impl Drop for KeptConnection {
    fn drop(&mut self) {
        self.begin_request();
        self.drain.open.fetch_sub(1, SeqCst);
    }
}

/// Runs a server until a signal ends it: SIGTERM after a drain, SIGINT and SIGQUIT at once. `handed_over`: the sockets are
/// a service manager's, which keeps them, so that who comes last waits there for the next program.
///
/// # Errors
/// If signals cannot be listened for, or the server fails.
pub async fn run(server: Server, drain: Arc<Drain>, handed_over: bool) -> io::Result<()> {
    let signals = Signals::new()?;
    let stopping = actix_web::rt::spawn(stop_when_told(server.handle(), signals, drain, handed_over));
    let ended = server.await;
    stopping.abort();
    ended
}

async fn stop_when_told(server: ServerHandle, mut signals: Signals, drain: Arc<Drain>, handed_over: bool) {
    if signals.next().await == StopSignal::End {
        tracing::info!(target: "polls.server", "Stopping as soon as no proxy has a connection left that it may use again.");
        let last = async {
            drain.drained().await;
            if handed_over {
                server.pause().await;
                drain.answered().await;
            }
        };
        if let Either::Left(_) = select(pin!(last), pin!(signals.next())).await {
            return server.stop(true).await;
        }
    }
    server.stop(false).await;
}

#[derive(Debug, PartialEq, Eq)]
enum StopSignal {
    End,
    EndAtOnce,
}

struct Signals {
    terminate: Signal,
    interrupt: Signal,
    quit: Signal,
}

impl Signals {
    fn new() -> io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
            quit: signal(SignalKind::quit())?,
        })
    }

    async fn next(&mut self) -> StopSignal {
        poll_fn(|context| {
            if self.interrupt.poll_recv(context).is_ready() || self.quit.poll_recv(context).is_ready() {
                return Poll::Ready(StopSignal::EndAtOnce);
            }
            self.terminate.poll_recv(context).map(|_| StopSignal::End)
        })
        .await
    }
}
