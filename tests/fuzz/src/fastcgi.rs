//! FastCGI connections against a small app that shows what reached it.

use std::collections::BTreeMap;
use std::future::pending;
use std::mem::ManuallyDrop;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use actix_http::Request;
use actix_service::boxed::{self, BoxService};
use actix_service::{IntoServiceFactory as _, ServiceFactory as _};
use actix_web::dev::{AppConfig, ServiceResponse};
use actix_web::http::Method;
use actix_web::rt::{System, SystemRunner};
use actix_web::web::{self, Bytes};
use actix_web::{App, HttpMessage as _, HttpRequest, HttpResponse};
use polls::gateway::drain::Drain;
use polls::gateway::fastcgi::serve_connection;
use polls::gateway::params::{self, Body};
use polls::web::edge::MalformedRequest;
use tokio::io::{AsyncRead, ReadBuf};

/// The limit of a body's size.
const LIMIT: usize = 1000;

const BEGIN_REQUEST: u8 = 1;
const END_REQUEST: u8 = 3;
const PARAMS: u8 = 4;
const STDIN: u8 = 5;
const STDOUT: u8 = 6;
const STDERR: u8 = 7;

struct Echo {
    service: BoxService<Request, ServiceResponse, actix_web::Error>,
    runtime: SystemRunner,
}

thread_local! {
    // Not dropped with the thread, whose other values may be gone by then.
    static ECHO: ManuallyDrop<Echo> = ManuallyDrop::new(Echo::open());
}

impl Echo {
    fn open() -> Self {
        let app = App::new().app_data(web::PayloadConfig::new(LIMIT * 2)).default_service(web::to(echo));
        let runtime = System::new();
        let service = runtime.block_on(app.into_factory().new_service(AppConfig::default()));
        Self { service: boxed::service(service.expect("it starts")), runtime }
    }
}

async fn echo(request: HttpRequest, body: Bytes) -> HttpResponse {
    if request.extensions().get::<MalformedRequest>().is_some() {
        return HttpResponse::BadRequest().finish();
    }
    let mut said = described(request.method().as_str(), &request.uri().to_string(), request.headers().iter());
    said.extend_from_slice(&body);
    HttpResponse::Ok().body(said)
}

/// Method, target and header fields, a line each, in an order of their own.
fn described<'a, N: AsRef<str> + 'a, V: AsRef<[u8]> + 'a>(
    method: &str,
    target: &str,
    headers: impl Iterator<Item = (N, V)>,
) -> Vec<u8> {
    let mut lines: Vec<Vec<u8>> =
        headers.map(|(name, value)| [name.as_ref().as_bytes(), b": ", value.as_ref()].concat()).collect();
    lines.sort();
    lines.insert(0, format!("{method} {target}").into_bytes());
    lines.push(Vec::new());
    lines.join(&b'\n')
}

/// What a web server sends, as it arrives: in pieces, then the end.
struct Pieces<'a> {
    bytes: &'a [u8],
    size: usize,
}

impl AsyncRead for Pieces<'_> {
    fn poll_read(mut self: Pin<&mut Self>, _: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<std::io::Result<()>> {
        let (piece, rest) = self.bytes.split_at(self.size.min(self.bytes.len()).min(buffer.remaining()));
        buffer.put_slice(piece);
        self.bytes = rest;
        Poll::Ready(Ok(()))
    }
}

/// Serves a connection to its end and returns what was answered.
fn talk(bytes: &[u8], size: usize) -> Vec<u8> {
    let mut answers = Vec::new();
    ECHO.with(|echo| {
        let stream = tokio::io::join(Pieces { bytes, size: size.max(1) }, &mut answers);
        echo.runtime.block_on(serve_connection(
            stream,
            &echo.service,
            LIMIT,
            &Arc::new(Drain::default()).connection(),
            pending(),
        ));
    });
    answers
}

