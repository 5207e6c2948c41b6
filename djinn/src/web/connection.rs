//! Connections: who is on the other side, how many of them there may be, and how long they may
//! take to say what they want.
//!
//! `axum::serve` sets none of these bounds, so hyper is asked itself.

use super::{
    client::TrustedProxies,
    linger::{Lingering, Unread},
    listen::Bounded,
};
use axum::{Router, body::Body, extract::Request, http::StatusCode, serve::Listener};
use djinn_kernel::Code;
use hyper::{body::Incoming, server::conn::http1};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use std::{
    collections::HashMap,
    net::{IpAddr, SocketAddr},
    pin::pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tower::{Service, ServiceExt};

/// The other end of a connection: a client, or a proxy.
#[derive(Debug, Clone, Copy)]
pub struct Peer(pub SocketAddr);

/// The bounds of a listener.
#[derive(Debug, Clone)]
pub struct Bounds {
    /// Connections at once; more wait to be accepted.
    pub connections: usize,
    /// Connections at once from one address, trusted proxies aside; 0 for no limit.
    pub each: usize,
    /// How long a request's headers may take to arrive. Also how long a connection may rest
    /// between two requests.
    pub head: Duration,
    /// Bytes of headers that are read before the connection is given up.
    pub head_bytes: usize,
    /// Whose connections are those of many.
    pub proxies: TrustedProxies,
}

/// Only so many connections; the rest as usual.
impl From<usize> for Bounds {
    fn from(connections: usize) -> Self {
        Self {
            connections,
            each: 0,
            head: Duration::from_secs(10),
            head_bytes: 64 * 1024,
            proxies: TrustedProxies::default(),
        }
    }
}

/// Refusing must not be a way to hold a connection.
const REFUSAL: Duration = Duration::from_secs(1);

/// Serves until `stop`, and then what is under way.
pub async fn serve(
    mut listener: Bounded,
    bounds: Bounds,
    routes: Router,
    stop: impl Future<Output = ()>,
) {
    let crowd = Crowd::default();
    let closing = CancellationToken::new();
    let tasks = TaskTracker::new();
    let mut stop = pin!(stop);
    loop {
        let (mut stream, peer) = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut stop => break,
        };
        let address = peer.ip().to_canonical();
        let limit = bounds.each;
        let place = if limit == 0 || bounds.proxies.has(address) {
            None
        } else if let Some(place) = crowd.enter(address, limit) {
            Some(place)
        } else {
            metrics::counter!("djinn_connections_refused_total").increment(1);
            tasks.spawn(async move {
                let refusal = async {
                    if stream.write_all(&refusal(limit)).await.is_ok()
                        && stream.shutdown().await.is_ok()
                    {
                        // Until the other side has read it, or a reset may overtake it.
                        let mut rest = [0; 512];
                        while matches!(stream.read(&mut rest).await, Ok(1..)) {}
                    }
                };
                let _ = tokio::time::timeout(REFUSAL, refusal).await;
            });
            continue;
        };
        let unread = Unread::default();
        let stream = Lingering::new(stream, unread.clone());
        let service = routes
            .clone()
            .map_request(move |request: Request<Incoming>| {
                let mut request = request.map(Body::new);
                request.extensions_mut().insert(Peer(peer));
                request.extensions_mut().insert(unread.clone());
                request
            });
        let connection = one(
            TokioIo::new(stream),
            service,
            bounds.clone(),
            closing.clone(),
        );
        tasks.spawn(async move {
            let _place = place;
            connection.await;
        });
    }
    drop(listener);
    closing.cancel();
    tasks.close();
    tasks.wait().await;
}

async fn one<I, S>(io: TokioIo<I>, service: S, bounds: Bounds, closing: CancellationToken)
where
    I: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin + Send + 'static,
    S: Service<
            Request<Incoming>,
            Response = axum::response::Response,
            Error = std::convert::Infallible,
        > + Clone
        + Send
        + 'static,
    S::Future: Send,
{
    let mut builder = http1::Builder::new();
    builder
        .timer(TokioTimer::new())
        .header_read_timeout(bounds.head)
        .max_header_size(bounds.head_bytes);
    let connection = builder
        .serve_connection(io, TowerToHyperService::new(service))
        .with_upgrades();
    let mut connection = pin!(connection);
    tokio::select! {
        ended = connection.as_mut() => return note(ended),
        () = closing.cancelled() => {}
    }
    connection.as_mut().graceful_shutdown();
    note(connection.await);
}

fn note(ended: Result<(), hyper::Error>) {
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection ended badly");
    }
}

/// There is no request to answer yet, so the answer is written by hand.
fn refusal(limit: usize) -> Vec<u8> {
    let code = Code::RateLimited;
    let status = StatusCode::from_u16(code.status()).unwrap_or(StatusCode::TOO_MANY_REQUESTS);
    let body = format!(
        r#"{{"errors":[{{"message":"No more than {limit} connections may be open from one address.","extensions":{{"code":"{}","retryAfter":5}}}}]}}"#,
        code.as_str()
    );
    format!(
        "HTTP/1.1 {status}\r\ncontent-type: application/json; charset=utf-8\r\nretry-after: 5\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// The open connections, by address.
#[derive(Debug, Default, Clone)]
struct Crowd(Arc<Mutex<HashMap<IpAddr, usize>>>);

/// One of them; given back when dropped.
struct InCrowd(Crowd, IpAddr);

impl Crowd {
    fn enter(&self, address: IpAddr, limit: usize) -> Option<InCrowd> {
        let mut open = self.open();
        let count = open.entry(address).or_default();
        if *count >= limit {
            return None;
        }
        *count += 1;
        Some(InCrowd(self.clone(), address))
    }

    fn open(&self) -> MutexGuard<'_, HashMap<IpAddr, usize>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for InCrowd {
    fn drop(&mut self) {
        let mut open = self.0.open();
        if let Some(count) = open.get_mut(&self.1) {
            *count -= 1;
            if *count == 0 {
                open.remove(&self.1);
            }
        }
    }
}
