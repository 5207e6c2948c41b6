//! A subgraph in another process: one of the hub's own, or anybody's.

mod connections;
mod frankness;
mod stream;
mod wire;

pub use connections::{Connections, NoConnections};
pub use frankness::Frankness;

use self::{
    connections::LARGEST,
    stream::Socket,
    wire::{Answer, Ask},
};
use crate::{
    endpoint::CLIENT_ADDRESS,
    graph::coded,
    ports::Keys,
    socket::PROTOCOL,
    subgraph::{Call, Subgraph, Unreachable},
    token, trace,
};
use async_graphql::Response;
use djinn_kernel::{Clock, Code};
use futures_util::{StreamExt, stream::BoxStream};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use std::{sync::Arc, time::Duration};
use tokio::time::timeout;

/// How long a connection to a process of the hub may take to be made.
const CONNECT: Duration = Duration::from_secs(2);
/// How long a subgraph may take to say whether it is ready.
const READY: Duration = Duration::from_secs(2);

/// The URL cannot be one of a subgraph.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not an http:// or https:// URL")]
pub struct InvalidUrl(pub String);

/// Calls a subgraph over HTTP, and over a WebSocket for subscriptions.
pub struct Remote {
    name: String,
    graphql: reqwest::Url,
    connections: Connections,
    owner: Owner,
}

/// Whose subgraph it is, which decides what it is told of whoever is asking.
enum Owner {
    /// The hub's: it gets a signed token with the viewer, and nothing of the client's request.
    Hub {
        keys: Keys,
        clock: Arc<dyn Clock>,
        ready: reqwest::Url,
    },
    /// Somebody else's: it gets the headers that the owner of the router forwards, and never a
    /// token of ours.
    Other(Frankness),
}

