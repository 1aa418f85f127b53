//! Records on their way to the library, made safe for it: it buffers bodies without a limit, believes
//! the lengths inside parameters, wants every parameter whole within one record, and panics on a short
//! `BEGIN_REQUEST`. One request at a time, as all web servers do. (Specification: FastCGI 1.0, §3.)

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, ReadBuf};

const HEADER: usize = 8;
const BEGIN_REQUEST: u8 = 1;
const ABORT_REQUEST: u8 = 2;
const PARAMS: u8 = 4;
const STDIN: u8 = 5;
const DATA: u8 = 8;
const GET_VALUES: u8 = 9;
/// The most bytes of parameters a request may have; 60 KB of cookies pass.
const MOST_PARAMS: usize = 256 * 1024;
/// A pair must fit into one record for the library.
const LONGEST_PAIR: usize = 65_535;

/// What is known of the request that is being read or answered.
#[derive(Default)]
pub(super) struct Progress {
    in_request: AtomicBool,
    body_is_too_large: AtomicBool,
}

impl Progress {
    /// Whether a request has begun and is not answered yet.
    pub fn in_request(&self) -> bool {
        self.in_request.load(Ordering::Relaxed)
    }

    /// Whether its body was larger than is kept.
    pub fn body_is_too_large(&self) -> bool {
        self.body_is_too_large.load(Ordering::Relaxed)
    }

    pub fn end_request(&self) {
        self.in_request.store(false, Ordering::Relaxed);
    }
}

/// A reader of records that passes on what the library can bear. What it cannot, ends the connection;
/// a body that is too large is swallowed and said so in [`Progress`].
pub(super) struct Records<R> {
    inner: R,
    body_limit: usize,
    progress: Arc<Progress>,
    /// Bytes read that are not a whole record yet.
    input: Vec<u8>,
    /// Bytes for the library.
    output: Vec<u8>,
    passed: usize,
    /// The request being read: its id, the start of a pair that the next record continues, and sizes.
    current: Option<[u8; 2]>,
    pair: Vec<u8>,
    params: usize,
    body: usize,
}

impl<R> Records<R> {
    pub fn new(inner: R, body_limit: usize, progress: Arc<Progress>) -> Self {
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
        }
    }

    /// Takes one whole record off the input, if there is one. One at a time: what is said in `Progress`
    /// belongs to the request that the library is still reading.
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
                (self.params, self.body) = (0, 0);
                self.progress.body_is_too_large.store(false, Ordering::Relaxed);
                self.progress.in_request.store(true, Ordering::Relaxed);
            }
            ABORT_REQUEST => self.progress.end_request(),
            PARAMS | STDIN | DATA if self.current != Some(id) => {
                return Err(malformed("a record belongs to no request"));
            }
            PARAMS => return self.pass_params(header, content),
            STDIN | DATA => {
                self.body += content.len();
                if self.body > self.body_limit && !content.is_empty() {
                    self.progress.body_is_too_large.store(true, Ordering::Relaxed);
                    return Ok(());
                }
            }
            GET_VALUES => whole_pairs(content)?,
            _ => {}
        }
        self.put(header, content);
        Ok(())
    }

    /// Passes the pairs that are whole, and keeps the rest for the next record.
    fn pass_params(&mut self, header: [u8; HEADER], content: &[u8]) -> io::Result<()> {
        if content.is_empty() {
            if !self.pair.is_empty() {
                return Err(malformed("the parameters end within a pair"));
            }
            self.put(header, content);
            return Ok(());
        }
        self.params += content.len();
        if self.params > MOST_PARAMS {
            return Err(malformed("the parameters are too large"));
        }
        let mut pairs = std::mem::take(&mut self.pair);
        pairs.extend_from_slice(content);
        let mut whole = 0;
        let mut sent = 0;
        while let Some(length) = pair_length(&pairs[whole..])? {
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
        pairs.drain(..whole);
        self.pair = pairs;
        Ok(())
    }

    fn put(&mut self, mut header: [u8; HEADER], content: &[u8]) {
        // Content comes from a record or was cut to one, so its length fits.
        let length = u16::try_from(content.len()).unwrap_or(u16::MAX).to_be_bytes();
        (header[4], header[5], header[6]) = (length[0], length[1], 0);
        self.output.extend_from_slice(&header);
        self.output.extend_from_slice(content);
    }
}

/// The length of the pair that begins here, with its own two lengths; None if those are not there yet.
fn pair_length(bytes: &[u8]) -> io::Result<Option<usize>> {
    let Some((name, rest)) = read_length(bytes) else {
        return Ok(None);
    };
    let Some((value, rest)) = read_length(rest) else {
        return Ok(None);
    };
    let length = (bytes.len() - rest.len()).saturating_add(name).saturating_add(value);
    if length > LONGEST_PAIR { Err(malformed("a parameter is too large")) } else { Ok(Some(length)) }
}

/// Pairs that end where the record does.
fn whole_pairs(mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        let rest = pair_length(bytes)?.and_then(|length| bytes.get(length..));
        bytes = rest.ok_or_else(|| malformed("a record ends within a pair"))?;
    }
    Ok(())
}

/// A length of one byte, or of four with the highest bit set (§3.4).
fn read_length(bytes: &[u8]) -> Option<(usize, &[u8])> {
    match bytes {
        [short @ 0..=0x7f, rest @ ..] => Some((usize::from(*short), rest)),
        [a, b, c, d, rest @ ..] => Some((u32::from_be_bytes([a & 0x7f, *b, *c, *d]) as usize, rest)),
        _ => None,
    }
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
            let mut chunk = [0; 8 * 1024];
            let mut chunk = ReadBuf::new(&mut chunk);
            ready!(Pin::new(&mut this.inner).poll_read(cx, &mut chunk))?;
            if chunk.filled().is_empty() {
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
