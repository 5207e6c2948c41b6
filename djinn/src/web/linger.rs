//! The end of a connection whose last request was refused before its body was read.
//!
//! A socket that is closed while bytes wait in it is reset, and a reset throws away what the other
//! side has not read yet: a person who sent a large file would hear that the connection broke instead
//! of why the file was refused. So this side first says that it has nothing more to send, and reads on
//! until the other has stopped (RFC 9112, section 9.6).

use axum::{
    extract::Request,
    http::{HeaderValue, header},
    response::Response,
};
use std::{
    io::{self, IoSlice},
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, ready},
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::{Instant, Sleep, sleep},
};

/// Who sends nothing for so long has read the answer, or does not want it.
const QUIET: Duration = Duration::from_secs(1);
/// Whoever goes on sending does so no longer than this, nor more than [`MOST`].
const WHOLE: Duration = Duration::from_secs(20);
/// Bytes: more than the largest body that any door takes.
const MOST: usize = 64 * 1024 * 1024;

/// Whether a request on this connection has left bytes behind. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Unread(Arc<AtomicBool>);

impl Unread {
    /// Ends the connection of `request` with its answer, without a reset.
    pub fn part(unread: Option<&Self>, answer: &mut Response) {
        let close = HeaderValue::from_static("close");
        answer.headers_mut().insert(header::CONNECTION, close);
        if let Some(Self(unread)) = unread {
            unread.store(true, Ordering::Relaxed);
        }
    }

    /// That of the connection a request came by.
    pub fn of(request: &Request) -> Option<Self> {
        request.extensions().get().cloned()
    }
}

/// A connection that ends as said above.
pub struct Lingering<I> {
    io: I,
    unread: Unread,
    end: Option<Box<End>>,
}

/// How long and how far it is still read.
struct End {
    quiet: Pin<Box<Sleep>>,
    whole: Pin<Box<Sleep>>,
    left: usize,
}

impl<I> Lingering<I> {
    pub fn new(io: I, unread: Unread) -> Self {
        Self {
            io,
            unread,
            end: None,
        }
    }
}

impl End {
    fn begin() -> Self {
        Self {
            quiet: Box::pin(sleep(QUIET)),
            whole: Box::pin(sleep(WHOLE)),
            left: MOST,
        }
    }

    /// Reads what still comes and forgets it.
    fn poll<I: AsyncRead + Unpin>(&mut self, io: &mut I, cx: &mut Context<'_>) -> Poll<()> {
        if self.whole.as_mut().poll(cx).is_ready() {
            return Poll::Ready(());
        }
        let mut bytes = [0; 8 * 1024];
        loop {
            let mut buffer = ReadBuf::new(&mut bytes);
            match Pin::new(&mut *io).poll_read(cx, &mut buffer) {
                Poll::Pending => return self.quiet.as_mut().poll(cx),
                Poll::Ready(Err(_)) => return Poll::Ready(()),
                Poll::Ready(Ok(())) => {}
            }
            let read = buffer.filled().len();
            if read == 0 || read > self.left {
                return Poll::Ready(());
            }
            self.left -= read;
            self.quiet.as_mut().reset(Instant::now() + QUIET);
        }
    }
}

impl<I: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Lingering<I> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.io).poll_write(cx, buf)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.io).poll_write_vectored(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if this.end.is_none() {
            ready!(Pin::new(&mut this.io).poll_shutdown(cx))?;
            if !this.unread.0.load(Ordering::Relaxed) {
                return Poll::Ready(Ok(()));
            }
        }
        let end = this.end.get_or_insert_with(|| Box::new(End::begin()));
        end.poll(&mut this.io, cx).map(Ok)
    }
}

impl<I: AsyncRead + Unpin> AsyncRead for Lingering<I> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_read(cx, buf)
    }
}
