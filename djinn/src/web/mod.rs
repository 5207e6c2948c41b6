//! Everything the hub answers over HTTP.

pub mod health;
pub mod listen;
mod query;
mod security;
mod spa;

pub use health::Health;
pub use query::Trusted;

use self::health::routes as health_routes;
use axum::{Router, middleware, routing::get};
use tower_http::{catch_panic::CatchPanicLayer, compression::CompressionLayer};

/// The hub's own routes: the graph's door, MCP, trusted queries, health and the SPA.
pub fn hub(graph: Router, mcp: Option<Router>, trusted: Trusted, health: Health) -> Router {
    let queries = Router::new()
        .route("/q", get(query::list))
        .route("/q/{name}", get(query::run).fallback(query::only_get))
        .with_state(trusted);
    // Pages and files are compressed; answers of the graph are streamed and left alone.
    let pages = Router::new()
        .fallback(get(spa::serve))
        .layer(CompressionLayer::new());
    let mut routes = Router::new()
        .merge(graph)
        .merge(queries)
        .merge(health_routes(health));
    if let Some(mcp) = mcp {
        routes = routes.merge(mcp);
    }
    guarded(routes.fallback_service(pages))
}

/// The routes of a process that serves subgraphs to a router elsewhere.
pub fn subgraphs(endpoints: Vec<(String, Router)>, health: Health) -> Router {
    let mut routes = Router::new().merge(health_routes(health));
    for (name, endpoint) in endpoints {
        routes = routes.nest(&format!("/{name}"), endpoint);
    }
    routes.layer(CatchPanicLayer::new())
}

/// What every door has: the security headers, and a panic that ends one request only.
pub fn guarded(routes: Router) -> Router {
    routes
        .layer(middleware::from_fn(security::headers))
        .layer(CatchPanicLayer::new())
}
