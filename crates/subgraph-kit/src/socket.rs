//! graphql-transport-ws, the server's side: one implementation for the public door and for a
//! subgraph's own endpoint.
//!
//! One task reads and writes the socket and asks each of its operations for what comes next: an
//! operation waits while something is being written, so nothing queues at all. A task for each would
//! cost another 2 KiB a subscription, and a second wake-up for each event.

use async_graphql::Variables;
use axum::extract::ws::{CloseFrame, Message, WebSocket};
use futures_util::{
    FutureExt, StreamExt,
    future::{self, BoxFuture},
    stream::{self, BoxStream},
};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::{sync::Arc, time::Duration};
use tokio::time::{Instant, sleep_until, timeout};
use tokio_stream::StreamMap;
use tokio_util::sync::CancellationToken;

/// The protocol's name, as it is offered and accepted.
pub const PROTOCOL: &str = "graphql-transport-ws";
/// Bytes of each buffer of a socket. The library's own default costs 128 KiB a connection, and
/// what clients say is short.
pub const BUFFER: usize = 512;

/// How long a socket may take to part.
const GOODBYE: Duration = Duration::from_secs(2);

/// Why a socket is closed: the protocol's own codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Close {
    /// The server is going away; connect again.
    GoingAway,
    /// A message that is none of the protocol's.
    BadMessage,
    /// An operation before the connection was acknowledged.
    Unauthorized,
    /// The credential is wrong, or has expired.
    Forbidden,
    /// Another subprotocol was asked for.
    Subprotocol,
    /// No `connection_init` in time.
    InitTimeout,
    /// An id that is in use.
    DuplicateId,
    /// A second `connection_init`.
    TooManyInits,
    /// Whoever it is has as many sockets as they may. The protocol's nearest code; a client does not
    /// try again by itself.
    TooManySockets,
    /// A message larger than the limit (RFC 6455, 7.4.1).
    TooLarge,
    /// Nobody knows just now whose credential it is; try again in a moment (IANA's registry of
    /// close codes).
    TryAgainLater,
}

impl Close {
    const fn frame(self) -> (u16, &'static str) {
        match self {
            Self::GoingAway => (1001, "Going away"),
            Self::BadMessage => (4400, "Invalid message"),
            Self::Unauthorized => (4401, "Unauthorized"),
            Self::Forbidden => (4403, "Forbidden"),
            Self::Subprotocol => (4406, "Subprotocol not acceptable"),
            Self::InitTimeout => (4408, "Connection initialisation timeout"),
            Self::DuplicateId => (4409, "Subscriber already exists"),
            Self::TooManyInits => (4429, "Too many initialisation requests"),
            Self::TooManySockets => (4429, "Too many sockets are open for this caller"),
            Self::TooLarge => (1009, "Message too large"),
            Self::TryAgainLater => (1013, "Try again later"),
        }
    }
}

/// The bounds of one socket.
#[derive(Debug, Clone)]
pub struct Bounds {
    /// How long `connection_init` may take.
    pub init: Duration,
    /// How often the other side is pinged.
    pub ping: Duration,
    /// How long it may say nothing at all.
    pub silence: Duration,
    /// How long one message may take to be written.
    pub write: Duration,
    /// How many operations may run at once.
    pub operations: usize,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            init: Duration::from_secs(5),
            ping: Duration::from_secs(15),
            silence: Duration::from_secs(40),
            write: Duration::from_secs(10),
            operations: 50,
        }
    }
}

/// One operation as it is asked for, on a socket or in a body.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "Asked")]
pub struct Operation {
    /// The document; empty when it is only named.
    pub query: String,
    /// The name of a document that the other side knows.
    pub document_id: Option<String>,
    /// Which of its operations.
    pub operation_name: Option<String>,
    /// The variables.
    pub variables: Variables,
    /// What the client adds, for instance the hash of a document that it sent before.
    pub extensions: Option<Map<String, Value>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Asked {
    query: Option<String>,
    #[serde(alias = "doc_id")]
    document_id: Option<String>,
    operation_name: Option<String>,
    #[serde(default)]
    variables: Variables,
    extensions: Option<Map<String, Value>>,
}

impl TryFrom<Asked> for Operation {
    type Error = &'static str;

    /// A message that neither has nor names a document is none of the protocol's.
    fn try_from(asked: Asked) -> Result<Self, Self::Error> {
        let named = asked.document_id.is_some() || asked.extensions.is_some();
        let query = asked.query.or_else(|| named.then(String::new));
        Ok(Self {
            query: query.ok_or("there is no query")?,
            document_id: asked.document_id,
            operation_name: asked.operation_name,
            variables: asked.variables,
            extensions: asked.extensions,
        })
    }
}

/// A connection that was let in.
#[derive(Debug)]
pub struct Admitted<S> {
    /// Whatever the session needs to run operations.
    pub seat: S,
    /// How long the credential lasts, when it ends at all.
    pub lasts: Option<Duration>,
}

/// What a socket serves.
#[async_trait::async_trait]
pub trait Session: Send + Sync + 'static {
    /// What is known of somebody who was let in.
    type Seat: Send + Sync + 'static;

