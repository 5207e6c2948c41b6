//! The same server over a process's own pipes.

use crate::server::{About, Hub, Server};
use djinn_kernel::{Doing, Fault};
use djinn_operations::{Caller, Graph, Live};
use rmcp::serve_server;
use std::sync::Arc;
use tokio::io::{AsyncRead, AsyncWrite};

/// Serves the client that started this process until it goes away, over `pipes` to it: mostly
/// `stdio`, to which nothing else may write meanwhile. Every call runs as `caller`;
/// `seal` is a secret of this process.
pub async fn serve_pipes(
    catalogue: Live,
    graph: Arc<dyn Graph>,
    caller: Caller,
    about: About,
    seal: [u8; 32],
    pipes: (
        impl AsyncRead + Send + Unpin + 'static,
        impl AsyncWrite + Send + Unpin + 'static,
    ),
) -> Result<(), Fault> {
    let server = Server::new(Hub::new(catalogue, graph, about, seal)?, Some(caller));
    let running = serve_server(server, pipes).await;
    let running = running.doing("greeting the MCP client")?;
    running.waiting().await.doing("serving the MCP client")?;
    Ok(())
}
