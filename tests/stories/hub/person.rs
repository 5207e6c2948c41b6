//! Somebody who speaks to the hub, at its doors.

use super::Hub;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// Somebody who speaks to the hub.
pub struct Person<'h> {
    pub(super) hub: &'h Hub,
    /// The access token or key.
    pub token: Option<String>,
    /// Their id, when they signed in.
    pub id: String,
    /// The refresh token, when they signed in.
    pub refresh: String,
}

impl<'h> Person<'h> {
    /// Out of a payload with tokens.
    pub fn new(hub: &'h Hub, payload: &Value) -> Self {
        let text = |pointer: &str| {
            payload
                .pointer(pointer)
                .and_then(Value::as_str)
                .unwrap_or_else(|| panic!("no {pointer} in {payload}"))
                .to_owned()
        };
        Self {
            hub,
            token: Some(text("/tokens/accessToken")),
            id: text("/tokens/player/id"),
            refresh: text("/tokens/refreshToken"),
        }
    }

    /// Where their hub is.
    pub fn address(&self) -> &str {
        &self.hub.url
    }

    /// The whole answer.
    pub async fn send(&self, query: &str, variables: Value) -> Value {
        let mut request = self
            .hub
            .http
            .post(format!("{}/graphql", self.hub.url))
            .json(&json!({ "query": query, "variables": variables }));
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        request.send().await.unwrap().json().await.unwrap()
    }

    /// The data; any error ends the story.
    pub async fn ask(&self, query: &str, variables: Value) -> Value {
        let mut answer = self.send(query, variables).await;
        assert!(
            answer.get("errors").is_none(),
            "{query}\n{answer:#}\n{}",
            self.hub.log()
        );
        answer["data"].take()
    }

    /// The code of the one error the question is refused with.
    pub async fn refused(&self, query: &str, variables: Value) -> String {
        let answer = self.send(query, variables).await;
        answer["errors"][0]["extensions"]["code"]
            .as_str()
            .unwrap_or_else(|| panic!("not refused: {answer:#}"))
            .to_owned()
    }

    /// A GET with the person's key.
    pub async fn get(&self, path: &str) -> reqwest::Response {
        let mut request = self.hub.http.get(format!("{}{path}", self.hub.url));
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        request.send().await.unwrap()
    }

    /// The first event of a subscription, as an event stream has it; errors too.
    pub async fn first_event(&self, query: &str) -> Value {
        let mut request = self
            .hub
            .http
            .post(format!("{}/graphql", self.hub.url))
            .header("accept", "text/event-stream")
            .json(&json!({ "query": query }));
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        let mut answer = request.send().await.unwrap();
        let mut text = String::new();
        while let Some(bytes) = answer.chunk().await.unwrap() {
            text.push_str(&String::from_utf8_lossy(&bytes));
            let event = text
                .lines()
                .filter_map(|line| line.strip_prefix("data:"))
                .find_map(|data| serde_json::from_str(data).ok());
            if let Some(event) = event {
                return event;
            }
        }
        // Refused before there was a stream.
        serde_json::from_str(&text).unwrap_or_else(|_| panic!("no event: {text}"))
    }

    /// Opens a subscription over a real WebSocket.
    pub async fn subscribe(&self, query: &str, variables: Value) -> crate::socket::Events {
        crate::socket::Events::open(&self.hub.url, self.token.as_deref(), query, variables).await
    }

    /// Asks again and again until `good`: for `seconds`, and up to three times as long on a machine
    /// that is busy with other tests.
    pub async fn until(&self, seconds: u64, query: &str, good: impl Fn(&Value) -> bool) -> Value {
        let (started, mut last) = (Instant::now(), Value::Null);
        let patience = Duration::from_secs((seconds * 3).min(120));
        while started.elapsed() < patience {
            last = self.ask(query, json!({})).await;
            if good(&last) {
                return last;
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        panic!("not within {seconds} s: {last:#}\n{}", self.hub.log());
    }
}
