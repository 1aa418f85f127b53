//! Writes an answer in the format of CGI: a head that begins with `Status`, then the body.

use std::future::poll_fn;
use std::io;
use std::pin::Pin;

use actix_web::HttpResponse;
use actix_web::body::{BodySize, BoxBody, MessageBody as _};
use actix_web::http::{Method, StatusCode};
use futures_util::FutureExt as _;

/// The output for an answer. It may buffer what is written until it is flushed.
pub trait Sink {
    fn write(&mut self, bytes: &[u8]) -> impl Future<Output = io::Result<()>>;
    fn flush(&mut self) -> impl Future<Output = io::Result<()>>;
}

/// Writes an answer, and flushes whenever the next part of its body is not ready yet, so that a streamed body is sent
/// as it comes. The last part is not flushed; the caller flushes it together with the end of the answer.
///
/// # Errors
/// If the other end has closed the connection, or the body fails half-way: then the caller must not end the answer as
/// if it were complete.
pub async fn send(response: HttpResponse, method: &Method, sink: &mut impl Sink) -> io::Result<()> {
    let (response, body) = response.into_parts();
    let mut head = Vec::with_capacity(1024);
    let status = response.status();
    head.extend_from_slice(
        format!("Status: {} {}\r\n", status.as_str(), status.canonical_reason().unwrap_or("Unknown")).as_bytes(),
    );
    for (name, value) in response.headers() {
        head.extend_from_slice(name.as_str().as_bytes());
        head.extend_from_slice(b": ");
        head.extend_from_slice(value.as_bytes());
        head.extend_from_slice(b"\r\n");
    }
    let bodiless = status == StatusCode::NOT_MODIFIED || status == StatusCode::NO_CONTENT;
    let length = match body.size() {
        BodySize::None => Some(0),
        BodySize::Sized(length) => Some(length),
        BodySize::Stream => None,
    };
    if let Some(length) = length.filter(|_| !bodiless) {
        head.extend_from_slice(format!("content-length: {length}\r\n").as_bytes());
    }
    head.extend_from_slice(b"\r\n");
    sink.write(&head).await?;
    if *method != Method::HEAD && !bodiless {
        send_body(body, sink).await?;
    }
    Ok(())
}

async fn send_body(body: BoxBody, sink: &mut impl Sink) -> io::Result<()> {
    let mut body = Box::pin(body);
    loop {
        let mut next = poll_fn(|cx| Pin::new(&mut body).as_mut().poll_next(cx));
        let chunk = if let Some(chunk) = (&mut next).now_or_never() {
            chunk
        } else {
            sink.flush().await?;
            next.await
        };
        match chunk {
            None => return Ok(()),
            Some(Ok(bytes)) => sink.write(&bytes).await?,
            Some(Err(error)) => return Err(io::Error::other(error.to_string())),
        }
    }
}
