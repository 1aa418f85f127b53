//! Where a voter votes: a connection that is kept, one request at a time, each with its `Idempotency-Key`.

use std::io::{self, BufRead as _, BufReader, Error, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};

use super::ledger::Ballot;
use crate::support::PATIENCE;

pub struct Booth {
    address: SocketAddr,
    path: String,
    stream: Option<BufReader<TcpStream>>,
}

/// What a voter hears.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub status: u16,
    /// Seconds.
    pub retry_after: Option<u64>,
}

impl Booth {
    pub fn new(address: SocketAddr, path: &str) -> Self {
        Self { address, path: path.to_owned(), stream: None }
    }

    /// Sends a vote, tells when it is sent, and reads the answer. Afterwards a connection that failed is closed.
    pub fn vote(&mut self, ballot: &Ballot, sent: impl FnOnce()) -> io::Result<Answer> {
        let mut stream = match self.stream.take() {
            Some(stream) => stream,
            None => self.connect()?,
        };
        let form = format!("choice={}", ballot.choice);
        let request = format!(
            "POST {} HTTP/1.1\r\nHost: {}\r\nIdempotency-Key: {}\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
            self.path,
            self.address,
            ballot.key,
            form.len()
        );
        stream.get_mut().write_all(request.as_bytes())?;
        sent();
        let (answer, keep) = read(&mut stream)?;
        self.stream = keep.then_some(stream);
        Ok(answer)
    }

    fn connect(&self) -> io::Result<BufReader<TcpStream>> {
        let stream = TcpStream::connect(self.address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        Ok(BufReader::new(stream))
    }
}

/// An answer, and whether the connection stays.
fn read(stream: &mut BufReader<TcpStream>) -> io::Result<(Answer, bool)> {
    let malformed = |what: &str| Error::new(io::ErrorKind::InvalidData, what.to_owned());
    let status_line = line(stream)?;
    let status = status_line.split(' ').nth(1).and_then(|status| status.parse().ok());
    let status = status.ok_or_else(|| malformed(&status_line))?;
    let (mut length, mut chunked, mut keep, mut retry_after) = (0, false, true, None);
    loop {
        let field = line(stream)?.to_ascii_lowercase();
        match field.split_once(": ") {
            None if field.is_empty() => break,
            Some(("content-length", value)) => length = value.parse().map_err(|_| malformed(&field))?,
            Some(("transfer-encoding", "chunked")) => chunked = true,
            Some(("connection", "close")) => keep = false,
            Some(("retry-after", value)) => retry_after = value.parse().ok(),
            _ => {}
        }
    }
    while chunked {
        let size = line(stream)?;
        let size = u64::from_str_radix(&size, 16).map_err(|_| malformed(&size))?;
        skip(stream, size)?;
        line(stream)?;
        chunked = size > 0;
    }
    skip(stream, length)?;
    Ok((Answer { status, retry_after }, keep))
}

fn line(stream: &mut BufReader<TcpStream>) -> io::Result<String> {
    let mut line = String::new();
    stream.read_line(&mut line)?;
    match line.strip_suffix("\r\n") {
        Some(line) => Ok(line.to_owned()),
        None => Err(io::ErrorKind::UnexpectedEof.into()),
    }
}

fn skip(stream: &mut BufReader<TcpStream>, length: u64) -> io::Result<()> {
    let skipped = io::copy(&mut stream.take(length), &mut io::sink())?;
    if skipped == length { Ok(()) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
}
