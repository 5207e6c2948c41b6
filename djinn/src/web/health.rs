//! `/health`: the process lives. `/ready`: it can do its work, or why not.
//!
//! A balancer takes a process that is not ready out of its list. So a process is unready only for what
//! is wrong with itself: it is stopping, its database does not answer, or there is nobody left whom it
//! could ask. One subgraph of several that is down takes its own fields away, and is so for every
//! router alike: taking the whole graph away for it would make it worse. It is said in the body.

use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::get,
};
use djinn_router::Router;
use djinn_subgraph_kit::Ports;
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
    /// Database and bus, in a process that has them.
    pub ports: Option<Ports>,
    /// The subgraphs, in a process that routes.
    pub subgraphs: Option<Subgraphs>,
    /// Cancelled when the process is asked to stop.
    pub draining: CancellationToken,
}

/// The subgraphs behind a router, and how they were when they were last asked.
#[derive(Clone)]
pub struct Subgraphs {
    router: Router,
    known: Arc<Mutex<Option<(Instant, Outcomes)>>>,
}

impl Subgraphs {
    /// Of this router.
    pub fn of(router: Router) -> Self {
        Self {
            router,
            known: Arc::default(),
        }
    }

    async fn look(&self) -> Outcomes {
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

/// The process answers.
pub async fn health() -> impl IntoResponse {
    Json(json!({ "status": "ok", "version": env!("CARGO_PKG_VERSION") }))
}

impl Health {
    /// 200 while the process can do its work, otherwise 503; with what each part says, and whether
    /// all of them are well.
    async fn ready(self) -> Response {
        let mut parts = Parts::default();
        if self.draining.is_cancelled() {
            parts.note("process", Err("it is stopping"));
            return parts.answer(false);
        }
        let own = async {
            let ports = self.ports.as_ref()?;
            let (database, bus) = tokio::join!(ports.db.read().ping(), ports.bus.ready());
            Some((database.is_ok(), bus.is_ok()))
        };
        let subgraphs = async { Some(self.subgraphs.as_ref()?.look().await) };
        let (own, subgraphs) = tokio::join!(own, subgraphs);
        let mut able = true;
        if let Some((database, bus)) = own {
            let said = |answers: bool| answers.then_some(()).ok_or("does not answer");
            parts.note("database", said(database));
            // Without it events wait where they were written, and streams look by themselves.
            parts.note("bus", said(bus));
            able = database;
        }
        if let Some(outcomes) = subgraphs {
            able &= outcomes.iter().any(|(_, outcome)| outcome.is_ok());
            for (name, outcome) in outcomes.iter() {
                let said = outcome.as_ref().map(|&()| ()).map_err(String::as_str);
                parts.note(&format!("subgraph {name}"), said);
            }
        }
        parts.answer(able)
    }
}

/// What was seen.
#[derive(Default)]
struct Parts {
    said: Map<String, Value>,
    missing: usize,
}

impl Parts {
    fn note(&mut self, part: &str, outcome: Result<(), &str>) {
        self.missing += usize::from(outcome.is_err());
        let said = outcome.map_or_else(Value::from, |()| json!("ok"));
        self.said.insert(part.to_owned(), said);
    }

    fn answer(self, able: bool) -> Response {
        let status = if able {
            StatusCode::OK
        } else {
            StatusCode::SERVICE_UNAVAILABLE
        };
        let whole = able && self.missing == 0;
        let body = json!({ "ready": able, "whole": whole, "parts": self.said });
        (status, Json(body)).into_response()
    }
}

/// Both routes.
pub fn routes(ready: Health) -> axum::Router {
    axum::Router::new()
        .route("/health", get(health))
        .route("/ready", get(move || ready.clone().ready()))
}
