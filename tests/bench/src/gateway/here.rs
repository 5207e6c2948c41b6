//! The router with the four services in its own process, behind the same door as the product's.

use super::services;
use axum::serve::ListenerExt;
use djinn_kernel::Code;
use djinn_platform::clock::{SystemClock, SystemIds};
use djinn_router::{Authenticator, InvalidSupergraph, Limits, Router, RouterPorts, Seen, door};
use std::sync::Arc;
use tokio::net::TcpListener;

/// Everybody may ask.
struct Everybody;

#[async_trait::async_trait]
impl Authenticator for Everybody {
    async fn viewer(&self, _: &http::HeaderMap) -> Result<Seen, Code> {
        Ok(Seen::default())
    }

    async fn viewer_of_credential(&self, _: &str) -> Result<Seen, Code> {
        Ok(Seen::default())
    }
}

/// The routes: every limit as it is by default, except what the heavy query needs.
pub fn routes(supergraph: &str, limits: Limits) -> Result<axum::Router, InvalidSupergraph> {
    let ports = RouterPorts {
        clock: Arc::new(SystemClock),
        ids: Arc::new(SystemIds),
    };
    let router = Router::new(supergraph, services::all(), limits, ports)?;
    Ok(door::routes(
        router,
        Arc::new(Everybody),
        door::DoorConfig::default(),
    ))
}

/// Serves it, for as long as the process lives.
pub async fn serve(listener: TcpListener, routes: axum::Router) -> std::io::Result<()> {
    axum::serve(listener.tap_io(services::without_delay), routes).await
}
