//! Serves the fixtures of the official conformance suite out of operation files:
//! `cargo run -p djinn-mcp --example conformance -- 8099`, then
//! `conformance server --url http://localhost:8099/mcp/key`.
#![expect(
    clippy::unwrap_used,
    reason = "an example that cannot go on should stop"
)]

use async_trait::async_trait;
use djinn_kernel::{Role, Scope, Viewer, ids::PlayerId, viewer::Identity};
use djinn_mcp::{About, HttpConfig, KeyCheck, service};
use djinn_operations::{Caller, Catalogue, Graph, GraphAnswer, GraphDown, Live};
use futures_util::{StreamExt, stream, stream::BoxStream};
use serde_json::{Map, Value, json};
use std::{sync::Arc, time::Duration};

#[path = "../tests/conformance/operations.rs"]
mod operations;

struct Fixture;

#[async_trait]
impl Graph for Fixture {
    async fn execute(
        &self,
        _: &str,
        name: Option<&str>,
        variables: Map<String, Value>,
        _: &Caller,
    ) -> Result<GraphAnswer, GraphDown> {
        Ok(GraphAnswer::from_response(match name.unwrap_or_default() {
            "Fails" => {
                json!({ "errors": [{ "message": "This tool intentionally returns an error for testing", "extensions": { "code": "INTERNAL" } }] })
            }
            "Ask" => json!({ "data": { "ask": "accepted" } }),
            "Names" => json!({ "data": { "names": ["paris", "park", "party"] } }),
            "Template" | "Arguments" => {
                json!({ "data": { "echo": Value::Object(variables).to_string() } })
            }
            _ => json!({ "data": { "text": "This is a simple text response for testing." } }),
        }))
    }

    async fn subscribe(
        &self,
        _: &str,
        name: Option<&str>,
        _: Map<String, Value>,
        _: &Caller,
    ) -> Result<BoxStream<'static, GraphAnswer>, GraphDown> {
        let events: Vec<Value> = if name == Some("Changes") {
            vec![json!({ "changes": 0 })]
        } else {
            [0, 50, 100].map(|done| json!({ "work": { "done": done, "total": 100, "finished": done == 100 } })).to_vec()
        };
        let slowly = stream::iter(events).then(|data| async move {
            tokio::time::sleep(Duration::from_millis(150)).await;
            GraphAnswer {
                data,
                errors: Vec::new(),
            }
        });
        Ok(slowly.boxed())
    }
}

struct OneKey;

#[async_trait]
impl KeyCheck for OneKey {
    async fn check(&self, _: &str) -> Result<Option<Caller>, GraphDown> {
        let player = PlayerId(uuid::Uuid::nil());
        let scopes = vec![Scope::ReadLibrary];
        let identity = Identity {
            player,
            household: player,
            role: Role::Player,
            scopes,
            family: None,
            login: None,
            key: None,
        };
        Ok(Some(Caller {
            viewer: Viewer::Known(identity),
        }))
    }
}

#[tokio::main]
async fn main() {
    let catalogue = Catalogue::load(
        operations::FILES,
        include_str!("../tests/conformance/api.graphql"),
    );
    assert_eq!(catalogue.problems, []);
    let about = About {
        name: "conformance".to_owned(),
        title: "Conformance fixtures".to_owned(),
        version: "0".to_owned(),
        instructions: String::new(),
    };
    let port = std::env::args().nth(1).unwrap_or_else(|| "8099".to_owned());
    let listener = tokio::net::TcpListener::bind(format!("127.0.0.1:{port}"))
        .await
        .unwrap();
    let config = HttpConfig {
        allowed_origins: vec!["http://localhost:*".to_owned()],
        ..HttpConfig::default()
    };
    let router = service(
        Live::fixed(catalogue),
        Arc::new(Fixture),
        Arc::new(OneKey),
        about,
        config,
    );
    axum::serve(listener, router).await.unwrap();
}
