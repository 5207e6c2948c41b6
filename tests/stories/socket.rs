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
        let mut request = format!("{}/graphql", url.replacen("http", "ws", 1))
            .into_client_request()
            .unwrap();
        request.headers_mut().insert(
            "sec-websocket-protocol",
            "graphql-transport-ws".parse().unwrap(),
        );
        let (socket, _) = tokio_tungstenite::connect_async(request).await.unwrap();
        let mut events = Self { socket };
        let payload = token.map_or(
            json!({}),
            |token| json!({ "authorization": format!("Bearer {token}") }),
        );
        events
            .say(json!({ "type": "connection_init", "payload": payload }))
            .await;
        assert_eq!(events.hear().await.unwrap()["type"], "connection_ack");
        events.say(json!({ "id": "1", "type": "subscribe", "payload": { "query": query, "variables": variables } })).await;
        events
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

    /// The next event's data; `None` when the stream or the connection ended.
    pub async fn next(&mut self) -> Option<Value> {
        let mut message = self.hear().await?;
        match message["type"].as_str() {
            Some("next") => {
                assert!(message["payload"].get("errors").is_none(), "{message:#}");
                Some(message["payload"]["data"].take())
            }
            Some("complete") => None,
            _ => panic!("unexpected: {message:#}"),
        }
    }
}
