//! Listening: a bounded number of connections, and an end that waits for what is under way.

use super::connection::{self, Bounds};
use crate::start::StartError;
use axum::{Router, serve::Listener};
use std::{
    io::IoSlice,
    net::SocketAddr,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{Instant, Sleep},
};
use tokio_util::sync::CancellationToken;

/// What is under way when the hub is asked to stop has this long.
pub const DRAIN: Duration = Duration::from_secs(8);
/// After that signal connections are still accepted for this long, so that whoever asks `/ready`
/// hears that the hub is stopping instead of finding nobody.
const LAST_CALLS: Duration = Duration::from_secs(1);
/// A connection on which nothing moved for this long is closed: sockets ping more often, and nobody
/// may hold a place by silence.
const IDLE: Duration = Duration::from_secs(75);

/// Binds an address.
pub async fn bind(host: &str, port: u16) -> Result<TcpListener, StartError> {
    let address = format!(
        "{}:{port}",
        if host.contains(':') && !host.starts_with('[') {
            format!("[{host}]")
        } else {
            host.to_owned()
        }
    );
    TcpListener::bind(&address)
        .await
        .map_err(|error| StartError::Listen {
            address,
            reason: error.to_string(),
        })
}

/// A listener that accepts only so many connections at once; the next waits in the system's queue.
pub struct Bounded {
    listener: TcpListener,
    places: Arc<Semaphore>,
}

impl Bounded {
    /// At most `connections` at once.
    pub fn new(listener: TcpListener, connections: usize) -> Self {
        Self {
            listener,
            places: Arc::new(Semaphore::new(connections.clamp(1, Semaphore::MAX_PERMITS))),
        }
    }
}

/// A connection and its place.
pub struct Placed {
    stream: TcpStream,
    _place: Option<OwnedSemaphorePermit>,
    moved: Instant,
    idle: Pin<Box<Sleep>>,
}

impl Placed {
    fn new(stream: TcpStream, place: Option<OwnedSemaphorePermit>) -> Self {
        Self {
            stream,
            _place: place,
            moved: Instant::now(),
            idle: Box::pin(tokio::time::sleep(IDLE)),
        }
    }

    /// Notes that something moved, or ends the connection when nothing has for too long. The timer
    /// is only touched when it fires, not at every byte.
    fn watch<T>(
        &mut self,
        cx: &mut Context<'_>,
        polled: Poll<std::io::Result<T>>,
    ) -> Poll<std::io::Result<T>> {
        if polled.is_ready() {
            self.moved = Instant::now();
            return polled;
        }
        while self.idle.as_mut().poll(cx).is_ready() {
            let end = self.moved + IDLE;
            if end <= Instant::now() {
                return Poll::Ready(Err(std::io::ErrorKind::TimedOut.into()));
            }
            self.idle.as_mut().reset(end);
        }
        Poll::Pending
    }
}

impl Listener for Bounded {
    type Io = Placed;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Placed, SocketAddr) {
        // The semaphore is never closed; without a place we would rather serve than hang.
        let place = Arc::clone(&self.places).acquire_owned().await.ok();
        loop {
            match self.listener.accept().await {
                Ok((stream, address)) => {
                    // Small answers must not wait for more to send.
                    if let Err(error) = stream.set_nodelay(true) {
                        tracing::debug!(%error, "a connection keeps its delay");
                    }
                    return (Placed::new(stream, place), address);
                }
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be accepted");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            }
        }
    }

    fn local_addr(&self) -> std::io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

impl AsyncRead for Placed {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        let polled = Pin::new(&mut self.stream).poll_read(cx, buf);
        self.watch(cx, polled)
    }
}

impl AsyncWrite for Placed {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<std::io::Result<usize>> {
        let polled = Pin::new(&mut self.stream).poll_write(cx, buf);
        self.watch(cx, polled)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<std::io::Result<usize>> {
        let polled = Pin::new(&mut self.stream).poll_write_vectored(cx, bufs);
        self.watch(cx, polled)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

/// Serves until `stop`, then lets what is under way finish.
pub async fn serve(listener: TcpListener, bounds: Bounds, routes: Router, stop: CancellationToken) {
    let listener = Bounded::new(listener, bounds.connections);
    let drained = stop.clone();
    let last_call = async move {
        stop.cancelled().await;
        tokio::time::sleep(LAST_CALLS).await;
    };
    tokio::select! {
        () = connection::serve(listener, bounds, routes, last_call) => {}
        () = async { drained.cancelled().await; tokio::time::sleep(DRAIN).await } => {}
    }
}
