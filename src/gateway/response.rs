//! An answer in CGI's form: a head that begins with `Status`, then the body as it comes.

use std::future::poll_fn;
use std::io;
use std::pin::Pin;

use actix_web::HttpResponse;
use actix_web::body::{BodySize, BoxBody, MessageBody as _};
use actix_web::http::{Method, StatusCode};
use futures_util::FutureExt as _;

/// Where an answer goes. What is written may be held back until it is flushed.
pub trait Sink {
    fn write(&mut self, bytes: &[u8]) -> impl Future<Output = io::Result<()>>;
    fn flush(&mut self) -> impl Future<Output = io::Result<()>>;
}

/// Writes an answer, flushing whenever the rest of its body is not there yet, so that what streams streams.
/// The last part is left to be flushed with what ends the answer.
///
/// # Errors
/// If the other end has gone, or the body fails half-way: then the answer must not look whole.
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
