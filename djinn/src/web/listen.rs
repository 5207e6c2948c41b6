//! Listening: a bounded number of connections, and an end that waits for what is under way.

use crate::start::StartError;
use axum::{Router, serve::Listener};
use std::{net::SocketAddr, sync::Arc, time::Duration};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore},
};
use tokio_util::sync::CancellationToken;

/// What is under way when the hub is asked to stop has this long.
pub const DRAIN: Duration = Duration::from_secs(10);

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
                    return (
                        Placed {
                            stream,
                            _place: place,
                        },
                        address,
                    );
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
        mut self: std::pin::Pin<&mut Self>,
        cx: &mut std::task::Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> std::task::Poll<std::io::Result<()>> {
        std::pin::Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for Placed {
    fn poll_write(
        mut self: std::pin::Pin<&mut Self>,
        cx: &mut std::task::Context<'_>,
        buf: &[u8],
    ) -> std::task::Poll<std::io::Result<usize>> {
        std::pin::Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_flush(
        mut self: std::pin::Pin<&mut Self>,
        cx: &mut std::task::Context<'_>,
    ) -> std::task::Poll<std::io::Result<()>> {
        std::pin::Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(
        mut self: std::pin::Pin<&mut Self>,
        cx: &mut std::task::Context<'_>,
    ) -> std::task::Poll<std::io::Result<()>> {
        std::pin::Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

/// Serves until `stop`, then lets what is under way finish.
pub async fn serve(
    listener: TcpListener,
    connections: usize,
    routes: Router,
    stop: CancellationToken,
) -> std::io::Result<()> {
    let listener = Bounded::new(listener, connections);
    let drained = stop.clone();
    let serving =
        axum::serve(listener, routes).with_graceful_shutdown(async move { stop.cancelled().await });
    tokio::select! {
        ended = serving.into_future() => ended,
        () = async { drained.cancelled().await; tokio::time::sleep(DRAIN).await } => Ok(()),
    }
}
