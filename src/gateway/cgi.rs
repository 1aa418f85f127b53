//! CGI: reads one request from the environment and standard input, and writes the answer to standard output.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, BufWriter, Read, Write};
use std::os::fd::AsFd as _;

use actix_http::Request;
use actix_service::IntoServiceFactory;
use actix_web::HttpResponse;
use actix_web::body::BoxBody;
use actix_web::dev::{AppConfig, Service, ServiceResponse};
use actix_web::http::Method;

use super::Application;
use super::params::{self, Body};
use super::response::{self, Sink};

/// A body of up to so many times the size limit is read and thrown away, because a client that is cut off before it has
/// sent its body does not read the answer.
const DISCARDED_BODIES: u64 = 16;

/// Bytes of an answer that are written at once. Most pages are smaller.
const BUFFER: usize = 16 * 1024;

/// The one request of this process, from its environment and standard input.
///
/// # Errors
/// If the input cannot be read.
pub fn read(environment: impl Iterator<Item = (OsString, OsString)>, body_limit: usize) -> io::Result<Request> {
    // Names and values that are not text are kept as bytes, as with FastCGI.
    let name = |name: OsString| name.into_string().unwrap_or_else(|name| name.to_string_lossy().into_owned());
    let variables: Vec<_> = environment.map(|(of, value)| (name(of), value.into_encoded_bytes())).collect();
    request(&variables, io::stdin().lock(), body_limit)
}

/// Builds the request from these variables and this input.
///
/// # Errors
/// If the input cannot be read.
pub fn request(variables: &[(String, Vec<u8>)], input: impl Read, body_limit: usize) -> io::Result<Request> {
    let params = || variables.iter().map(|(name, value)| (name.as_str(), value.as_slice()));
    let param = |name: &str| params().find(|(other, _)| *other == name).map(|(_, value)| value);
    let length = param("CONTENT_LENGTH").and_then(|value| std::str::from_utf8(value).ok()?.parse().ok());
    // Without a length, Apache received the body in chunks; it ends where the input ends.
    let chunked = param("HTTP_TRANSFER_ENCODING").is_some();
    let body = read_body(input, length.unwrap_or(if chunked { u64::MAX } else { 0 }), body_limit as u64)?;
    Ok(params::request(params(), body).unwrap_or_else(params::malformed))
}

/// Reads a body up to its length. One that is too large is read on for a while: a web server that is still sending
/// would drop the answer.
fn read_body(input: impl Read, length: u64, limit: u64) -> io::Result<Body> {
    let mut input = input.take(length);
    let mut body = Vec::new();
    input.by_ref().take(limit + 1).read_to_end(&mut body)?;
    if body.len() as u64 <= limit {
        return Ok(Body::Whole(body.into()));
    }
    io::copy(&mut input.take(limit.saturating_mul(DISCARDED_BODIES)), &mut io::sink())?;
    Ok(Body::TooLarge)
}

/// Lets the app answer the request, and writes the answer to standard output.
///
/// # Errors
/// If the app cannot be started, or the web server has closed the output.
pub async fn answer<A: Application>(app: impl IntoServiceFactory<A, Request>, request: Request) -> io::Result<()> {
    let failed = |()| io::Error::other("the app could not be started");
    let service = app.into_factory().new_service(AppConfig::default()).await.map_err(failed)?;
    exchange(&service, request, output()?).await
}

/// Lets the app answer the request, and writes the answer to `output`.
///
/// # Errors
/// If the output cannot be written.
pub async fn exchange<A>(app: &A, request: Request, output: impl Write) -> io::Result<()>
where
    A: Service<Request, Response = ServiceResponse<BoxBody>, Error = actix_web::Error>,
{
    let method = request.method().clone();
    let answer = match app.call(request).await {
        Ok(answer) => answer.into_parts().1,
        Err(error) => error.error_response(),
    };
    write(answer, &method, output).await
}

/// Writes an answer to standard output, without its body if `method` is HEAD.
///
/// # Errors
/// If the web server has closed the output.
pub async fn send(answer: HttpResponse, method: &Method) -> io::Result<()> {
    write(answer, method, output()?).await
}

async fn write(answer: HttpResponse, method: &Method, output: impl Write) -> io::Result<()> {
    let mut output = CgiOutput(BufWriter::with_capacity(BUFFER, output));
    response::send(answer, method, &mut output).await?;
    output.flush().await
}

/// Standard output as a file, because `Stdout` would write what follows the last line break separately.
fn output() -> io::Result<File> {
    Ok(File::from(io::stdout().as_fd().try_clone_to_owned()?))
}

struct CgiOutput<W: Write>(BufWriter<W>);

impl<W: Write> Sink for CgiOutput<W> {
    async fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.0.write_all(bytes)
    }

    async fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}
