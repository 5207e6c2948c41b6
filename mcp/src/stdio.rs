//! The same server over a process's own pipes.

use crate::server::{About, Hub, Server};
use djinn_kernel::{Doing, Fault};
use djinn_operations::{Caller, Graph, Live};
use rmcp::serve_server;
use std::sync::Arc;
use tokio::io::{AsyncRead, AsyncWrite};

/// Serves the client that started this process until it goes away. Every call runs as `caller`.
/// Nothing else may write to standard output meanwhile.
pub async fn serve_stdio(
    catalogue: Live,
    graph: Arc<dyn Graph>,
    caller: Caller,
    about: About,
) -> Result<(), Fault> {
    let (input, output) = rmcp::transport::stdio();
    serve_pipes(catalogue, graph, caller, about, input, output).await
}

/// The same over any two pipes.
pub async fn serve_pipes(
    catalogue: Live,
    graph: Arc<dyn Graph>,
    caller: Caller,
    about: About,
    input: impl AsyncRead + Send + Unpin + 'static,
    output: impl AsyncWrite + Send + Unpin + 'static,
) -> Result<(), Fault> {
    let server = Server::new(Hub::new(catalogue, graph, about), Some(caller));
    let running = serve_server(server, (input, output))
        .await
        .doing("greeting the MCP client")?;
    running.waiting().await.doing("serving the MCP client")?;
    Ok(())
}
