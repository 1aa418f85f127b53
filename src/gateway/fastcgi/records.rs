//! Filters the FastCGI records before the library reads them, since the library buffers bodies without a limit, trusts
//! the lengths inside parameters, needs every parameter within one record, and panics on a `BEGIN_REQUEST` that is too
//! short. Only one request at a time is allowed, as all web servers send them. (Specification: FastCGI 1.0, §3.)

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use tokio::io::{AsyncRead, ReadBuf};

use crate::web::http::bodies::BodyMemory;

const HEADER: usize = 8;
const BEGIN_REQUEST: u8 = 1;
const ABORT_REQUEST: u8 = 2;
const PARAMS: u8 = 4;
const STDIN: u8 = 5;
const DATA: u8 = 8;
const GET_VALUES: u8 = 9;
/// The most bytes of parameters that a request may have; 60 KB of cookies are possible.
const MOST_PARAMS: usize = 256 * 1024;
/// The longest pair of name and value in bytes: the library needs it within one record.
const LONGEST_PAIR: usize = 65_535;

/// The state of the request that is being read or answered, shared by the reader and the connection.
#[derive(Default)]
pub(super) struct RequestProgress(Mutex<Option<BegunRequest>>);

/// A request that has begun and is not answered yet.
struct BegunRequest {
    at: Instant,
    /// The request's share of the memory for bodies.
    share: BodyMemory,
    body_is_too_large: bool,
    /// Why its parameters are invalid.
    fault: Option<&'static str>,
}

impl RequestProgress {
    fn lock(&self) -> MutexGuard<'_, Option<BegunRequest>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn begin_request(&self) {
        let share = BodyMemory::default();
        *self.lock() = Some(BegunRequest { at: Instant::now(), share, body_is_too_large: false, fault: None });
    }

    pub fn end_request(&self) {
        *self.lock() = None;
    }

    pub fn in_request(&self) -> bool {
        self.lock().is_some()
    }

    /// Whether the current request began longer ago than this.
    pub fn is_late(&self, patience: Duration) -> bool {
        self.lock().as_ref().is_some_and(|begun| begun.at.elapsed() > patience)
    }

    /// Whether its body was larger than the limit.
    pub fn body_is_too_large(&self) -> bool {
        self.lock().as_ref().is_some_and(|begun| begun.body_is_too_large)
    }

    pub fn fault(&self) -> Option<&'static str> {
        self.lock().as_ref().and_then(|begun| begun.fault)
    }

    /// Sets the size of the body in bytes; false if there is no memory for it.
    fn hold(&self, bytes: usize) -> bool {
        self.lock().as_mut().is_none_or(|begun| begun.share.grow(bytes))
    }

    fn body_is_complete(&self) {
        if let Some(begun) = self.lock().as_mut() {
            begun.share.complete();
        }
    }

    fn poll_revoked(&self, context: &mut Context<'_>) -> Poll<()> {
        self.lock().as_ref().map_or(Poll::Pending, |begun| begun.share.poll_revoked(context))
    }

    fn too_large(&self) {
        if let Some(begun) = self.lock().as_mut() {
            begun.body_is_too_large = true;
        }
    }

    fn at_fault(&self, what: &'static str) {
        if let Some(begun) = self.lock().as_mut() {
            begun.fault = Some(what);
        }
    }
}

/// A reader that passes on only records that the library can handle; all others are errors, which close the connection.
/// A body that is too large is dropped and marked in [`RequestProgress`]; one for which there is no memory is an error,
/// too.
pub(super) struct Records<R> {
    inner: R,
    body_limit: usize,
    progress: Arc<RequestProgress>,
    /// Bytes that were read and are not a complete record yet.
    input: Vec<u8>,
    /// Bytes for the library.
    output: Vec<u8>,
    passed: usize,
    /// The request that is being read: its id, the start of a pair that continues in the next record, and sizes in
    /// bytes.
    current: Option<[u8; 2]>,
    pair: Vec<u8>,
    params: usize,
    body: usize,
    /// The value of `CONTENT_LENGTH`, 0 without it.
    content_length: usize,
    /// A record that would end the body before its announced length.
    early_end: Option<[u8; HEADER]>,
}

