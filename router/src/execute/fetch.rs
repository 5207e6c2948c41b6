//! Asks one subgraph once, within its time, and survives whatever it does.

use crate::error::coded;
use async_graphql::{PathSegment, Response, ServerError};
use djinn_kernel::Code;
use djinn_subgraph_kit::{Call, Subgraph, Unreachable};
use futures_util::FutureExt;
use std::{panic::AssertUnwindSafe, sync::Arc, time::Duration};

/// No answer of a subgraph.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failed {
    /// It could not be reached, took too long, or answered nonsense.
    Unavailable,
    /// It broke down while it worked on this.
    Panicked,
}

impl Failed {
    /// The error at one place of the answer.
    pub fn error(self, path: Vec<PathSegment>) -> ServerError {
        let mut error = match self {
            Self::Unavailable => coded(
                Code::SubgraphUnavailable,
                "A part of the hub does not answer; this part of the answer is missing.",
            ),
            Self::Panicked => coded(Code::Internal, "Something went wrong on our side."),
        };
        error.path = path;
        error
    }
}

/// Asks.
pub async fn ask(
    subgraph: Option<&Arc<dyn Subgraph>>,
    name: &str,
    call: Call,
    patience: Duration,
) -> Result<Response, Failed> {
    let started = std::time::Instant::now();
    let request_id = call.request_id.clone();
    let outcome = match subgraph {
        None => Err(Unreachable::Connection(
            "no such subgraph is configured".to_owned(),
        )),
        Some(subgraph) => {
            let work = AssertUnwindSafe(subgraph.execute(call)).catch_unwind();
            match tokio::time::timeout(patience, work).await {
                Ok(Ok(outcome)) => outcome,
                Ok(Err(_panic)) => {
                    tracing::error!(%request_id, subgraph = name, "a resolver panicked");
                    count(name, "panic", started);
                    return Err(Failed::Panicked);
                }
                Err(_) => Err(Unreachable::Timeout),
            }
        }
    };
    match outcome {
        Ok(response) => {
            count(name, "ok", started);
            Ok(response)
        }
        Err(reason) => {
            tracing::warn!(%request_id, subgraph = name, "subgraph unavailable: {reason}");
            let outcome = match reason {
                Unreachable::Timeout => "timeout",
                Unreachable::Connection(_) => "connection",
                Unreachable::Garbage(_) => "garbage",
            };
            count(name, outcome, started);
            Err(Failed::Unavailable)
        }
    }
}

fn count(subgraph: &str, outcome: &'static str, started: std::time::Instant) {
    let subgraph = subgraph.to_owned();
    metrics::counter!("djinn_router_fetches_total", "subgraph" => subgraph.clone(), "outcome" => outcome).increment(1);
    metrics::histogram!("djinn_router_fetch_seconds", "subgraph" => subgraph)
        .record(started.elapsed().as_secs_f64());
}