/// The size of the pieces in which they arrive, then records.
///
/// Whatever they are, what is answered are whole records, and not many times more than came.
pub fn fastcgi_records(data: &[u8]) {
    let [size, bytes @ ..] = data else { return };
    let answers = talk(bytes, usize::from(*size));
    let mut rest = answers.as_slice();
    while let [version, kind, _, _, high, low, padding, _, content @ ..] = rest {
        let length = usize::from(u16::from_be_bytes([*high, *low])) + usize::from(*padding);
        assert!(*version == 1 && matches!(kind, 3 | 6 | 7 | 10 | 11), "{:?}", &rest[..8]);
        assert!(length <= content.len(), "a record of {length} bytes has {}", content.len());
        rest = &content[length..];
    }
    assert!(rest.is_empty(), "the answers end within a record");
    assert!(answers.len() <= 64 * data.len() + 4096, "{} bytes for {}", answers.len(), data.len());
}

/// The sizes of records and of the pieces in which they arrive, then parameters that each end with a NUL.
///
/// They make the same request as they do without records.
pub fn fastcgi_params(data: &[u8]) {
    let [record_size, piece_size, rest @ ..] = data else { return };
    let mut pairs = BTreeMap::new();
    for variable in rest.split(|byte| *byte == 0) {
        let Some(equals) = variable.iter().position(|byte| *byte == b'=') else { continue };
        // A name that is no text is not the same after it was made one.
        let Ok(name) = std::str::from_utf8(&variable[..equals]) else { continue };
        pairs.insert(name.to_ascii_lowercase(), variable[equals + 1..].to_vec());
    }
    let mut bytes = record(BEGIN_REQUEST, &[0, 1, 0, 0, 0, 0, 0, 0]);
    let mut content = Vec::new();
    for (name, value) in &pairs {
        write_length(&mut content, name.len());
        write_length(&mut content, value.len());
        content.extend_from_slice(name.as_bytes());
        content.extend_from_slice(value);
    }
    for part in content.chunks(usize::from(*record_size).max(1)) {
        bytes.extend(record(PARAMS, part));
    }
    bytes.extend([record(PARAMS, b""), record(STDIN, b"")].concat());
    let direct =
        params::request(pairs.iter().map(|(name, value)| (name.as_str(), value.as_slice())), Body::Whole(Bytes::new()));
    let answered = stdout(&talk(&bytes, usize::from(*piece_size)));
    let end = answered.windows(4).position(|four| four == b"\r\n\r\n").expect("the head ends");
    let (head, body) = (&answered[..end], &answered[end + 4..]);
    match direct {
        Err(malformed) => assert!(head.starts_with(b"Status: 400 "), "{malformed:?}"),
        // A length that the body does not have.
        Ok(_) if pairs.get("content_length").is_some_and(|value| !value.is_empty() && value != b"0") => {
            assert!(!head.starts_with(b"Status: 5"));
        }
        Ok(request) if *request.method() == Method::HEAD => assert!(body.is_empty()),
        Ok(request) => {
            let expected = described(request.method().as_str(), &request.uri().to_string(), request.headers().iter());
            assert!(head.starts_with(b"Status: 200 "), "{}", String::from_utf8_lossy(head));
            assert_eq!(String::from_utf8_lossy(body), String::from_utf8_lossy(&expected));
        }
    }
}

/// The one answer in records.
fn stdout(mut bytes: &[u8]) -> Vec<u8> {
    let mut stdout = Vec::new();
    let mut ended = false;
    while let [1, kind, _, _, high, low, padding, _, rest @ ..] = bytes {
        let length = usize::from(u16::from_be_bytes([*high, *low]));
        match *kind {
            STDOUT => stdout.extend_from_slice(&rest[..length]),
            END_REQUEST => ended = true,
            // Nothing was said, and it ends.
            STDERR if length == 0 => {}
            other => panic!("a record of type {other}"),
        }
        bytes = &rest[length + usize::from(*padding)..];
    }
    assert!(ended && bytes.is_empty(), "the request is answered to its end");
    stdout
}

fn record(kind: u8, content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len()).expect("parts are small").to_be_bytes();
    [&[1, kind, 0, 1, length[0], length[1], 0, 0], content].concat()
}

fn write_length(bytes: &mut Vec<u8>, length: usize) {
    match u8::try_from(length) {
        Ok(short @ 0..=127) => bytes.push(short),
        _ => bytes.extend((u32::try_from(length).expect("inputs are small") | 0x8000_0000).to_be_bytes()),
    }
}
