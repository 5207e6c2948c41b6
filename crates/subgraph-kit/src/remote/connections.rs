//! How other processes are reached: pooled HTTP, and sockets with or without TLS.

use super::is_refusal;
use crate::subgraph::Unreachable;
use http::{HeaderMap, HeaderValue, Uri, header};
use std::{sync::Arc, time::Duration};
use tokio::{
    net::TcpStream,
    time::{Instant, timeout_at},
};
use tokio_rustls::{TlsConnector, client::TlsStream, rustls::pki_types::ServerName};
use tokio_tungstenite::{
    WebSocketStream, client_async_with_config,
    tungstenite::{Error, client::IntoClientRequest, protocol::WebSocketConfig},
};
use tokio_util::either::Either;

/// The largest answer that is read, in bytes.
pub const LARGEST: usize = 16 * 1024 * 1024;
/// How long an answer may take in all. The router is stricter where it wants to be.
const ANSWER: Duration = Duration::from_secs(25);

/// A socket, in the clear or not.
pub type Pipe = WebSocketStream<Either<TcpStream, Box<TlsStream<TcpStream>>>>;

/// There can be no connections: the system's TLS roots or its resolver cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no HTTP client can be made: {0}")]
pub struct NoConnections(String);

/// A pool of connections. Cheap to clone; one does for all subgraphs of a process.
#[derive(Clone)]
pub struct Connections {
    /// The pooled client.
    pub http: reqwest::Client,
    /// How long a connection may take to be made.
    pub patience: Duration,
    tls: TlsConnector,
}

impl Connections {
    /// A pool whose connections may take `patience` to be made.
    pub fn new(patience: Duration) -> Result<Self, NoConnections> {
        let roots = crate::tls::client().map_err(|error| NoConnections(error.to_string()))?;
        #[expect(
            clippy::disallowed_methods,
            reason = "subgraphs have a client of their own, with time-outs right here"
        )]
        let http = reqwest::Client::builder()
            .tls_backend_preconfigured(roots.clone())
            .connect_timeout(patience)
            .timeout(ANSWER)
            // A subgraph does not redirect; and neither a token nor a client's credential must
            // follow where somebody else points.
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build()
            .map_err(|error| NoConnections(error.to_string()))?;
        Ok(Self {
            http,
            patience,
            tls: TlsConnector::from(Arc::new(roots)),
        })
    }

    /// Opens a socket for `protocol`, with these headers besides its own.
    pub async fn open(
        &self,
        url: &reqwest::Url,
        protocol: &'static str,
        headers: HeaderMap,
    ) -> Result<Pipe, Unreachable> {
        let by = Instant::now() + self.patience;
        let broken = |error: &dyn std::fmt::Display| Unreachable::Connection(error.to_string());
        let secure = url.scheme() == "https";
        let mut url = url.clone();
        url.set_scheme(if secure { "wss" } else { "ws" })
            .map_err(|()| broken(&"the URL has no WebSocket form"))?;
        let uri: Uri = url.as_str().parse().map_err(|error| broken(&error))?;
        let mut request = uri.into_client_request().map_err(|error| broken(&error))?;
        request.headers_mut().extend(headers);
        request.headers_mut().insert(
            header::SEC_WEBSOCKET_PROTOCOL,
            HeaderValue::from_static(protocol),
        );
        let host = url.host_str().unwrap_or_default();
        // An IPv6 address stands in brackets in a URL, and nowhere else.
        let host = host
            .trim_start_matches('[')
            .trim_end_matches(']')
            .to_owned();
        let port = url.port_or_known_default().unwrap_or(80);
        let in_time = |error: std::io::Error| broken(&error);
        let stream = timeout_at(by, TcpStream::connect((host.as_str(), port)))
            .await
            .map_err(|_| Unreachable::Timeout)?
            .map_err(in_time)?;
        stream.set_nodelay(true).map_err(in_time)?;
        let stream = if secure {
            let name = ServerName::try_from(host).map_err(|error| broken(&error))?;
            let connecting = self.tls.connect(name, stream);
            let stream = timeout_at(by, connecting)
                .await
                .map_err(|_| Unreachable::Timeout)?
                .map_err(in_time)?;
            Either::Right(Box::new(stream))
        } else {
            Either::Left(stream)
        };
        let config = WebSocketConfig::default()
            .read_buffer_size(crate::socket::BUFFER)
            .write_buffer_size(crate::socket::BUFFER)
            .max_write_buffer_size(LARGEST)
            .max_message_size(Some(LARGEST))
            .max_frame_size(Some(LARGEST));
        let shaking_hands = client_async_with_config(request, stream, Some(config));
        let (socket, _) = timeout_at(by, shaking_hands)
            .await
            .map_err(|_| Unreachable::Timeout)?
            .map_err(|error| match error {
                Error::Http(answer) if is_refusal(answer.status()) => {
                    Unreachable::Refused(format!("status {}", answer.status()))
                }
                error => broken(&error),
            })?;
        Ok(socket)
    }
}
