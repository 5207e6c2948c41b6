//! How often one address may ask where the door itself counts nothing: `/mcp`.

use super::problem::Problem;
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use djinn_kernel::{Code, Viewer};
use djinn_router::door::{Rates, Who};
use djinn_subgraph_kit::{ClientAddress, RequestId};

/// Counts the request, or refuses it.
pub async fn limit(State(rates): State<Rates>, request: Request, next: Next) -> Response {
    let client = request.extensions().get::<ClientAddress>().copied();
    match rates.take(Who::of(&Viewer::Anonymous, client)) {
        Ok(()) => next.run(request).await,
        Err(too_many) => {
            let mut problem = Problem::new(Code::RateLimited, too_many.to_string());
            problem.wait = Some(too_many.wait);
            problem.answer(&RequestId("none".into()))
        }
    }
}