    /// Lets somebody in by the payload of `connection_init`, or says why not.
    async fn admit(&self, payload: Option<Value>) -> Result<Admitted<Self::Seat>, Close>;

    /// Runs an operation. Each item is one response, as JSON; a refusal is a JSON list of errors.
    async fn run(
        &self,
        seat: &Self::Seat,
        operation: Operation,
    ) -> Result<BoxStream<'static, String>, String>;

    /// The JSON list of errors for one operation too many.
    fn too_many(&self, limit: usize) -> String;

    /// Waits until whoever was let in may stay no longer, before the credential's own end: it was
    /// revoked, or is somebody else's by now. Never returns unless somebody can know.
    async fn revoked(&self, _seat: &Self::Seat) {
        std::future::pending::<()>().await;
    }
}

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Incoming {
    ConnectionInit { payload: Option<Value> },
    Ping { payload: Option<Value> },
    Pong,
    Subscribe { id: String, payload: Operation },
    Complete { id: String },
}

/// What an operation has to say.
enum Said {
    Next(String),
    Error(String),
    Complete,
}

/// Serves a socket until either side ends it.
pub async fn serve<S: Session>(
    mut socket: WebSocket,
    session: Arc<S>,
    bounds: Bounds,
    stop: CancellationToken,
) {
    if socket
        .protocol()
        .is_none_or(|protocol| protocol.as_bytes() != PROTOCOL.as_bytes())
    {
        return Box::pin(close(socket, Close::Subprotocol)).await;
    }
    let now = Instant::now();
    let mut connection = Connection {
        session,
        seat: None,
        running: StreamMap::new(),
        revoked: future::pending().boxed(),
        heard: now,
        next_ping: now + bounds.ping,
        ends: None,
        opened: now,
        bounds,
    };
    let why = loop {
        let wake = connection.wake_at();
        let outcome = tokio::select! {
            biased;
            () = stop.cancelled() => Err(Some(Close::GoingAway)),
            // Before the messages: whoever talks without a pause must not outlive their credential.
            () = sleep_until(wake) => connection.tick(),
            outcome = next(&mut socket, &mut connection) => match outcome {
                Heard::Message(message) => Box::pin(connection.hear(message)).await,
                Heard::Said(id, what) => Ok(Some(connection.pass_on(&id, &what))),
                Heard::Revoked => Err(Some(Close::Forbidden)),
            },
        };
        match outcome {
            Ok(None) => {}
            Ok(Some(text)) => {
                let write = socket.send(Message::Text(text.into()));
                if !matches!(timeout(connection.bounds.write, write).await, Ok(Ok(()))) {
                    break None;
                }
            }
            Err(why) => break why,
        }
    };
    drop(connection);
    // Boxed: room for a goodbye is not kept for as long as the socket lives.
    match why {
        Some(why) => Box::pin(close(socket, why)).await,
        None => Box::pin(part(socket)).await,
    }
}

enum Heard {
    Message(Option<Result<Message, axum::Error>>),
    Said(String, Said),
    /// The credential is good no longer.
    Revoked,
}

/// What comes next from either side. Neither has precedence, so neither can starve the other.
async fn next<S: Session>(socket: &mut WebSocket, connection: &mut Connection<S>) -> Heard {
    let Connection {
        running, revoked, ..
    } = connection;
    tokio::select! {
        message = socket.recv() => Heard::Message(message),
        Some((id, what)) = running.next() => Heard::Said(id, what),
        () = revoked => Heard::Revoked,
    }
}

async fn close(mut socket: WebSocket, why: Close) {
    let (code, reason) = why.frame();
    let goodbye = async {
        let frame = CloseFrame {
            code,
            reason: reason.into(),
        };
        if socket.send(Message::Close(Some(frame))).await.is_ok() {
            // Until the other side has read it, or the frame may be lost with the connection.
            while let Some(Ok(_)) = socket.recv().await {}
        }
    };
    let _ = timeout(GOODBYE, goodbye).await;
}

/// Returns the other side's goodbye, if there was one: the library has the frame ready and sends it
/// with the next read. A client that is dropped without it takes the end for a broken line.
async fn part(mut socket: WebSocket) {
    let goodbye = async { while let Some(Ok(_)) = socket.recv().await {} };
    let _ = timeout(GOODBYE, goodbye).await;
}

struct Connection<S: Session> {
    session: Arc<S>,
    seat: Option<Arc<S::Seat>>,
    /// By id. Dropped with the connection, which ends every operation.
    running: StreamMap<String, BoxStream<'static, Said>>,
    /// Until whoever sits here may stay no longer.
    revoked: BoxFuture<'static, ()>,
    opened: Instant,
    heard: Instant,
    next_ping: Instant,
    ends: Option<Instant>,
    bounds: Bounds,
}

/// A text to write, nothing, or the end: with a code, or without one when the other side is gone.
type Outcome = Result<Option<String>, Option<Close>>;

