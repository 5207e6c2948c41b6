//! `/health`: the process lives. `/ready`: there is somebody to ask.

use crate::web::health;
use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::get,
};
use djinn_router::Router;
use serde_json::{Map, Value, json};
use std::{sync::Arc, time::Duration};
use tokio::{sync::Mutex, time::Instant};
use tokio_util::sync::CancellationToken;

/// Every subgraph is asked at most once in this time, however often `/ready` is.
const FRESH: Duration = Duration::from_secs(1);

type Outcomes = Arc<Vec<(String, Result<(), String>)>>;

/// What `/ready` looks at.
#[derive(Clone)]
pub struct Health {
    router: Router,
    draining: CancellationToken,
    known: Arc<Mutex<Option<(Instant, Outcomes)>>>,
}

impl Health {
    /// Of this router, until `draining`.
    pub fn new(router: Router, draining: CancellationToken) -> Self {
        Self {
            router,
            draining,
            known: Arc::default(),
        }
    }

    /// 200 while any subgraph answers: what the others have is missing from answers, and everything
    /// else is there. Taking the whole graph away for one of its parts would make it worse.
    async fn ready(self) -> Response {
        let mut parts = Map::new();
        let mut answering = 0;
        let outcomes = self.outcomes().await;
        for (name, outcome) in outcomes.iter() {
            answering += usize::from(outcome.is_ok());
            let said = match outcome {
                Ok(()) => json!("ok"),
                Err(reason) => Value::from(reason.as_str()),
            };
            parts.insert(format!("subgraph {name}"), said);
        }
        let stopping = self.draining.is_cancelled();
        if stopping {
            parts.insert("process".to_owned(), json!("the router is stopping"));
        }
        let good = answering > 0 && !stopping;
        let whole = good && answering == outcomes.len();
        let status = if good {
            StatusCode::OK
        } else {
            StatusCode::SERVICE_UNAVAILABLE
        };
        let body = json!({ "ready": good, "whole": whole, "parts": parts });
        (status, Json(body)).into_response()
    }

    async fn outcomes(&self) -> Outcomes {
        // Held while they are asked: whoever comes meanwhile hears the same.
        let mut known = self.known.lock().await;
        if let Some((at, outcomes)) = &*known
            && at.elapsed() < FRESH
        {
            return Arc::clone(outcomes);
        }
        let outcomes = Arc::new(self.router.ready().await);
        *known = Some((Instant::now(), Arc::clone(&outcomes)));
        outcomes
    }
}

/// Both routes.
pub fn routes(ready: Health) -> axum::Router {
    axum::Router::new()
        .route("/health", get(health::health))
        .route("/ready", get(move || ready.clone().ready()))
}
