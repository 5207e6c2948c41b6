//! A subgraph in another process.

use crate::{
    graph::coded,
    ports::Keys,
    socket::PROTOCOL,
    subgraph::{Call, Subgraph, Unreachable},
    token,
};
use async_graphql::{PathSegment, Pos, Response, ServerError, Value};
use djinn_kernel::{Clock, Code};
use futures_util::{SinkExt, StreamExt, stream::BoxStream};
use http::{HeaderValue, header};
use serde::{Deserialize, Serialize};
use std::{sync::Arc, time::Duration};
use tokio::{net::TcpStream, time::timeout};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async_with_config,
    tungstenite::{Message, client::IntoClientRequest, protocol::WebSocketConfig},
};

/// The largest answer that is read.
const LARGEST: usize = 16 * 1024 * 1024;
/// How long a connection may take to be made.
const CONNECT: Duration = Duration::from_secs(2);
/// How long an answer may take in all. The router is stricter where it wants to be.
const ANSWER: Duration = Duration::from_secs(25);

/// A subscription's connection that says nothing for so long is dead: an endpoint pings three times
/// as often (`socket::Bounds`).
const SILENCE: Duration = Duration::from_secs(45);

/// The URL cannot be one of a subgraph.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not an http:// or https:// URL")]
pub struct InvalidUrl(pub String);

/// Calls a subgraph over HTTP, and over a WebSocket for subscriptions.
pub struct Remote {
    name: String,
    graphql: reqwest::Url,
    ready: reqwest::Url,
    http: reqwest::Client,
    keys: Keys,
    clock: Arc<dyn Clock>,
}

impl Remote {
    /// The subgraph `name` at `url`: the process (`http://host:4101`), or its whole endpoint
    /// (`http://host/path/graphql`).
    pub fn new(
        name: impl Into<String>,
        url: &str,
        keys: Keys,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, InvalidUrl> {
        let invalid = || InvalidUrl(url.to_owned());
        let base = reqwest::Url::parse(url).map_err(|_| invalid())?;
        if !matches!(base.scheme(), "http" | "https") || !base.has_host() {
            return Err(invalid());
        }
        let graphql = if base.path() == "/" {
            base.join("/graphql").map_err(|_| invalid())?
        } else {
            base.clone()
        };
        let ready = base.join("/ready").map_err(|_| invalid())?;
        #[expect(
            clippy::disallowed_methods,
            reason = "the hub's own processes, with time-outs right here"
        )]
        let http = reqwest::Client::builder()
            .connect_timeout(CONNECT)
            .timeout(ANSWER)
            // A subgraph that redirects is not one of ours; the token must not follow it.
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build()
            .map_err(|_| invalid())?;
        Ok(Self {
            name: name.into(),
            graphql,
            ready,
            http,
            keys,
            clock,
        })
    }

    fn bearer(&self, call: &Call) -> String {
        format!(
            "Bearer {}",
            token::sign(&self.keys, self.clock.as_ref(), &call.viewer)
        )
    }

    async fn connect(&self, call: &Call) -> Result<Socket, Unreachable> {
        let broken = |error: &dyn std::fmt::Display| Unreachable::Connection(error.to_string());
        let mut url = self.graphql.clone();
        let scheme = if url.scheme() == "https" { "wss" } else { "ws" };
        url.set_scheme(scheme)
            .map_err(|()| broken(&"the URL has no WebSocket form"))?;
        let mut request = url
            .as_str()
            .into_client_request()
            .map_err(|error| broken(&error))?;
        let headers = request.headers_mut();
        let bearer = HeaderValue::try_from(self.bearer(call)).map_err(|error| broken(&error))?;
        headers.insert(header::AUTHORIZATION, bearer);
        headers.insert(
            header::SEC_WEBSOCKET_PROTOCOL,
            HeaderValue::from_static(PROTOCOL),
        );
        if let Ok(id) = HeaderValue::try_from(call.request_id.0.as_ref()) {
            headers.insert("x-request-id", id);
        }
        let config = WebSocketConfig::default()
            .read_buffer_size(crate::socket::BUFFER)
            .write_buffer_size(crate::socket::BUFFER)
            .max_write_buffer_size(LARGEST)
            .max_message_size(Some(LARGEST))
            .max_frame_size(Some(LARGEST));
        let connecting = connect_async_with_config(request, Some(config), true);
        let (socket, _) = timeout(CONNECT, connecting)
            .await
            .map_err(|_| Unreachable::Timeout)?
            .map_err(|error| broken(&error))?;
        Ok(Socket {
            stream: socket,
            over: false,
        })
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Ask<'a> {
    query: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    operation_name: Option<&'a str>,
    variables: &'a async_graphql::Variables,
}

impl<'a> Ask<'a> {
    fn of(call: &'a Call) -> Self {
        Self {
            query: &call.query,
            operation_name: call.operation_name.as_deref(),
            variables: &call.variables,
        }
    }
}

#[async_trait::async_trait]
impl Subgraph for Remote {
    fn name(&self) -> &str {
        &self.name
    }

    async fn execute(&self, call: Call) -> Result<Response, Unreachable> {
        let request = self
            .http
            .post(self.graphql.clone())
            .header(header::AUTHORIZATION, self.bearer(&call))
            .header(header::ACCEPT, "application/json")
            .header("x-request-id", call.request_id.0.as_ref())
            .json(&Ask::of(&call));
        let mut answer = request.send().await.map_err(unreachable)?;
        let status = answer.status();
        let mut body = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(unreachable)? {
            if body.len() + chunk.len() > LARGEST {
                return Err(Unreachable::Garbage(format!("more than {LARGEST} bytes")));
            }
            body.extend_from_slice(&chunk);
        }
        // Whether this process may ask is not the client's business.
        if matches!(status.as_u16(), 401 | 403) {
            return Err(Unreachable::Connection(format!(
                "it refused the hub's own token ({status})"
            )));
        }
        serde_json::from_slice::<Wire>(&body)
            .ok()
            .and_then(Wire::into_response)
            .ok_or_else(|| {
                Unreachable::Garbage(format!("status {status} without a GraphQL response"))
            })
    }

