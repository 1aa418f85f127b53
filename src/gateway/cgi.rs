//! CGI: one request from the environment and standard input, one answer to standard output.

use std::fs::File;
use std::io::{self, BufWriter, Read, Write};
use std::os::fd::AsFd as _;

use actix_http::Request;
use actix_service::IntoServiceFactory;
use actix_web::body::BoxBody;
use actix_web::dev::{AppConfig, Service, ServiceResponse};

use super::Application;
use super::params::{self, Body};
use super::response::{self, Sink};

/// How much more than the limit is read and thrown away, so that the client hears the answer.
const COURTESY: u64 = 16;

/// Bytes of an answer that are written at once: most pages are smaller.
const BUFFER: usize = 16 * 1024;

/// Answers the one request of this process.
///
/// # Errors
/// If the web server has gone.
pub async fn answer<A: Application>(app: impl IntoServiceFactory<A, Request>, body_limit: usize) -> io::Result<()> {
    // Names and values that are not text are kept as bytes, as with FastCGI.
    let variables: Vec<(String, Vec<u8>)> = std::env::vars_os()
        .map(|(name, value)| (name.to_string_lossy().into_owned(), value.into_encoded_bytes()))
        .collect();
    let failed = |()| io::Error::other("the app could not be started");
    let service = app.into_factory().new_service(AppConfig::default()).await.map_err(failed)?;
    // Not `Stdout` itself, which writes what follows the last line's end separately.
    let output = File::from(io::stdout().as_fd().try_clone_to_owned()?);
    exchange(&service, &variables, io::stdin().lock(), output, body_limit).await
}

/// Answers a request of these variables and this input.
///
/// # Errors
/// If the input cannot be read or the output not be written.
pub async fn exchange<A>(
    app: &A,
    variables: &[(String, Vec<u8>)],
    input: impl Read,
    output: impl Write,
    body_limit: usize,
) -> io::Result<()>
where
    A: Service<Request, Response = ServiceResponse<BoxBody>, Error = actix_web::Error>,
{
    let params = || variables.iter().map(|(name, value)| (name.as_str(), value.as_slice()));
    let param = |name: &str| params().find(|(other, _)| *other == name).map(|(_, value)| value);
    let length = param("CONTENT_LENGTH").and_then(|value| std::str::from_utf8(value).ok()?.parse().ok());
    // A body without a length is one that Apache received in chunks; it ends with the stream.
    let chunked = param("HTTP_TRANSFER_ENCODING").is_some();
    let body = read_body(input, length.unwrap_or(if chunked { u64::MAX } else { 0 }), body_limit as u64)?;
    let request = match params::request(params(), body) {
        Ok(request) => request,
        Err(malformed) => params::malformed(malformed),
    };
    let method = request.method().clone();
    let answer = match app.call(request).await {
        Ok(answer) => answer.into_parts().1,
        Err(error) => error.error_response(),
    };
    let mut output = Output(BufWriter::with_capacity(BUFFER, output));
    response::send(answer, &method, &mut output).await?;
    output.flush().await
}

/// Reads a body up to its length. One that is too large is read on for a while: a web server that is still
/// sending would drop our answer.
fn read_body(input: impl Read, length: u64, limit: u64) -> io::Result<Body> {
    let mut input = input.take(length);
    let mut body = Vec::new();
    input.by_ref().take(limit + 1).read_to_end(&mut body)?;
    if body.len() as u64 <= limit {
        return Ok(Body::Whole(body.into()));
    }
    io::copy(&mut input.take(limit.saturating_mul(COURTESY)), &mut io::sink())?;
    Ok(Body::TooLarge)
}

struct Output<W: Write>(BufWriter<W>);

impl<W: Write> Sink for Output<W> {
    async fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.0.write_all(bytes)
    }

    async fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}