impl<S: Session> Connection<S> {
    fn wake_at(&self) -> Instant {
        let init = self.seat.is_none().then(|| self.opened + self.bounds.init);
        let silence = self.heard + self.bounds.silence;
        [init, self.ends, Some(silence)]
            .into_iter()
            .flatten()
            .fold(self.next_ping, Instant::min)
    }

    fn tick(&mut self) -> Outcome {
        let now = Instant::now();
        if self.seat.is_none() && now >= self.opened + self.bounds.init {
            return Err(Some(Close::InitTimeout));
        }
        if self.ends.is_some_and(|ends| now >= ends) {
            return Err(Some(Close::Forbidden));
        }
        if now >= self.heard + self.bounds.silence {
            return Err(None);
        }
        if now >= self.next_ping {
            self.next_ping = now + self.bounds.ping;
            return Ok(self.seat.is_some().then(|| r#"{"type":"ping"}"#.to_owned()));
        }
        Ok(None)
    }

    async fn hear(&mut self, message: Option<Result<Message, axum::Error>>) -> Outcome {
        self.heard = Instant::now();
        let text = match message {
            Some(Ok(Message::Text(text))) => text,
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => return Ok(None),
            Some(Ok(Message::Binary(_))) => return Err(Some(Close::BadMessage)),
            Some(Err(error)) if is_too_large(&error) => return Err(Some(Close::TooLarge)),
            Some(Ok(Message::Close(_)) | Err(_)) | None => return Err(None),
        };
        let Ok(message) = serde_json::from_str::<Incoming>(&text) else {
            return Err(Some(Close::BadMessage));
        };
        match message {
            Incoming::ConnectionInit { payload } => self.init(payload).await,
            Incoming::Ping { payload: None } => Ok(Some(r#"{"type":"pong"}"#.to_owned())),
            Incoming::Ping {
                payload: Some(payload),
            } => Ok(Some(
                json!({"type": "pong", "payload": payload}).to_string(),
            )),
            Incoming::Pong => Ok(None),
            Incoming::Subscribe { id, payload } => self.subscribe(id, payload),
            Incoming::Complete { id } => {
                self.running.remove(&id);
                Ok(None)
            }
        }
    }

    async fn init(&mut self, payload: Option<Value>) -> Outcome {
        if self.seat.is_some() {
            return Err(Some(Close::TooManyInits));
        }
        if payload.as_ref().is_some_and(|payload| !payload.is_object()) {
            return Err(Some(Close::BadMessage));
        }
        let admitted = self.session.admit(payload).await.map_err(Some)?;
        let seat = Arc::new(admitted.seat);
        self.seat = Some(Arc::clone(&seat));
        self.ends = admitted.lasts.map(|lasts| Instant::now() + lasts);
        let session = Arc::clone(&self.session);
        self.revoked = async move { session.revoked(&seat).await }.boxed();
        Ok(Some(r#"{"type":"connection_ack"}"#.to_owned()))
    }

    fn subscribe(&mut self, id: String, operation: Operation) -> Outcome {
        let Some(seat) = self.seat.clone() else {
            return Err(Some(Close::Unauthorized));
        };
        if id.is_empty() || id.len() > 256 {
            return Err(Some(Close::BadMessage));
        }
        if self.running.contains_key(&id) {
            return Err(Some(Close::DuplicateId));
        }
        if self.running.len() >= self.bounds.operations {
            let errors = self.session.too_many(self.bounds.operations);
            return Ok(Some(write(&id, &Said::Error(errors))));
        }
        let session = Arc::clone(&self.session);
        // Boxed by itself: what is needed only until it runs is given back then.
        let opening = async move {
            match session.run(&seat, operation).await {
                Ok(responses) => responses
                    .map(Said::Next)
                    .chain(stream::once(future::ready(Said::Complete)))
                    .boxed(),
                Err(errors) => stream::once(future::ready(Said::Error(errors))).boxed(),
            }
        };
        let said = stream::once(opening.boxed()).flatten().boxed();
        self.running.insert(id, said);
        Ok(None)
    }

    /// What an operation said.
    fn pass_on(&mut self, id: &str, what: &Said) -> String {
        if !matches!(what, Said::Next(_)) {
            self.running.remove(id);
        }
        write(id, what)
    }
}

/// The library tells it in an error of its own, behind that of the framework.
fn is_too_large(error: &axum::Error) -> bool {
    use tokio_tungstenite::tungstenite::Error;
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(error) = cause {
        if let Some(Error::Capacity(_)) = error.downcast_ref::<Error>() {
            return true;
        }
        cause = error.source();
    }
    false
}

/// The payload is JSON already; it is not read and written again.
fn write(id: &str, what: &Said) -> String {
    let id = Value::from(id);
    match what {
        Said::Next(response) => format!(r#"{{"id":{id},"type":"next","payload":{response}}}"#),
        Said::Error(errors) => format!(r#"{{"id":{id},"type":"error","payload":{errors}}}"#),
        Said::Complete => format!(r#"{{"id":{id},"type":"complete"}}"#),
    }
}