    async fn subscribe(&self, call: Call) -> Result<BoxStream<'static, Response>, Unreachable> {
        let mut socket = self.connect(&call).await?;
        timeout(CONNECT, socket.start(&call))
            .await
            .map_err(|_| Unreachable::Timeout)??;
        Ok(async_stream::stream! {
            loop {
                match socket.next().await {
                    Ok(Some(response)) => yield response,
                    Ok(None) => break,
                    Err(reason) => {
                        tracing::warn!("a subscription broke off: {reason}");
                        let message = "The part of the hub that has these events does not answer any more.";
                        yield Response::from_errors(vec![coded(Code::SubgraphUnavailable, message)]);
                        break;
                    }
                }
            }
        }
        .boxed())
    }

    async fn ready(&self) -> Result<(), Unreachable> {
        let answer = self
            .http
            .get(self.ready.clone())
            .timeout(CONNECT)
            .send()
            .await
            .map_err(unreachable)?;
        if answer.status().is_success() {
            return Ok(());
        }
        Err(Unreachable::Connection(format!(
            "not ready ({})",
            answer.status()
        )))
    }
}

fn unreachable(error: reqwest::Error) -> Unreachable {
    if error.is_timeout() {
        return Unreachable::Timeout;
    }
    // Without the URL: it may carry credentials.
    Unreachable::Connection(error.without_url().to_string())
}

/// One subscription's connection. Dropping it ends the subscription.
struct Socket {
    stream: WebSocketStream<MaybeTlsStream<TcpStream>>,
    over: bool,
}

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Incoming {
    ConnectionAck,
    Ping,
    Pong,
    Next { payload: Wire },
    Error { payload: Vec<WireError> },
    Complete,
}

impl Socket {
    async fn say(&mut self, text: String) -> Result<(), Unreachable> {
        self.stream
            .send(Message::text(text))
            .await
            .map_err(|error| Unreachable::Connection(error.to_string()))
    }

    async fn hear(&mut self) -> Result<Incoming, Unreachable> {
        loop {
            // The other side pings; where not even that comes, the network has swallowed it.
            let heard = timeout(SILENCE, self.stream.next())
                .await
                .map_err(|_| Unreachable::Timeout)?;
            match heard {
                Some(Ok(Message::Text(text))) => {
                    let message = serde_json::from_str(&text);
                    match message.map_err(|error| Unreachable::Garbage(error.to_string()))? {
                        Incoming::Ping => self.say(r#"{"type":"pong"}"#.to_owned()).await?,
                        Incoming::Pong => {}
                        message => return Ok(message),
                    }
                }
                Some(Ok(Message::Close(frame))) => {
                    return Err(Unreachable::Connection(format!("closed: {frame:?}")));
                }
                Some(Ok(_)) => {}
                Some(Err(error)) => return Err(Unreachable::Connection(error.to_string())),
                None => return Err(Unreachable::Connection("the connection ended".to_owned())),
            }
        }
    }

    async fn start(&mut self, call: &Call) -> Result<(), Unreachable> {
        self.say(r#"{"type":"connection_init"}"#.to_owned()).await?;
        if !matches!(self.hear().await?, Incoming::ConnectionAck) {
            return Err(Unreachable::Garbage("no acknowledgement".to_owned()));
        }
        let ask = serde_json::to_string(&Ask::of(call))
            .map_err(|error| Unreachable::Garbage(error.to_string()))?;
        self.say(format!(
            r#"{{"id":"1","type":"subscribe","payload":{ask}}}"#
        ))
        .await
    }

    /// The next event; nothing, when there are no more.
    async fn next(&mut self) -> Result<Option<Response>, Unreachable> {
        if self.over {
            return Ok(None);
        }
        match self.hear().await? {
            Incoming::Next { payload } => match payload.into_response() {
                Some(response) => Ok(Some(response)),
                None => Err(Unreachable::Garbage(
                    "an event that is no GraphQL response".to_owned(),
                )),
            },
            Incoming::Error { payload } => {
                self.over = true;
                Ok(Some(Response::from_errors(
                    payload.into_iter().map(WireError::into_error).collect(),
                )))
            }
            Incoming::Complete => Ok(None),
            _ => Err(Unreachable::Garbage("a message out of order".to_owned())),
        }
    }
}

/// A response as servers really send it: any part may be missing, or null.
#[derive(Deserialize)]
struct Wire {
    data: Option<Value>,
    errors: Option<Vec<WireError>>,
}

#[derive(Deserialize)]
struct WireError {
    #[serde(default)]
    message: String,
    locations: Option<Vec<Pos>>,
    path: Option<Vec<PathSegment>>,
    extensions: Option<async_graphql::ErrorExtensionValues>,
}

impl Wire {
    fn into_response(self) -> Option<Response> {
        if self.data.is_none() && self.errors.is_none() {
            return None;
        }
        let mut response = Response::new(self.data.unwrap_or_default());
        response.errors = self
            .errors
            .unwrap_or_default()
            .into_iter()
            .map(WireError::into_error)
            .collect();
        Some(response)
    }
}

impl WireError {
    fn into_error(self) -> ServerError {
        let mut error = ServerError::new(self.message, None);
        error.locations = self.locations.unwrap_or_default();
        error.path = self.path.unwrap_or_default();
        error.extensions = self.extensions;
        error
    }
}
