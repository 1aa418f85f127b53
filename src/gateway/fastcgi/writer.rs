//! Buffers the library's output until an answer is flushed: the library writes and flushes each record, and an answer
//! should be one packet.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};

use fastcgi::OutStream;
use tokio::io::AsyncWrite;

/// The most bytes that are buffered before they are written without a flush.
const FLUSH_AT: usize = 64 * 1024;

/// A writer that buffers while an answer is being made. Between answers it writes at once, as the library then answers
/// records about the connection itself.
pub(super) struct Held<W> {
    inner: W,
    buffer: Vec<u8>,
    written: usize,
    holding: Arc<AtomicBool>,
}

/// Switches a [`Held`] writer between buffering and writing at once.
#[derive(Clone)]
pub(super) struct Hold(Arc<AtomicBool>);

impl<W> Held<W> {
    pub fn new(inner: W) -> (Self, Hold) {
        let holding = Arc::new(AtomicBool::new(false));
        let hold = Hold(Arc::clone(&holding));
        (Self { inner, buffer: Vec::with_capacity(8 * 1024), written: 0, holding }, hold)
    }
}

impl Hold {
    /// Starts buffering, at the beginning of an answer.
    pub fn begin(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Writes what is buffered, in the middle of an answer.
    pub async fn flush<W: AsyncWrite + Unpin>(&self, stream: &OutStream<W>) -> io::Result<()> {
        self.0.store(false, Ordering::Relaxed);
        let result = stream.flush().await;
        self.0.store(true, Ordering::Relaxed);
        result
    }

    /// Writes what is buffered and stops buffering, at the end of an answer.
    pub async fn end<W: AsyncWrite + Unpin>(&self, stream: &OutStream<W>) -> io::Result<()> {
        self.0.store(false, Ordering::Relaxed);
        stream.flush().await
    }
}

impl<W: AsyncWrite + Unpin> Held<W> {
    fn drain(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while self.written < self.buffer.len() {
            let written = ready!(Pin::new(&mut self.inner).poll_write(cx, &self.buffer[self.written..]))?;
            if written == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.written += written;
        }
        self.buffer.clear();
        self.written = 0;
        Poll::Ready(Ok(()))
    }
}

impl<W: AsyncWrite + Unpin> AsyncWrite for Held<W> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        if self.holding.load(Ordering::Relaxed) && self.buffer.len() < FLUSH_AT {
            self.buffer.extend_from_slice(bytes);
            return Poll::Ready(Ok(bytes.len()));
        }
        ready!(self.drain(cx))?;
        Pin::new(&mut self.inner).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.holding.load(Ordering::Relaxed) {
            return Poll::Ready(Ok(()));
        }
        ready!(self.drain(cx))?;
        Pin::new(&mut self.inner).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.drain(cx))?;
        Pin::new(&mut self.inner).poll_shutdown(cx)
    }
}
