//! An MCP client that is nothing but JSON-RPC over HTTP.

use reqwest::{Client, RequestBuilder, Response};
use serde_json::{Value, json};
use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

/// A session of the revision 2025-11-25.
pub struct Session {
    pub url: String,
    pub http: Client,
    id: String,
    pub key: String,
    next: AtomicU64,
}

#[expect(clippy::disallowed_methods, reason = "the client of a test is no port")]
pub fn http() -> Client {
    Client::builder()
        .timeout(Duration::from_secs(30))
        .build()
        .unwrap()
}

pub fn post(http: &Client, url: &str, body: &Value) -> RequestBuilder {
    http.post(url)
        .header("accept", "application/json, text/event-stream")
        .json(body)
}

/// The messages of an answer, whether it is JSON or a stream of events.
pub async fn messages(mut response: Response) -> Vec<Value> {
    let mut reader = Reader::default();
    let mut found = Vec::new();
    while let Some(chunk) = response.chunk().await.unwrap() {
        found.extend(reader.take(&chunk));
    }
    if found.is_empty() {
        found.extend(serde_json::from_slice::<Value>(&reader.rest));
    }
    found
}

/// Takes server-sent events apart.
#[derive(Default)]
pub struct Reader {
    rest: Vec<u8>,
}

impl Reader {
    pub fn take(&mut self, chunk: &[u8]) -> Vec<Value> {
        let events = self.events(chunk).into_iter();
        events.map(|(_, message)| message).collect()
    }

    /// The messages with the ids of their events.
    pub fn events(&mut self, chunk: &[u8]) -> Vec<(String, Value)> {
        self.rest.extend_from_slice(chunk);
        let mut found = Vec::new();
        while let Some(end) = self.rest.windows(2).position(|two| two == b"\n\n") {
            let event: Vec<u8> = self.rest.drain(..end + 2).collect();
            let text = String::from_utf8(event).unwrap();
            let field = |name: &str| -> String {
                let lines = text.lines().filter_map(|line| line.strip_prefix(name));
                lines.map(str::trim).collect()
            };
            if let Ok(message) = serde_json::from_str(&field("data:")) {
                found.push((field("id:"), message));
            }
        }
        found
    }
}

impl Session {
    pub async fn open(url: &str, key: &str) -> Self {
        Self::open_as(url, key, json!({})).await
    }

    /// Says hello with these capabilities.
    pub async fn open_as(url: &str, key: &str, capabilities: Value) -> Self {
        let http = http();
        let hello = json!({ "jsonrpc": "2.0", "id": 0, "method": "initialize", "params": {
            "protocolVersion": "2025-11-25", "capabilities": capabilities, "clientInfo": { "name": "test", "version": "0" } } });
        let response = post(&http, url, &hello)
            .bearer_auth(key)
            .send()
            .await
            .unwrap();
        assert_eq!(response.status(), 200);
        let id = response.headers()["mcp-session-id"]
            .to_str()
            .unwrap()
            .to_owned();
        let hello = messages(response).await;
        assert_eq!(hello[0]["result"]["protocolVersion"], "2025-11-25");
        let session = Self {
            url: url.to_owned(),
            http,
            id,
            key: key.to_owned(),
            next: AtomicU64::new(1),
        };
        session.notify("notifications/initialized", json!({})).await;
        session
    }

    pub async fn send(&self, body: &Value) -> Response {
        let request = post(&self.http, &self.url, body).bearer_auth(&self.key);
        request
            .header("mcp-session-id", &self.id)
            .header("mcp-protocol-version", "2025-11-25")
            .send()
            .await
            .unwrap()
    }

    fn get(&self) -> RequestBuilder {
        let request = self.http.get(&self.url).bearer_auth(&self.key);
        request
            .header("accept", "text/event-stream")
            .header("mcp-session-id", &self.id)
            .header("mcp-protocol-version", "2025-11-25")
    }

    /// Ends it.
    pub async fn end(&self) -> Response {
        let request = self.http.delete(&self.url).bearer_auth(&self.key);
        request
            .header("mcp-session-id", &self.id)
            .header("mcp-protocol-version", "2025-11-25")
            .send()
            .await
            .unwrap()
    }

    /// The stream of messages that belong to no request.
    pub async fn listen(&self) -> Response {
        self.get().send().await.unwrap()
    }

    /// The stream that broke off after the event with this id.
    pub async fn resume(&self, last: &str) -> Response {
        let request = self.get().header("last-event-id", last);
        request.send().await.unwrap()
    }

    pub async fn notify(&self, method: &str, params: Value) {
        let response = self
            .send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }))
            .await;
        assert_eq!(response.status(), 202);
    }

    /// The id of the request, and its answer as it comes.
    pub async fn begin(&self, method: &str, params: Value) -> (u64, Response) {
        let id = self.next.fetch_add(1, Ordering::SeqCst);
        (
            id,
            self.send(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }))
                .await,
        )
    }

    /// Everything that came, the answer last.
    pub async fn all(&self, method: &str, params: Value) -> Vec<Value> {
        let (id, response) = self.begin(method, params).await;
        let messages = messages(response).await;
        assert_eq!(messages.last().unwrap()["id"], id);
        messages
    }

    pub async fn ask(&self, method: &str, params: Value) -> Value {
        self.all(method, params).await.pop().unwrap()
    }

    pub async fn call(&self, tool: &str, arguments: Value) -> Value {
        self.ask(
            "tools/call",
            json!({ "name": tool, "arguments": arguments }),
        )
        .await["result"]
            .take()
    }
}

/// A request of the revision 2026-07-28, which has no session.
pub fn modern(
    http: &Client,
    url: &str,
    method: &str,
    mut params: Value,
    capabilities: &Value,
) -> RequestBuilder {
    for (key, value) in [
        ("protocolVersion", json!("2026-07-28")),
        ("clientInfo", json!({ "name": "test", "version": "0" })),
        ("clientCapabilities", capabilities.clone()),
    ] {
        params["_meta"][format!("io.modelcontextprotocol/{key}")] = value;
    }
    let name = params["name"]
        .as_str()
        .or_else(|| params["uri"].as_str())
        .map(str::to_owned);
    let body = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params });
    let request = post(http, url, &body)
        .header("mcp-protocol-version", "2026-07-28")
        .header("mcp-method", method);
    match name {
        Some(name) => request.header("mcp-name", name),
        None => request,
    }
}

pub fn text(result: &Value) -> &str {
    result["content"][0]["text"].as_str().unwrap()
}
