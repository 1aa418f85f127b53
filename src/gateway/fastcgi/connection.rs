//! One FastCGI connection from a web server: requests follow each other, and each is answered before the next is read.

use std::cell::Cell;
use std::future::Future;
use std::io::{self, Read as _};
use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use actix_http::Request;
use actix_web::body::BoxBody;
use actix_web::dev::{Service, ServiceResponse};
use fastcgi::{OutStream, RequestResult, Requests, Role};
use futures_util::future::{Either, FusedFuture as _, FutureExt as _, select};
use tokio::io::{AsyncRead, AsyncWrite};

use super::records::{Records, RequestProgress};
use super::writer::{Held, Hold};
use crate::gateway::drain::KeptConnection;
use crate::gateway::params::{self, Body};
use crate::gateway::response::{self, Sink};
use crate::web::edge::MalformedRequest;

/// The answers to `FCGI_GET_VALUES`: many connections are allowed, and one request at a time on each.
const MOST_CONNECTIONS: u8 = 255;
const MOST_REQUESTS: u8 = 1;
/// How long a request may take to arrive. An idle connection may stay open.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(60);
/// How long a connection must be idle before it is closed in a drain. FastCGI cannot announce that a connection will be
/// closed, and a web server prefers the connection that it used last: closed at once, it would be closed under the next
/// request.
const MOMENT: Duration = Duration::from_millis(20);
/// How long such connections may still be used after the program has stopped accepting connections.
const LONGEST_END: Duration = Duration::from_secs(1);

/// Serves a connection until the web server closes it, it receives something that is not FastCGI, the drain closes it,
/// or `stopping` resolves while no request is being read or answered.
pub async fn serve_connection<IO, A>(
    stream: IO,
    app: &A,
    body_limit: usize,
    kept: &KeptConnection,
    stopping: impl Future<Output = ()>,
) where
    IO: AsyncRead + AsyncWrite + Unpin + Send,
    A: Service<Request, Response = ServiceResponse<BoxBody>, Error = actix_web::Error>,
{
    let (reader, writer) = tokio::io::split(stream);
    let progress = Arc::new(RequestProgress::default());
    let records = Records::new(reader, body_limit, Arc::clone(&progress));
    let (writer, hold) = Held::new(writer);
    let mut requests = Requests::new(records, writer, MOST_CONNECTIONS, MOST_REQUESTS);
    let mut stopping = pin!(stopping.fuse());
    let (mut is_to_end, mut stopped) = (false, None);
    loop {
        let pause = if is_to_end { MOMENT } else { REQUEST_TIMEOUT / 4 };
        let next = async {
            let mut next = pin!(requests.next());
            loop {
                match select(next.as_mut(), pin!(tokio::time::sleep(pause))).await {
                    Either::Left((next, _)) => return next,
                    Either::Right(_) if progress.is_late(REQUEST_TIMEOUT) => return Ok(None),
                    Either::Right(_) if is_to_end && !progress.in_request() => return Ok(None),
                    Either::Right(_) => {}
                }
            }
        };
        let next = match select(pin!(next), stopping.as_mut()).await {
            Either::Left((next, _)) => next,
            // A request that has begun is still read to its end and answered.
            Either::Right(((), next)) if progress.in_request() => next.await,
            Either::Right(_) => return,
        };
        let request = match next {
            Ok(Some(request)) => request,
            Ok(None) => return,
            Err(error) => return log_end(&error),
        };
        kept.begin_request();
        let end = request.get_stdout();
        let broken = Cell::new(false);
        hold.begin();
        let answered = request.process(|request| {
            let (progress, broken) = (&progress, &broken);
            let mut sink = FastcgiOutput { stream: request.get_stdout(), hold: hold.clone() };
            async move {
                if request.role != Role::Responder {
                    return RequestResult::UnknownRole;
                }
                if let Err(error) = answer(&request, app, progress, &mut sink).await {
                    tracing::debug!(target: "polls.fastcgi", %error, "An answer could not be sent to its end.");
                    broken.set(true);
                }
                RequestResult::Complete(0)
            }
        });
        // A web server must not take an answer that was broken off for complete, so the end of the answer stays in the
        // buffer, where the library leaves the end of every request.
        if answered.await.is_err() || broken.get() {
            return;
        }
        // Before the end of the answer is sent, as the web server may use the connection again as soon as it has it.
        is_to_end = !kept.end_request() || stopping.is_terminated();
        if is_to_end {
            kept.linger();
        }
        if hold.end(&end).await.is_err() {
            return;
        }
        progress.end_request();
        if stopping.is_terminated() && stopped.get_or_insert_with(Instant::now).elapsed() > LONGEST_END {
            return;
        }
    }
}

/// A web server that disconnects within a request is not an error of this program and is logged at debug level; data
/// that is not FastCGI is a warning.
fn log_end(error: &fastcgi::Error) {
    match error {
        fastcgi::Error::IoError(error) if error.kind() != io::ErrorKind::InvalidData => {
            tracing::debug!(target: "polls.fastcgi", %error, "The web server closed a connection within a request.");
        }
        _ => tracing::warn!(target: "polls.fastcgi", %error, "Closed a connection that does not speak FastCGI."),
    }
}

async fn answer<W, A>(
    request: &fastcgi::Request<W>,
    app: &A,
    progress: &RequestProgress,
    sink: &mut impl Sink,
) -> io::Result<()>
where
    W: AsyncWrite + Unpin,
    A: Service<Request, Response = ServiceResponse<BoxBody>, Error = actix_web::Error>,
{
    let fault = progress.fault().map(MalformedRequest);
    let body = if progress.body_is_too_large() {
        Body::TooLarge
    } else {
        let mut body = Vec::new();
        request.get_stdin().read_to_end(&mut body)?;
        Body::Whole(body.into())
    };
    let built = fault.map_or_else(|| params::request(request.params_iter().into_iter().flatten(), body), Err);
    let request = match built {
        Ok(request) => request,
        Err(malformed) => params::malformed(malformed),
    };
    let method = request.method().clone();
    let answer = match app.call(request).await {
        Ok(answer) => answer.into_parts().1,
        Err(error) => error.error_response(),
    };
    response::send(answer, &method, sink).await
}

/// Writes an answer to the output stream of its request.
struct FastcgiOutput<W: AsyncWrite + Unpin> {
    stream: OutStream<W>,
    hold: Hold,
}

impl<W: AsyncWrite + Unpin> Sink for FastcgiOutput<W> {
    async fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        // An empty record would end the stream (FastCGI 1.0, §3.3).
        if bytes.is_empty() {
            return Ok(());
        }
        self.stream.write(bytes).await.map(|_| ()).map_err(io::Error::other)
    }

    async fn flush(&mut self) -> io::Result<()> {
        self.hold.flush(&self.stream).await
    }
}
