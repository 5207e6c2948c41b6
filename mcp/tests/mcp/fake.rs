//! A graph that answers what it was told to, and remembers what it was asked.

use async_trait::async_trait;
use djinn_kernel::{Role, Scope, Viewer, ids::PlayerId, viewer::Identity};
use djinn_mcp::{About, HttpConfig, KeyCheck};
use djinn_operations::{Caller, Catalogue, Graph, GraphAnswer, GraphDown, Live};
use futures_util::{StreamExt, stream::BoxStream};
use serde_json::{Map, Value, json};
use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::sync::Notify;
use uuid::Uuid;

pub const API: &str = include_str!("../../../crates/operations/tests/fixtures/api.graphql");

pub const FILES: &[(&str, &str)] = &[
    (
        "mcp/find.graphql",
        r#"# Finds wares.
        query Find($text: String!, $order: Order! = NAME, $filter: WareFilter, $first: Int)
        @mcpTool(name: "find", title: "Find", scope: "read:library", maxItems: 2) {
          wares(text: $text, order: $order, filter: $filter, first: $first) { total nodes { id name } }
        }"#,
    ),
    (
        "mcp/ware.graphql",
        r#"query OneWare($id: ID!)
        @mcpTool(name: "ware", scope: "read:library")
        @mcpResource(uri: "ware://{id}", name: "ware", description: "A ware.", watch: "WatchWare") { ware(id: $id) { id name } }"#,
    ),
    (
        "mcp/watch.graphql",
        "subscription WatchWare($id: ID!) { delivery(order: $id) { done } }",
    ),
    (
        "mcp/count.graphql",
        r#"# How many there are.
        query Count @mcpTool(name: "count") @mcpResource(uri: "shop://count", name: "count") { count }"#,
    ),
    (
        "mcp/remove.graphql",
        r#"# Removes a ware.
        mutation Remove($id: ID!) @mcpTool(name: "remove", scope: "write:library", confirm: "Remove ware {id} for good?") {
          remove(id: $id) { ok problems { code field message } }
        }"#,
    ),
    (
        "mcp/deliver.graphql",
        r#"# Delivers.
        subscription Deliver($order: ID!) @mcpTool(name: "deliver", start: "Begin", startTolerates: ["ON_ITS_WAY"],
          progress: "delivery.done", total: "delivery.of", message: "delivery.note", result: "delivery.arrived",
          problems: "delivery.failed") {
          delivery(order: $order) { done of note arrived { at boxes } failed { code message } }
        }
        mutation Begin($order: ID!, $express: Boolean! = false) {
          deliver(order: $order, express: $express) { number problems { code field message } }
        }"#,
    ),
    (
        "mcp/ask.graphql",
        r#"query Ask($text: String!, $first: Int) @mcpPrompt(name: "ask", description: "Asks.",
        template: "Choose {{text}} out of {{wares.nodes[].name}}.") { wares(text: $text, first: $first) { nodes { name } } }"#,
    ),
    (
        "mcp/names.graphql",
        r#"query Names($value: String!) @mcpComplete(for: "ask.text ware.id", values: "wares.nodes[].name") {
        wares(text: $value) { nodes { name } } }"#,
    ),
];

/// One call the graph got.
#[derive(Debug, Clone, PartialEq)]
pub struct Asked {
    pub name: String,
    pub variables: Value,
    pub caller: Caller,
}

/// An event that comes when the test says so.
pub const HELD: u64 = u64::MAX;

#[derive(Default)]
pub struct Fake {
    pub answers: Mutex<HashMap<String, Value>>,
    /// Events of each subscription, and how long each takes to come, in milliseconds or [`HELD`].
    pub events: Mutex<HashMap<String, Vec<(u64, Value)>>>,
    /// Tells that an event is held back.
    pub held: Arc<Notify>,
    /// Lets the next of those come.
    pub go_on: Arc<Notify>,
    pub asked: Mutex<Vec<Asked>>,
    pub open: Arc<AtomicUsize>,
}

struct Open(Arc<AtomicUsize>);
impl Drop for Open {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Fake {
    pub fn answering(name: &str, response: Value) -> Arc<Self> {
        let fake = Self::default();
        fake.answers
            .lock()
            .unwrap()
            .insert(name.to_owned(), response);
        Arc::new(fake)
    }

