//! Everything the hub answers over HTTP.

pub mod art;
mod asking;
mod client;
mod conditional;
pub mod connection;
pub mod health;
mod linger;
pub mod listen;
pub mod openapi;
mod problem;
mod query;
mod rate;
mod reach;
mod refusals;
mod rest;
mod security;
mod sources;
mod spa;
mod trace;
mod transfer;
mod variables;

pub use asking::Asking;
pub use client::TrustedProxies;
pub use health::Health;
pub use query::Trusted;
pub use reach::known as reached;
pub use refusals::coded;
pub use rest::{Rest, is_reserved};
pub use sources::{PATH as SOURCES, Sources};
pub use transfer::Transfer;

use self::{health::routes as health_routes, problem::Problem};
use crate::{config::Config, credentials::Credentials};
use axum::{Router, extract::Request, middleware, response::Response, routing::get};
use djinn_kernel::Code;
use djinn_router::door::Rates;
use std::sync::Arc;
use tower_http::{catch_panic::CatchPanicLayer, compression::CompressionLayer};

/// What the hub's operation files are served by.
pub struct Files {
    /// `/q`.
    pub trusted: Trusted,
    /// The REST endpoints.
    pub rest: Rest,
    /// `/mcp/operations.json`.
    pub sources: Sources,
    /// `/openapi.json`.
    pub openapi: openapi::Description,
    /// `/upload` and `/download`.
    pub transfer: Transfer,
}

/// The hub's own routes: the graph's door, MCP, trusted queries, REST, health and the SPA.
pub fn hub(graph: Router, mcp: Option<Router>, files: Files, health: Health) -> Router {
    let queries = Router::new()
        .route("/q", get(query::list))
        .route("/q/{name}", get(query::run).fallback(query::only_get))
        .with_state(files.trusted);
    let sources = Router::new()
        .route(sources::PATH, get(sources::serve))
        .with_state(files.sources)
        .layer(CompressionLayer::new());
    let openapi = Router::new()
        .route("/openapi.json", get(openapi::serve))
        .with_state(files.openapi)
        .layer(CompressionLayer::new());
    // Pages and files are compressed; answers of the graph are streamed and left alone.
    let pages = Router::new()
        .fallback(get(spa::serve))
        .layer(CompressionLayer::new())
        .layer(middleware::from_fn_with_state(files.rest, rest::answer));
    let mut routes = Router::new()
        .merge(graph)
        .merge(queries)
        .merge(openapi)
        .merge(sources)
        .merge(transfer::routes(files.transfer))
        .merge(health_routes(health));
    if let Some(mcp) = mcp {
        routes = routes.merge(mcp);
    }
    guarded(routes.fallback_service(pages))
}

/// The routes of a process that has a graph and nothing else.
pub fn graph_alone(graph: Router, health: Health) -> Router {
    let routes = graph.merge(health_routes(health));
    guarded(routes.fallback(nothing_here))
}

async fn nothing_here(request: Request) -> Response {
    let message = "there is nothing here; the graph is at /graphql";
    Problem::new(Code::NotFound, message).answer(&trace::id_of(&request))
}

/// The routes of a process that serves subgraphs to a router elsewhere.
pub fn subgraphs(endpoints: Vec<(String, Router)>, health: Health) -> Router {
    let mut routes = Router::new().merge(health_routes(health));
    for (name, endpoint) in endpoints {
        routes = routes.nest(&format!("/{name}"), endpoint);
    }
    routes.layer(CatchPanicLayer::new())
}

/// What a door has that anybody can reach: it knows where requests come from, bounds their headers,
/// answers with the security headers, and stays with HTTPS where that is how people come.
pub fn facing(routes: Router, config: &Config) -> Router {
    let mut routes = routes.layer(middleware::from_fn_with_state(
        config.limits.header_bytes,
        security::head_size,
    ));
    let by_https = |url: &String| url.to_ascii_lowercase().starts_with("https://");
    if config.server.public_url.as_ref().is_some_and(by_https) {
        routes = routes.layer(middleware::from_fn(security::by_https_only));
    }
    routes
        .layer(middleware::from_fn_with_state(
            config.server.proxies(),
            client::resolve,
        ))
        .layer(middleware::from_fn(security::headers))
        .layer(middleware::from_fn(security::come_back))
        .layer(middleware::from_fn(security::part_after_refusal))
        .layer(middleware::from_fn(trace::request))
}

/// Counts how often one key asks `routes`; without one, how often one address does.
pub fn counted(routes: Router, rates: Rates, who: Arc<Credentials>) -> Router {
    let counting = rate::Counting { rates, who };
    routes.layer(middleware::from_fn_with_state(counting, rate::limit))
}

/// What every door has: a panic ends one request only.
pub fn guarded(routes: Router) -> Router {
    routes.layer(CatchPanicLayer::new())
}
