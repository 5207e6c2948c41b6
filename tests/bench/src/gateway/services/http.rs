//! The services over HTTP, each at `/{name}/graphql`, with nothing around them.

use async_graphql::Variables;
use axum::{
    Json, extract::State, http::StatusCode, response::IntoResponse, routing::post,
    serve::ListenerExt,
};
use djinn_kernel::Viewer;
use djinn_subgraph_kit::{Forwarded, RequestId, Subgraph, subgraph::Call};
use serde::Deserialize;
use std::sync::Arc;
use tokio::net::{TcpListener, TcpStream};

#[derive(Deserialize)]
struct Asked {
    query: String,
    #[serde(default)]
    variables: Variables,
}

/// Serves all of them, for as long as the process lives.
pub async fn serve(listener: TcpListener) -> std::io::Result<()> {
    let mut routes = axum::Router::new();
    for subgraph in super::all() {
        let path = format!("/{}/graphql", subgraph.name());
        routes = routes.route(&path, post(answer).with_state(subgraph));
    }
    let listener = listener.tap_io(without_delay);
    axum::serve(listener, routes).await
}

/// Small answers must not wait for more to send.
pub fn without_delay(stream: &mut TcpStream) {
    let _ = stream.set_nodelay(true);
}

async fn answer(
    State(subgraph): State<Arc<dyn Subgraph>>,
    Json(asked): Json<Asked>,
) -> impl IntoResponse {
    let call = Call {
        query: asked.query.into(),
        operation_name: None,
        variables: asked.variables,
        viewer: Viewer::Anonymous,
        request_id: RequestId("bench".into()),
        forwarded: Forwarded::default(),
        client: None,
    };
    subgraph
        .execute(call)
        .await
        .map(Json)
        .map_err(|_| StatusCode::GATEWAY_TIMEOUT)
}