    pub fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    fn note(
        &self,
        name: Option<&str>,
        document: &str,
        variables: Map<String, Value>,
        caller: &Caller,
    ) -> String {
        assert!(
            !document.contains("@mcp"),
            "our directives were sent: {document}"
        );
        let name = name.unwrap().to_owned();
        let asked = Asked {
            name: name.clone(),
            variables: Value::Object(variables),
            caller: caller.clone(),
        };
        self.asked.lock().unwrap().push(asked);
        name
    }
}

#[async_trait]
impl Graph for Fake {
    async fn execute(
        &self,
        document: &str,
        operation_name: Option<&str>,
        variables: Map<String, Value>,
        caller: &Caller,
    ) -> Result<GraphAnswer, GraphDown> {
        let name = self.note(operation_name, document, variables, caller);
        let answer = self.answers.lock().unwrap().get(&name).cloned();
        answer
            .map(GraphAnswer::from_response)
            .ok_or_else(|| GraphDown::Unreachable("connection refused 10.0.0.7".to_owned()))
    }

    async fn subscribe(
        &self,
        document: &str,
        operation_name: Option<&str>,
        variables: Map<String, Value>,
        caller: &Caller,
    ) -> Result<BoxStream<'static, GraphAnswer>, GraphDown> {
        let name = self.note(operation_name, document, variables, caller);
        let events = self
            .events
            .lock()
            .unwrap()
            .get(&name)
            .cloned()
            .ok_or(GraphDown::Timeout)?;
        self.open.fetch_add(1, Ordering::SeqCst);
        let open = Open(Arc::clone(&self.open));
        let (held, go_on) = (Arc::clone(&self.held), Arc::clone(&self.go_on));
        Ok(async_stream::stream! {
            let _open = open;
            for (wait, event) in events {
                if wait == HELD {
                    held.notify_one();
                    go_on.notified().await;
                } else {
                    tokio::time::sleep(Duration::from_millis(wait)).await;
                }
                yield GraphAnswer::from_response(event);
            }
        }
        .boxed())
    }
}

/// `reader` reads, `writer` reads and writes, `down` cannot be checked; all others are wrong.
pub struct Keys;

pub fn caller(scopes: &[Scope]) -> Caller {
    let player = PlayerId(Uuid::from_u128(7));
    Caller {
        viewer: Viewer::Known(Identity {
            player,
            household: player,
            role: Role::Player,
            scopes: scopes.to_vec(),
            family: None,
            login: None,
            key: None,
        }),
        place: None,
        base: None,
    }
}

#[async_trait]
impl KeyCheck for Keys {
    async fn check(&self, key: &str) -> Result<Option<Caller>, GraphDown> {
        match key {
            "reader" => Ok(Some(caller(&[Scope::ReadLibrary, Scope::ReadPlay]))),
            "writer" => Ok(Some(caller(&[Scope::ReadLibrary, Scope::WriteLibrary]))),
            "down" => Err(GraphDown::Timeout),
            _ => Ok(None),
        }
    }
}

pub fn about() -> About {
    About {
        name: "shop".to_owned(),
        title: "Shop".to_owned(),
        version: "1.2.3".to_owned(),
        instructions: "Sells things.".to_owned(),
    }
}

pub fn catalogue() -> Catalogue {
    let catalogue = Catalogue::load(FILES, API);
    assert_eq!(catalogue.problems, []);
    catalogue
}

/// Serves on a free port of the loopback; the address of `/mcp`.
pub async fn serve(graph: Arc<Fake>) -> String {
    serve_live(graph, Live::fixed(catalogue())).await
}

pub async fn serve_live(graph: Arc<Fake>, live: Live) -> String {
    let config = HttpConfig {
        allowed_origins: vec!["https://shop.example:443".to_owned()],
        ..HttpConfig::sealed_by([7; 32])
    };
    serve_with(graph, live, Arc::new(Keys), config).await
}

pub async fn serve_with(
    graph: Arc<Fake>,
    live: Live,
    keys: Arc<dyn KeyCheck>,
    config: HttpConfig,
) -> String {
    let router = djinn_mcp::service(live, graph, keys, about(), config).unwrap();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    format!("http://{address}/mcp")
}

pub fn wares(names: &[&str]) -> Value {
    let nodes: Vec<Value> = names
        .iter()
        .map(|name| json!({ "id": name.to_lowercase(), "name": name }))
        .collect();
    json!({ "data": { "wares": { "total": nodes.len(), "nodes": nodes } } })
}
