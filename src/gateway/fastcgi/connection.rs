//! One connection from a web server: requests one after the other, each answered before the next is read.

use std::future::Future;
use std::io::{self, Read as _};
use std::pin::pin;
use std::sync::Arc;

use actix_http::Request;
use actix_web::body::BoxBody;
use actix_web::dev::{Service, ServiceResponse};
use fastcgi::{OutStream, RequestResult, Requests, Role};
use futures_util::future::{Either, select};
use tokio::io::{AsyncRead, AsyncWrite};

use super::records::{Excess, Records};
use super::writer::Held;
use crate::gateway::params::{self, Body};
use crate::gateway::response::{self, Sink};

/// What `FCGI_GET_VALUES` is told: connections are many, requests on one of them are not.
const MOST_CONNECTIONS: u8 = 255;
const MOST_REQUESTS: u8 = 1;

/// Serves a connection until the web server closes it, something is not FastCGI, or `stopping` resolves
/// between two requests.
pub async fn serve_connection<IO, A>(stream: IO, app: &A, body_limit: usize, stopping: impl Future<Output = ()>)
where
    IO: AsyncRead + AsyncWrite + Unpin + Send,
    A: Service<Request, Response = ServiceResponse<BoxBody>, Error = actix_web::Error>,
{
    let (reader, writer) = tokio::io::split(stream);
    let excess = Arc::new(Excess::default());
    let records = Records::new(reader, body_limit, Arc::clone(&excess));
    let (writer, flushing) = Held::new(writer);
    let mut requests = Requests::new(records, writer, MOST_CONNECTIONS, MOST_REQUESTS);
    let mut stopping = pin!(stopping);
    loop {
        let request = match select(pin!(requests.next()), stopping.as_mut()).await {
            Either::Left((Ok(Some(request)), _)) => request,
            Either::Left((Ok(None), _)) | Either::Right(_) => return,
            Either::Left((Err(error), _)) => {
                tracing::warn!(target: "polls.fastcgi", %error, "Closed a connection that does not speak FastCGI.");
                return;
            }
        };
        let end = request.get_stdout();
        let answered = request.process(|request| {
            let excess = &excess;
            let mut sink = Output { stream: request.get_stdout(), flushing: flushing.clone() };
            async move {
                if request.role != Role::Responder {
                    return RequestResult::UnknownRole;
                }
                match answer(&request, app, excess, &mut sink).await {
                    Ok(()) => RequestResult::Complete(0),
                    Err(error) => {
                        tracing::debug!(target: "polls.fastcgi", %error, "An answer was broken off.");
                        RequestResult::Complete(1)
                    }
                }
            }
        });
        // The library leaves the end of the request in the buffer.
        if answered.await.is_err() || flushing.flush(&end).await.is_err() {
            return;
        }
    }
}

async fn answer<W, A>(request: &fastcgi::Request<W>, app: &A, excess: &Excess, sink: &mut impl Sink) -> io::Result<()>
where
    W: AsyncWrite + Unpin,
    A: Service<Request, Response = ServiceResponse<BoxBody>, Error = actix_web::Error>,
{
    let body = if excess.body() {
        Body::TooLarge
    } else {
        let mut body = Vec::new();
        request.get_stdin().read_to_end(&mut body)?;
        Body::Whole(body.into())
    };
    let request = match params::request(request.params_iter().into_iter().flatten(), body) {
        Ok(request) => request,
        Err(malformed) => return response::send_malformed(malformed, sink).await,
    };
    let method = request.method().clone();
    let answer = match app.call(request).await {
        Ok(answer) => answer.into_parts().1,
        Err(error) => error.error_response(),
    };
    response::send(answer, &method, sink).await
}

/// The answer's stream of a request.
struct Output<W: AsyncWrite + Unpin> {
    stream: OutStream<W>,
    flushing: super::writer::Flushing,
}

impl<W: AsyncWrite + Unpin> Sink for Output<W> {
    async fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        // An empty record would end the stream.
        if bytes.is_empty() {
            return Ok(());
        }
        self.stream.write(bytes).await.map(|_| ()).map_err(io::Error::other)
    }

    async fn flush(&mut self) -> io::Result<()> {
        self.flushing.flush(&self.stream).await
    }
}
