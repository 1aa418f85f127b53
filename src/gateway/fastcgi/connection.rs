//! One connection from a web server: requests one after the other, each answered before the next is read.

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

/// What `FCGI_GET_VALUES` is told: connections are many, requests on one of them are not.
const MOST_CONNECTIONS: u8 = 255;
const MOST_REQUESTS: u8 = 1;
/// How long a request may take to arrive; an idle connection may stay.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long a connection that is to end has to be idle first. FastCGI has no word for that it is to end, and a web server
/// takes first what it used last: closed at once, it would be closed under the next request.
const MOMENT: Duration = Duration::from_millis(20);
/// How long that is waited for once the program takes no connections any more.
const LONGEST_END: Duration = Duration::from_secs(1);

/// Serves a connection until the web server closes it, something is not FastCGI, it may not be used again, or `stopping`
/// resolves while no request is under way.
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
        let pause = if is_to_end { MOMENT } else { PATIENCE / 4 };
        let next = async {
            let mut next = pin!(requests.next());
            loop {
                match select(next.as_mut(), pin!(tokio::time::sleep(pause))).await {
                    Either::Left((next, _)) => return next,
                    Either::Right(_) if progress.is_late(PATIENCE) => return Ok(None),
                    Either::Right(_) if is_to_end && !progress.in_request() => return Ok(None),
                    Either::Right(_) => {}
                }
            }
        };
        let next = match select(pin!(next), stopping.as_mut()).await {
            Either::Left((next, _)) => next,
            // A request that has begun is read to its end and answered.
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
        // An answer that was broken off must not look whole: its end stays in the buffer. The library leaves
        // the end of any request there.
        if answered.await.is_err() || broken.get() {
            return;
        }
        // Before the web server can know of the end, and use the connection again.
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

/// A web server that goes away in the middle of a request is none of our faults; what is not FastCGI may be.
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

/// The answer's stream of a request.
struct FastcgiOutput<W: AsyncWrite + Unpin> {
    stream: OutStream<W>,
    hold: Hold,
}

impl<W: AsyncWrite + Unpin> Sink for FastcgiOutput<W> {
    async fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        // An empty record would end the stream.
        if bytes.is_empty() {
            return Ok(());
        }
        self.stream.write(bytes).await.map(|_| ()).map_err(io::Error::other)
    }

    async fn flush(&mut self) -> io::Result<()> {
        self.hold.flush(&self.stream).await
    }
}
