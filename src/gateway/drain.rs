//! Stops a server behind a proxy without losing a request.
//!
//! A proxy keeps connections open to use them again. If the program closes a connection while the proxy sends a request
//! over it, that request gets no answer, and the proxy does not repeat it, because it may have been carried out. So at
//! SIGTERM the program closes no such connection: it goes on to accept connections and requests, asks the proxy with
//! each answer to close the connection, and ends when no connection is left that the proxy may still use.

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

use super::service_manager;

/// How long a proxy may use an idle connection, plus one second: `ttl` in deploy/apache is 5 seconds.
const IDLE: Duration = Duration::from_secs(6);

/// How often it is checked whether such a connection is left.
const GLANCE: Duration = Duration::from_millis(10);

/// How long an accepted connection takes at most to reach its worker.
const HANDED_OVER: Duration = Duration::from_millis(100);
const CLOSED: Duration = Duration::from_secs(1);

/// Counts the connections of a server.
#[derive(Debug, Default)]
pub struct Drain {
    begun: AtomicBool,
    open: AtomicUsize,
    /// Connections whose last request was answered and that may be used again.
    idle: AtomicUsize,
}

/// One connection of the server, counted until it is dropped.
#[derive(Debug)]
pub struct KeptConnection {
    drain: Arc<Drain>,
    idle: Cell<bool>,
}

impl Drain {
    /// Registers an accepted connection.
    pub fn connection(self: &Arc<Self>) -> KeptConnection {
        self.open.fetch_add(1, SeqCst);
        KeptConnection { drain: Arc::clone(self), idle: Cell::new(false) }
    }

    /// Begins the drain, and returns when no connection is left that a proxy may use again, or after [`IDLE`].
    async fn drained(&self) {
        let begun = Instant::now();
        self.begun.store(true, SeqCst);
        while self.idle.load(SeqCst) > 0 && begun.elapsed() < IDLE {
            sleep(GLANCE).await;
        }
    }

    /// Returns when all connections are closed, or after [`CLOSED`]. By then the connections accepted last have at
    /// least reached their workers.
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

    /// Ends a request. Returns whether the connection may be used again; if not, the answer must say so.
    pub fn end_request(&self) -> bool {
        // First count, then read `begun`: so either a drain that begins meanwhile counts this connection, or this
        // connection notices the drain.
        if !self.idle.replace(true) {
            self.drain.idle.fetch_add(1, SeqCst);
        }
        if self.drain.begun.load(SeqCst) {
            self.begin_request();
        }
        self.idle.get()
    }

    /// Counts the connection as reusable although the drain has begun, for protocols that cannot say that a connection
    /// will be closed: the other end may use it again.
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

/// Runs a server until a signal ends it: SIGTERM after a drain, SIGINT and SIGQUIT at once. `handed_over` means that a
/// service manager owns the listening sockets and keeps them open, so that new connections wait there for the next
/// process.
///
/// # Errors
/// If the signal handlers cannot be installed, or the server fails.
pub async fn run(server: Server, drain: Arc<Drain>, handed_over: bool) -> io::Result<()> {
    let signals = Signals::new()?;
    let stopping = actix_web::rt::spawn(stop_when_told(server.handle(), signals, drain, handed_over));
    let ended = server.await;
    stopping.abort();
    ended
}

async fn stop_when_told(server: ServerHandle, mut signals: Signals, drain: Arc<Drain>, handed_over: bool) {
    let signal = signals.next().await;
    service_manager::tell("STOPPING=1");
    if signal == StopSignal::End {
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