impl Remote {
    /// The hub's own subgraph `name` at `url`: the process (`http://host:4101`), or its whole
    /// endpoint (`http://host/path/graphql`).
    pub fn new(
        name: impl Into<String>,
        url: &str,
        keys: Keys,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, InvalidUrl> {
        let invalid = || InvalidUrl(url.to_owned());
        let base = parse(url)?;
        let graphql = if base.path() == "/" {
            base.join("/graphql").map_err(|_| invalid())?
        } else {
            base.clone()
        };
        let ready = base.join("/ready").map_err(|_| invalid())?;
        Ok(Self {
            name: name.into(),
            graphql,
            connections: Connections::new(CONNECT).map_err(|_| invalid())?,
            owner: Owner::Hub { keys, clock, ready },
        })
    }

    /// Anybody's subgraph, at exactly this URL. It gets what [`Call::forwarded`] holds.
    pub fn of_others(
        name: impl Into<String>,
        url: &str,
        connections: Connections,
        errors: Frankness,
    ) -> Result<Self, InvalidUrl> {
        Ok(Self {
            name: name.into(),
            graphql: parse(url)?,
            connections,
            owner: Owner::Other(errors),
        })
    }

    /// The headers that say who is asking, and in which request.
    fn headers(&self, call: &Call) -> HeaderMap {
        let mut headers = HeaderMap::new();
        match &self.owner {
            Owner::Hub { keys, clock, .. } => {
                let bearer = format!("Bearer {}", token::sign(keys, clock.as_ref(), &call.viewer));
                // A token is letters, digits, dots and dashes.
                if let Ok(bearer) = HeaderValue::try_from(bearer) {
                    headers.insert(header::AUTHORIZATION, bearer);
                }
                // Believed there because the token is.
                let client = call
                    .client
                    .map(|client| HeaderValue::try_from(client.to_string()));
                if let Some(Ok(client)) = client {
                    headers.insert(CLIENT_ADDRESS, client);
                }
            }
            Owner::Other(_) => headers.extend(call.forwarded.iter().cloned()),
        }
        if let Ok(id) = HeaderValue::try_from(call.request_id.0.as_ref()) {
            headers.insert("x-request-id", id);
        }
        trace::tell(&mut headers);
        headers
    }

    /// What a socket's first message says, for servers that look nowhere else.
    fn init(&self, call: &Call) -> Option<serde_json::Value> {
        if matches!(self.owner, Owner::Hub { .. }) || call.forwarded.is_empty() {
            return None;
        }
        let headers = call.forwarded.iter().filter_map(|(name, value)| {
            let value = value.to_str().ok()?;
            Some((name.as_str().to_owned(), value.into()))
        });
        Some(serde_json::Value::Object(headers.collect()))
    }

    fn post(&self, headers: HeaderMap) -> reqwest::RequestBuilder {
        // The older type first: the status is nothing to us, and every server knows it.
        let accept = match self.owner {
            Owner::Hub { .. } => "application/json",
            Owner::Other(_) => "application/json, application/graphql-response+json;q=0.9",
        };
        self.connections
            .http
            .post(self.graphql.clone())
            .headers(headers)
            .header(header::ACCEPT, accept)
    }

    /// What a refusal means that came without GraphQL.
    fn refused(&self, status: StatusCode) -> Option<Result<Response, Unreachable>> {
        let code = match status {
            StatusCode::UNAUTHORIZED => Code::Unauthenticated,
            StatusCode::FORBIDDEN => Code::Forbidden,
            _ => return None,
        };
        Some(match self.owner {
            // Whether this process may ask is not the client's business.
            Owner::Hub { .. } => Err(Unreachable::Connection(format!(
                "it refused the hub's own token ({status})"
            ))),
            // The credential is the client's own.
            Owner::Other(_) => Ok(Response::from_errors(vec![coded(code, code.meaning())])),
        })
    }
}

fn parse(url: &str) -> Result<reqwest::Url, InvalidUrl> {
    let parsed = reqwest::Url::parse(url).map_err(|_| InvalidUrl(url.to_owned()))?;
    if matches!(parsed.scheme(), "http" | "https") && parsed.has_host() {
        Ok(parsed)
    } else {
        Err(InvalidUrl(url.to_owned()))
    }
}

async fn read(mut answer: reqwest::Response) -> Result<Vec<u8>, Unreachable> {
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(unreachable)? {
        if body.len() + chunk.len() > LARGEST {
            return Err(Unreachable::Refused(format!("more than {LARGEST} bytes")));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

fn response_of(body: &[u8]) -> Option<Response> {
    serde_json::from_slice::<Answer>(body)
        .ok()
        .and_then(Answer::into_response)
}

/// Whether a status without GraphQL is about this one question, as that of a body too large is.
/// Whoever is asked too much, or waited too long for the question, says something of themselves.
fn is_refusal(status: StatusCode) -> bool {
    status.is_client_error()
        && !matches!(
            status,
            StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS
        )
}

/// Why there is no answer in this one.
fn without_graphql(status: StatusCode, body: &[u8]) -> Unreachable {
    if is_refusal(status) {
        return Unreachable::Refused(format!("status {status} without a GraphQL response"));
    }
    // JSON that nests deeper than is read, or holds half a character: what was asked for decides
    // that. Skipping it is possible where reading it is not.
    match serde_json::from_slice::<Answer>(body) {
        Err(error) if error.is_syntax() && is_json(body) => Unreachable::Refused(error.to_string()),
        _ => Unreachable::Garbage(format!("status {status} without a GraphQL response")),
    }
}

fn is_json(body: &[u8]) -> bool {
    serde_json::from_slice::<serde::de::IgnoredAny>(body).is_ok()
}

#[async_trait::async_trait]
impl Subgraph for Remote {
    fn name(&self) -> &str {
        &self.name
    }

    async fn execute(&self, call: Call) -> Result<Response, Unreachable> {
        let request = self.post(self.headers(&call)).json(&Ask::of(&call));
        let answer = request.send().await.map_err(unreachable)?;
        let status = answer.status();
        let hub = matches!(self.owner, Owner::Hub { .. });
        let body = read(answer).await?;
        if hub && let Some(refused) = self.refused(status) {
            return refused;
        }
        match response_of(&body) {
            Some(mut response) => {
                if let Owner::Other(errors) = self.owner {
                    errors.apply(&mut response);
                }
                Ok(response)
            }
            None => self
                .refused(status)
                .unwrap_or_else(|| Err(without_graphql(status, &body))),
        }
    }

    async fn subscribe(&self, call: Call) -> Result<BoxStream<'static, Response>, Unreachable> {
        let opening = self
            .connections
            .open(&self.graphql, PROTOCOL, self.headers(&call));
        let mut socket = Socket::new(opening.await?);
        timeout(
            self.connections.patience,
            socket.start(self.init(&call), &call),
        )
        .await
        .map_err(|_| Unreachable::Timeout)??;
        let name = self.name.clone();
        let errors = match self.owner {
            Owner::Hub { .. } => None,
            Owner::Other(errors) => Some(errors),
        };
        Ok(async_stream::stream! {
            loop {
                match socket.next().await {
                    Ok(Some(mut response)) => {
                        if let Some(errors) = errors {
                            errors.apply(&mut response);
                        }
                        yield response;
                    }
                    Ok(None) => break,
                    Err(reason) => {
                        tracing::warn!(subgraph = name, "a subscription broke off: {reason}");
                        let message = "The part of the graph that has these events does not answer any more.";
                        yield Response::from_errors(vec![coded(Code::SubgraphUnavailable, message)]);
                        break;
                    }
                }
            }
        }
        .boxed())
    }

    /// The hub's own know by themselves; anybody else's is ready when it answers in GraphQL, even
    /// if only to say that it knows nobody without a credential.
    async fn ready(&self) -> Result<(), Unreachable> {
        let request = match &self.owner {
            Owner::Hub { ready, .. } => self.connections.http.get(ready.clone()),
            Owner::Other(_) => self
                .post(HeaderMap::new())
                .json(&serde_json::json!({ "query": "{__typename}" })),
        };
        let answer = request.timeout(READY).send().await.map_err(unreachable)?;
        let status = answer.status();
        let good = match self.owner {
            Owner::Hub { .. } => status.is_success(),
            Owner::Other(_) => {
                self.refused(status).is_some() || response_of(&read(answer).await?).is_some()
            }
        };
        if good {
            return Ok(());
        }
        Err(Unreachable::Connection(format!("not ready ({status})")))
    }
}

fn unreachable(error: reqwest::Error) -> Unreachable {
    if error.is_timeout() {
        return Unreachable::Timeout;
    }
    // Without the URL: it may carry credentials. The last of the causes says what it is.
    let error = error.without_url();
    let mut cause: &dyn std::error::Error = &error;
    while let Some(next) = cause.source() {
        cause = next;
    }
    Unreachable::Connection(cause.to_string())
}
