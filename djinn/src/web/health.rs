//! `/health`: the process lives. `/ready`: it can do its work, or why not.

use axum::{Json, http::StatusCode, response::IntoResponse};
use djinn_router::Router;
use djinn_subgraph_kit::Ports;
use serde_json::{Map, Value, json};
use tokio_util::sync::CancellationToken;

/// What `/ready` looks at.
#[derive(Clone)]
pub struct Health {
    /// Database and bus.
    pub ports: Ports,
    /// The subgraphs, in a process that routes.
    pub router: Option<Router>,
    /// Cancelled when the hub is asked to stop.
    pub draining: CancellationToken,
}

/// The process answers.
pub async fn health() -> impl IntoResponse {
    Json(json!({ "status": "ok", "version": env!("CARGO_PKG_VERSION") }))
}

impl Health {
    /// 200 when everything this process needs answers, otherwise 503 with the reasons.
    pub async fn ready(self) -> impl IntoResponse {
        let mut parts = Map::new();
        let mut good = true;
        let mut note = |name: String, outcome: Result<(), String>| {
            good &= outcome.is_ok();
            parts.insert(name, outcome.map_or_else(Value::from, |()| json!("ok")));
        };
        if self.draining.is_cancelled() {
            note("process".to_owned(), Err("the hub is stopping".to_owned()));
        } else {
            let ping = self.ports.db.read().ping().await;
            note(
                "database".to_owned(),
                ping.map_err(|_| "does not answer".to_owned()),
            );
            let bus = self.ports.bus.ready().await;
            note(
                "bus".to_owned(),
                bus.map_err(|_| "does not answer".to_owned()),
            );
            if let Some(router) = &self.router {
                for (name, outcome) in router.ready().await {
                    note(format!("subgraph {name}"), outcome);
                }
            }
        }
        let status = if good {
            StatusCode::OK
        } else {
            StatusCode::SERVICE_UNAVAILABLE
        };
        (status, Json(json!({ "ready": good, "parts": parts })))
    }
}

/// Both routes.
pub fn routes(health: Health) -> axum::Router {
    axum::Router::new()
        .route("/health", axum::routing::get(self::health))
        .route("/ready", axum::routing::get(move || health.clone().ready()))
}
