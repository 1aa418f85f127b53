//! Holds what the library writes until we flush: it writes and flushes record by record, and an answer
//! should be one packet.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};

use fastcgi::OutStream;
use tokio::io::AsyncWrite;

/// More than this is written on even if nobody flushes.
const ENOUGH: usize = 64 * 1024;

/// A writer whose `flush` does nothing unless [`Flushing`] means it.
pub(super) struct Held<W> {
    inner: W,
    buffer: Vec<u8>,
    written: usize,
    meant: Arc<AtomicBool>,
}

/// The way to flush a [`Held`] writer.
#[derive(Clone)]
pub(super) struct Flushing(Arc<AtomicBool>);

impl<W> Held<W> {
    pub fn new(inner: W) -> (Self, Flushing) {
        let meant = Arc::new(AtomicBool::new(false));
        (Self { inner, buffer: Vec::with_capacity(8 * 1024), written: 0, meant: Arc::clone(&meant) }, Flushing(meant))
    }
}

impl Flushing {
    pub async fn flush<W: AsyncWrite + Unpin>(&self, stream: &OutStream<W>) -> io::Result<()> {
        self.0.store(true, Ordering::Relaxed);
        let result = stream.flush().await;
        self.0.store(false, Ordering::Relaxed);
        result
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
        if self.buffer.len() >= ENOUGH {
            ready!(self.drain(cx))?;
        }
        self.buffer.extend_from_slice(bytes);
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if !self.meant.load(Ordering::Relaxed) {
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
