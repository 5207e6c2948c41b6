//! A plain graphql-transport-ws client.

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream,
    tungstenite::{Message, client::IntoClientRequest},
};

/// The events of one subscription.
pub struct Events {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
}

impl Events {
    /// Connects, says who it is, and subscribes.
    pub async fn open(url: &str, token: Option<&str>, query: &str, variables: Value) -> Self {
        let operation = json!({ "query": query, "variables": variables });
        Self::open_with(url, token, operation).await
    }

    /// The same with an operation as it is sent.
    pub async fn open_with(url: &str, token: Option<&str>, operation: Value) -> Self {
        let opened = Self::try_open(url, token, operation).await;
        opened.expect("an acknowledgement")
    }

    /// The same; nothing, where the hub does not let it in.
    pub async fn try_open(url: &str, token: Option<&str>, operation: Value) -> Option<Self> {
        let mut events = Self::try_connect(url).await?;
        let payload = token.map_or(
            json!({}),
            |token| json!({ "authorization": format!("Bearer {token}") }),
        );
        events
            .say(json!({ "type": "connection_init", "payload": payload }))
            .await;
        assert_eq!(events.hear().await?["type"], "connection_ack");
        events
            .say(json!({ "id": "1", "type": "subscribe", "payload": operation }))
            .await;
        Some(events)
    }

    async fn connect(url: &str) -> Self {
        let connected = Self::try_connect(url).await;
        connected.expect("a socket")
    }

    async fn try_connect(url: &str) -> Option<Self> {
        let mut request = format!("{}/graphql", url.replacen("http", "ws", 1))
            .into_client_request()
            .unwrap();
        request.headers_mut().insert(
            "sec-websocket-protocol",
            "graphql-transport-ws".parse().unwrap(),
        );
        let (socket, _) = tokio_tungstenite::connect_async(request).await.ok()?;
        Some(Self { socket })
    }

    /// Connects with a credential that is refused; whether it was.
    pub async fn refused(url: &str, token: &str) -> bool {
        let mut events = Self::connect(url).await;
        let payload = json!({ "authorization": format!("Bearer {token}") });
        events
            .say(json!({ "type": "connection_init", "payload": payload }))
            .await;
        events.hear().await.is_none()
    }

    /// The errors that the subscription was refused with, if it was.
    pub async fn refusal(&mut self) -> Option<Value> {
        let mut message = self.hear().await?;
        match message["type"].as_str() {
            Some("error") => Some(message["payload"].take()),
            _ => message["payload"].get("errors").cloned(),
        }
    }

    async fn say(&mut self, message: Value) {
        self.socket
            .send(Message::text(message.to_string()))
            .await
            .unwrap();
    }

    async fn hear(&mut self) -> Option<Value> {
        loop {
            let message = tokio::time::timeout(Duration::from_secs(30), self.socket.next())
                .await
                .expect("an event in time")?;
            match message {
                Ok(Message::Text(text)) => {
                    let message: Value = serde_json::from_str(&text).unwrap();
                    if message["type"] == "ping" {
                        self.say(json!({ "type": "pong" })).await;
                        continue;
                    }
                    return Some(message);
                }
                Ok(Message::Close(_)) | Err(_) => return None,
                Ok(_) => {}
            }
        }
    }

    /// Waits until the hub closes the socket, and says by which code.
    pub async fn closed(mut self) -> Option<u16> {
        loop {
            let message = tokio::time::timeout(Duration::from_secs(30), self.socket.next());
            match message.await.expect("an end in time")? {
                Ok(Message::Close(frame)) => return frame.map(|frame| frame.code.into()),
                Ok(_) => {}
                Err(_) => return None,
            }
        }
    }

    /// The next event's data; `None` when the stream or the connection ended.
    pub async fn next(&mut self) -> Option<Value> {
        self.next_or_error()
            .await
            .unwrap_or_else(|error| panic!("unexpected: {error:#}"))
    }

    /// The same, for whoever goes on after an error.
    pub async fn next_or_error(&mut self) -> Result<Option<Value>, Value> {
        let Some(mut message) = self.hear().await else {
            return Ok(None);
        };
        match message["type"].as_str() {
            Some("next") if message["payload"].get("errors").is_none() => {
                Ok(Some(message["payload"]["data"].take()))
            }
            Some("complete") => Ok(None),
            _ => Err(message),
        }
    }
}
