//! graphql-transport-ws, the server's side: one implementation for the public door and for a
//! subgraph's own endpoint.
//!
//! One task reads and writes the socket and asks each of its operations for what comes next: an
//! operation waits while something is being written, so nothing queues at all. A task for each would
//! cost another 2 KiB a subscription, and a second wake-up for each event.

mod bell;
mod operation;
mod running;
mod turns;

pub use operation::Operation;

use axum::extract::ws::{CloseFrame, Message, WebSocket};
use futures_util::{
    FutureExt,
    future::{self, BoxFuture},
    stream::BoxStream,
};
use running::{Running, Said};
use serde::Deserialize;
use serde_json::{Value, json};
use std::{
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};
use tokio::time::{Instant, sleep_until, timeout};
use tokio_stream::StreamMap;
use tokio_util::sync::CancellationToken;
use turns::{Heard, Turns};

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
    /// How often the other side is pinged; the first time after a half to all of it.
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
    /// One response, which many sockets may share: its text is JSON.
    type Event: AsRef<str> + Send + 'static;

    /// Lets somebody in by the payload of `connection_init`, or says why not.
    async fn admit(&self, payload: Option<Value>) -> Result<Admitted<Self::Seat>, Close>;

    /// Runs an operation. A refusal is a JSON list of errors.
    async fn run(
        &self,
        seat: &Self::Seat,
        operation: Operation,
    ) -> Result<BoxStream<'static, Self::Event>, String>;

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

/// Serves a socket until either side ends it.
///
/// What is known of the socket lives in two places of its own on the heap, and the future only points
/// to them: a future is copied into each of those around it, and is as large as all of them together.
pub fn serve<S: Session>(
    socket: WebSocket,
    session: Arc<S>,
    bounds: Bounds,
    stop: CancellationToken,
) -> impl Future<Output = ()> + Send + 'static {
    let now = Instant::now();
    let first_ping = bounds.ping.mul_f64(spread());
    let connection = Connection {
        session,
        seat: None,
        running: StreamMap::new(),
        revoked: future::pending().boxed(),
        heard: now,
        next_ping: now + first_ping,
        ends: None,
        opened: now,
        bounds,
    };
    run(Box::new(socket), Box::new(connection), stop)
}

/// When in the interval the first ping of the next socket is due, from a half to all of it.
///
/// Thousands come back at once when a hub was restarted, and would be pinged at once ever after. Steps
/// of the golden section fill an interval evenly, however many there are.
fn spread() -> f64 {
    static SOCKETS: AtomicU32 = AtomicU32::new(0);
    let step = f64::from(SOCKETS.fetch_add(1, Ordering::Relaxed)) * 0.618_033_988_749_895;
    f64::midpoint(1.0, step.fract())
}

async fn run<S: Session>(
    mut socket: Box<WebSocket>,
    mut connection: Box<Connection<S>>,
    stop: CancellationToken,
) {
    if socket
        .protocol()
        .is_none_or(|protocol| protocol.as_bytes() != PROTOCOL.as_bytes())
    {
        return Box::pin(close(socket, Close::Subprotocol)).await;
    }
    // Both wait once for as long as the socket lives. The timer is set anew only when it has fired, or
    // is to fire earlier: what is heard meanwhile moves its end away, which it finds out then.
    let mut stopped = pin!(stop.cancelled());
    let mut timer = pin!(sleep_until(connection.wake_at()));
    let mut turns = Turns::new();
    let why = loop {
        let next = future::poll_fn(|cx| {
            turns.next(
                cx,
                stopped.as_mut(),
                timer.as_mut(),
                &mut socket,
                &mut connection,
            )
        });
        let outcome = match next.await {
            Heard::Stopped => Err(Some(Close::GoingAway)),
            Heard::Revoked => Err(Some(Close::Forbidden)),
            Heard::Timer => {
                let outcome = connection.tick();
                timer.as_mut().reset(connection.wake_at());
                outcome
            }
            Heard::Message(message) => {
                let outcome = Box::pin(connection.hear(message)).await;
                let wake = connection.wake_at();
                if wake < timer.deadline() {
                    timer.as_mut().reset(wake);
                }
                outcome
            }
            Heard::Said(id, what) => Ok(Some(connection.pass_on(&id, &what))),
        };
        match outcome {
            Ok(None) => {}
            Ok(Some(text)) => {
                if !say(&mut socket, text, connection.bounds.write).await {
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

/// Writes a message; no, when that cannot be done, or takes longer than `patience`.
async fn say(socket: &mut WebSocket, text: String, patience: Duration) -> bool {
    let mut write = pin!(socket.send(Message::Text(text.into())));
    // The system nearly always takes it at once: then no timer is made.
    let written = match future::poll_immediate(write.as_mut()).await {
        Some(written) => Ok(written),
        // Boxed: room for a timer is not kept for as long as the socket lives.
        None => Box::pin(timeout(patience, write)).await,
    };
    matches!(written, Ok(Ok(())))
}

async fn close(mut socket: Box<WebSocket>, why: Close) {
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
async fn part(mut socket: Box<WebSocket>) {
    let goodbye = async { while let Some(Ok(_)) = socket.recv().await {} };
    let _ = timeout(GOODBYE, goodbye).await;
}

struct Connection<S: Session> {
    session: Arc<S>,
    seat: Option<Arc<S::Seat>>,
    /// By id, as it is written in JSON. Dropped with the connection, which ends every operation.
    running: StreamMap<Arc<str>, Running<S::Event>>,
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
                self.running.remove(&*in_json(&id));
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
        let id = in_json(&id);
        if self.running.contains_key(&*id) {
            return Err(Some(Close::DuplicateId));
        }
        if self.running.len() >= self.bounds.operations {
            let errors = self.session.too_many(self.bounds.operations);
            let refused = Said::<S::Event>::Error(errors);
            return Ok(Some(write(&id, &refused)));
        }
        let session = Arc::clone(&self.session);
        let opening = async move { session.run(&seat, operation).await };
        self.running.insert(id, Running::Opening(opening.boxed()));
        Ok(None)
    }

    /// What an operation said.
    fn pass_on(&mut self, id: &str, what: &Said<S::Event>) -> String {
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

fn in_json(id: &str) -> Arc<str> {
    Value::from(id).to_string().into()
}

/// Id and payload are JSON already; they are not read and written again.
fn write<E: AsRef<str>>(id: &str, what: &Said<E>) -> String {
    let (kind, payload) = match what {
        Said::Next(response) => ("next", Some(response.as_ref())),
        Said::Error(errors) => ("error", Some(errors.as_str())),
        Said::Complete => ("complete", None),
    };
    let around = r#"{"id":,"type":"","payload":}"#.len();
    let length = around + id.len() + kind.len() + payload.map_or(0, str::len);
    let mut text = String::with_capacity(length);
    for piece in [r#"{"id":"#, id, r#","type":""#, kind, "\""] {
        text.push_str(piece);
    }
    if let Some(payload) = payload {
        text.push_str(r#","payload":"#);
        text.push_str(payload);
    }
    text.push('}');
    text
}
