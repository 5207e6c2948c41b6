//! How often one caller may ask where the door itself counts nothing: `/mcp`.

use super::{problem::Problem, trace::id_of};
use crate::credentials::Credentials;
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use djinn_kernel::{Code, Viewer};
use djinn_router::door::{Rates, Who};
use djinn_subgraph_kit::ClientAddress;
use std::sync::Arc;

/// Whose requests are counted, and where.
#[derive(Clone)]
pub struct Counting {
    /// The buckets.
    pub rates: Rates,
    /// Says whose a key is.
    pub who: Arc<Credentials>,
}

/// Counts the request, or refuses it. A key that lets nobody in counts for its address: whoever
/// guesses keys does not get a bucket for each.
pub async fn limit(State(counting): State<Counting>, request: Request, next: Next) -> Response {
    let client = request.extensions().get::<ClientAddress>().copied();
    let path = request.uri().path();
    let viewer = counting
        .who
        .known(request.headers(), path.strip_prefix("/mcp/"));
    let viewer = viewer.await.unwrap_or(Viewer::Anonymous);
    let id = id_of(&request);
    match counting.rates.take(Who::of(&viewer, client)) {
        Ok(()) => next.run(request).await,
        Err(too_many) => {
            let mut problem = Problem::new(Code::RateLimited, too_many.to_string());
            problem.wait = Some(too_many.wait);
            problem.answer(&id)
        }
    }
}