impl<R> Records<R> {
    pub fn new(inner: R, body_limit: usize, progress: Arc<RequestProgress>) -> Self {
        Self {
            inner,
            body_limit,
            progress,
            input: Vec::with_capacity(4096),
            output: Vec::with_capacity(4096),
            passed: 0,
            current: None,
            pair: Vec::new(),
            params: 0,
            body: 0,
            content_length: 0,
            early_end: None,
        }
    }

    /// Passes on one complete record of the input; returns false if there is none. Only one is passed at a time,
    /// because `RequestProgress` describes the request that the library is still reading.
    fn take_record(&mut self) -> io::Result<bool> {
        let Some(header) = self.input.first_chunk::<HEADER>().copied() else {
            return Ok(false);
        };
        if header[0] != 1 {
            return Err(malformed("a record has another version than 1"));
        }
        let length = usize::from(u16::from_be_bytes([header[4], header[5]]));
        let whole = HEADER + length + usize::from(header[6]);
        if self.input.len() < whole {
            return Ok(false);
        }
        let record: Vec<u8> = self.input.drain(..whole).collect();
        self.pass(header, &record[HEADER..HEADER + length])?;
        Ok(true)
    }

    fn pass(&mut self, header: [u8; HEADER], content: &[u8]) -> io::Result<()> {
        let id = [header[2], header[3]];
        match header[1] {
            BEGIN_REQUEST if content.len() < 8 => return Err(malformed("BEGIN_REQUEST is too short")),
            BEGIN_REQUEST if self.progress.in_request() => return Err(malformed("a request begins within another")),
            BEGIN_REQUEST => {
                self.current = Some(id);
                self.pair.clear();
                (self.params, self.body, self.content_length, self.early_end) = (0, 0, 0, None);
                self.progress.begin_request();
            }
            ABORT_REQUEST => self.progress.end_request(),
            PARAMS | STDIN | DATA if self.current != Some(id) => {
                return Err(malformed("a record belongs to no request"));
            }
            PARAMS => {
                self.pass_params(header, content);
                return Ok(());
            }
            // An empty record ends the body (§3.3). But mod_fcgid sends one for every empty frame of HTTP/2, so before
            // the announced length the record is kept until the end of the input shows that it was the end of the body.
            STDIN if content.is_empty() && self.body < self.content_length => {
                self.early_end = Some(header);
                return Ok(());
            }
            STDIN | DATA => {
                self.body += content.len();
                if self.body > self.body_limit && !content.is_empty() {
                    self.progress.too_large();
                    return Ok(());
                }
                if content.is_empty() {
                    self.progress.body_is_complete();
                } else if !self.progress.hold(self.body) {
                    return Err(no_room());
                }
            }
            GET_VALUES => whole_pairs(content)?,
            _ => {}
        }
        self.put(header, content);
        Ok(())
    }

    /// Passes on the complete pairs and keeps the rest for the next record. Parameters that cannot be passed on are
    /// dropped with all that follow, and the request is answered with 400.
    fn pass_params(&mut self, header: [u8; HEADER], content: &[u8]) {
        if content.is_empty() {
            if !self.pair.is_empty() {
                self.progress.at_fault("the parameters end within a pair");
            }
            self.put(header, content);
            return;
        }
        self.params += content.len();
        if self.params > MOST_PARAMS {
            self.progress.at_fault("the parameters are too large");
        }
        if self.progress.fault().is_some() {
            self.pair.clear();
            return;
        }
        let mut pairs = std::mem::take(&mut self.pair);
        pairs.extend_from_slice(content);
        let (mut whole, mut sent) = (0, 0);
        while let Some(length) = pair_length(&pairs[whole..]) {
            if length > LONGEST_PAIR {
                self.progress.at_fault("a parameter is too large");
                break;
            }
            if whole + length > pairs.len() {
                break;
            }
            if whole + length - sent > LONGEST_PAIR {
                self.put(header, &pairs[sent..whole]);
                sent = whole;
            }
            whole += length;
        }
        if whole > sent {
            self.put(header, &pairs[sent..whole]);
        }
        if let Some(length) = content_length(&pairs[..whole]) {
            self.content_length = length;
        }
        pairs.drain(..whole);
        self.pair = pairs;
    }

