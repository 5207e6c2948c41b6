//! One subscription over graphql-transport-ws, the client's side.

use super::{
    connections::Pipe,
    is_refusal,
    wire::{Answer, Ask, WireError},
};
use crate::subgraph::{Call, Unreachable};
use async_graphql::Response;
use futures_util::{SinkExt, StreamExt};
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};
use std::time::Duration;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::{Message, protocol::CloseFrame};

/// Who says nothing for so long is asked whether they are still there.
const QUIET: Duration = Duration::from_secs(15);
/// Who does not answer so many times in a row is gone: the network has swallowed the connection.
const UNANSWERED: usize = 2;
/// How long a goodbye may take.
const GOODBYE: Duration = Duration::from_secs(1);

/// A connection with one subscription on it. Dropping it ends both.
pub struct Socket {
    /// Taken when it is dropped.
    pipe: Option<Pipe>,
    /// Whether something has been asked for that has not ended.
    running: bool,
}

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Incoming {
    ConnectionAck,
    Ping,
    Pong,
    Next { payload: Answer },
    Error { payload: Vec<WireError> },
    Complete,
}

impl Socket {
    /// On an open connection.
    pub const fn new(pipe: Pipe) -> Self {
        Self {
            pipe: Some(pipe),
            running: false,
        }
    }

    fn pipe(&mut self) -> Result<&mut Pipe, Unreachable> {
        self.pipe
            .as_mut()
            .ok_or_else(|| Unreachable::Connection("the connection ended".to_owned()))
    }

    async fn say(&mut self, text: String) -> Result<(), Unreachable> {
        self.pipe()?
            .send(Message::text(text))
            .await
            .map_err(|error| Unreachable::Connection(error.to_string()))
    }

    async fn hear(&mut self) -> Result<Incoming, Unreachable> {
        let mut unanswered = 0;
        loop {
            let Ok(heard) = timeout(QUIET, self.pipe()?.next()).await else {
                if unanswered == UNANSWERED {
                    return Err(Unreachable::Timeout);
                }
                unanswered += 1;
                self.say(r#"{"type":"ping"}"#.to_owned()).await?;
                continue;
            };
            unanswered = 0;
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
                    return Err(closed(frame));
                }
                Some(Ok(_)) => {}
                Some(Err(error)) => return Err(Unreachable::Connection(error.to_string())),
                None => return Err(Unreachable::Connection("the connection ended".to_owned())),
            }
        }
    }

    /// Introduces itself by `init` and asks for the subscription.
    pub async fn start(&mut self, init: Option<Value>, call: &Call) -> Result<(), Unreachable> {
        let hello = match init {
            Some(payload) => json!({ "type": "connection_init", "payload": payload }).to_string(),
            None => r#"{"type":"connection_init"}"#.to_owned(),
        };
        self.say(hello).await?;
        if !matches!(self.hear().await?, Incoming::ConnectionAck) {
            return Err(Unreachable::Garbage("no acknowledgement".to_owned()));
        }
        let ask = serde_json::to_string(&Ask::of(call))
            .map_err(|error| Unreachable::Garbage(error.to_string()))?;
        self.running = true;
        self.say(format!(
            r#"{{"id":"1","type":"subscribe","payload":{ask}}}"#
        ))
        .await
    }

    /// The next event; nothing, when there are no more.
    pub async fn next(&mut self) -> Result<Option<Response>, Unreachable> {
        if !self.running {
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
                self.running = false;
                Ok(Some(Response::from_errors(
                    payload.into_iter().map(WireError::into_error).collect(),
                )))
            }
            Incoming::Complete => {
                self.running = false;
                Ok(None)
            }
            _ => Err(Unreachable::Garbage("a message out of order".to_owned())),
        }
    }
}

/// Says goodbye properly, so that no proxy in between keeps the other side waiting.
impl Drop for Socket {
    fn drop(&mut self) {
        let (Some(mut pipe), Ok(runtime)) =
            (self.pipe.take(), tokio::runtime::Handle::try_current())
        else {
            return;
        };
        let running = self.running;
        runtime.spawn(async move {
            let goodbye = async {
                if running {
                    let complete = Message::text(r#"{"id":"1","type":"complete"}"#);
                    pipe.send(complete).await?;
                }
                pipe.close(None).await
            };
            // Who cannot be told any more finds the connection gone.
            drop(timeout(GOODBYE, goodbye).await);
        });
    }
}

/// The protocol's codes are those of HTTP and 4,000: 4403 is about whoever asks.
fn closed(frame: Option<CloseFrame>) -> Unreachable {
    let Some(frame) = frame else {
        return Unreachable::Connection("closed".to_owned());
    };
    let code = u16::from(frame.code);
    let said = format!("closed with {code}: {}", frame.reason);
    match code.checked_sub(4000).map(StatusCode::from_u16) {
        Some(Ok(status)) if is_refusal(status) => Unreachable::Refused(said),
        _ => Unreachable::Connection(said),
    }
}