    fn put(&mut self, mut header: [u8; HEADER], content: &[u8]) {
        // The content is at most as long as that of a record, so its length fits into 16 bits.
        let length = u16::try_from(content.len()).unwrap_or(u16::MAX).to_be_bytes();
        (header[4], header[5], header[6]) = (length[0], length[1], 0);
        self.output.extend_from_slice(&header);
        self.output.extend_from_slice(content);
    }
}

/// The length in bytes of the pair that begins here, with its two length fields; None if those are incomplete.
fn pair_length(bytes: &[u8]) -> Option<usize> {
    let (name, rest) = read_length(bytes)?;
    let (value, rest) = read_length(rest)?;
    Some((bytes.len() - rest.len()).saturating_add(name).saturating_add(value))
}

/// The value of `CONTENT_LENGTH` in these pairs. A value that is not a number is reported later, with the request.
fn content_length(mut pairs: &[u8]) -> Option<usize> {
    const NAME: &[u8] = b"CONTENT_LENGTH";
    let mut found = None;
    while let Some((name, rest)) = read_length(pairs) {
        let (value, rest) = read_length(rest)?;
        let (name, rest) = rest.split_at_checked(name)?;
        let (value, rest) = rest.split_at_checked(value)?;
        if name.eq_ignore_ascii_case(NAME) {
            found = std::str::from_utf8(value).ok().and_then(|length| length.parse().ok());
        }
        pairs = rest;
    }
    found
}

/// Checks that the record ends with a complete pair.
fn whole_pairs(mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        let rest = pair_length(bytes).and_then(|length| bytes.get(length..));
        bytes = rest.ok_or_else(|| malformed("a record ends within a pair"))?;
    }
    Ok(())
}

/// Reads a length of one byte, or of four bytes with the highest bit set (§3.4).
fn read_length(bytes: &[u8]) -> Option<(usize, &[u8])> {
    match bytes {
        [short @ 0..=0x7f, rest @ ..] => Some((usize::from(*short), rest)),
        [a, b, c, d, rest @ ..] => Some((u32::from_be_bytes([a & 0x7f, *b, *c, *d]) as usize, rest)),
        _ => None,
    }
}

fn no_room() -> io::Error {
    io::Error::other("the bodies of others take all the memory there is for them")
}

fn malformed(what: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}

impl<R: AsyncRead + Unpin> AsyncRead for Records<R> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, out: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = &mut *self;
        loop {
            if this.passed < this.output.len() {
                let ready = &this.output[this.passed..];
                let length = ready.len().min(out.remaining());
                out.put_slice(&ready[..length]);
                this.passed += length;
                return Poll::Ready(Ok(()));
            }
            this.output.clear();
            this.passed = 0;
            if this.take_record()? {
                continue;
            }
            if this.progress.poll_revoked(cx).is_ready() {
                return Poll::Ready(Err(no_room()));
            }
            let mut chunk = [0; 8 * 1024];
            let mut chunk = ReadBuf::new(&mut chunk);
            ready!(Pin::new(&mut this.inner).poll_read(cx, &mut chunk))?;
            if chunk.filled().is_empty() {
                if let Some(end) = this.early_end.take() {
                    this.put(end, &[]);
                    continue;
                }
                return if this.input.is_empty() {
                    Poll::Ready(Ok(()))
                } else {
                    Poll::Ready(Err(io::ErrorKind::UnexpectedEof.into()))
                };
            }
            this.input.extend_from_slice(chunk.filled());
        }
    }
}
