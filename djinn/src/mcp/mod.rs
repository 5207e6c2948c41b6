//! `djinn mcp`: MCP for a hub that runs elsewhere, or for any GraphQL server, over this process's
//! pipes or a listener of this machine. What the hub itself serves at `/mcp` is the same server.

mod broken;
mod door;
mod lines;
mod of_hub;
mod over_http;
pub mod page;
mod tokens;

pub use broken::answered;
pub use door::{about, door, older_clients, origin};
pub use tokens::Keys;

use self::{of_hub::OfHub, over_http::OverHttp};
use crate::{cli, documents, print, schema::API, start::StartError, stop_signal};
use djinn_kernel::{Doing, Fault, Ids};
use djinn_mcp::{HttpConfig, KeyCheck};
use djinn_operations::{Caller, Catalogue, Folder, GraphDown, Live};
use djinn_platform::SystemIds;
use std::{net::SocketAddr, path::Path, sync::Arc};
use tokio_util::sync::CancellationToken;

/// Serves, or does what is asked instead; `false` when a file is bad.
pub async fn run(arguments: &cli::Mcp) -> Result<bool, StartError> {
    let api = match &arguments.schema {
        Some(file) => std::fs::read_to_string(file).doing("reading the file of --schema"),
        None => Ok(API.to_owned()),
    };
    let api = api.map_err(StartError::Fault)?;
    let stop = stop_signal();
    let folder = arguments.operations.as_deref();
    let followed = folder.map(|path| follow(path, &api, &stop)).transpose();
    let followed = followed.map_err(StartError::Fault)?;
    if let Some(command) = arguments.command {
        let files = followed.unwrap_or_else(|| Live::fixed(documents::embedded("mcp")));
        return Ok(match command {
            cli::McpCommand::Lint => lint(&files.now()),
            cli::McpCommand::Print => {
                print(&page::of(&files.now()));
                true
            }
        });
    }
    let key = arguments.key.clone();
    // A server that is no hub has an address of its own, and nobody of ours.
    let (graph, caller) = if arguments.schema.is_some() {
        let graph = OverHttp::new(arguments.url.clone(), key).map_err(StartError::Fault)?;
        (graph, Caller::default())
    } else {
        let url = format!("{}/graphql", arguments.url.trim_end_matches('/'));
        let graph = OverHttp::new(url, key).map_err(StartError::Fault)?;
        let graph = graph.below(&arguments.url);
        let caller = graph.caller().await.map_err(|fault| StartError::Hub {
            url: arguments.url.clone(),
            reason: fault.to_string(),
        })?;
        (graph, caller)
    };
    let graph = Arc::new(graph);
    let tools = match followed {
        Some(tools) => tools,
        None => {
            let files = OfHub::new(Arc::clone(&graph), &arguments.url);
            files.live(stop.clone()).await
        }
    };
    let served = match arguments.listen {
        Some(address) => listen(address, tools, graph, caller, stop).await,
        None => {
            lines::between(djinn_mcp::stdio(), |pipes| {
                djinn_mcp::serve_pipes(tools, graph, caller, about(), secret(), pipes)
            })
            .await
        }
    };
    served.map_err(StartError::Fault)?;
    Ok(true)
}

/// Says what is wrong with the files; whether nothing is.
fn lint(files: &Catalogue) -> bool {
    for problem in &files.problems {
        print(&format!("{problem}\n"));
    }
    files.problems.is_empty()
}

/// The operation files of a folder, followed.
fn follow(path: &Path, api: &str, stop: &CancellationToken) -> Result<Live, Fault> {
    let folder = Folder {
        bare: true,
        ..Folder::from(path)
    };
    let live = Live::of_folder(folder.clone(), api).doing("reading the folder of --operations")?;
    for problem in &live.now().problems {
        eprintln!("djinn: {problem}");
    }
    let (following, api, stop) = (live.clone(), api.to_owned(), stop.clone());
    tokio::spawn(async move { following.follow(folder, api, stop).await });
    Ok(live)
}

/// 32 bytes that only this process knows.
fn secret() -> [u8; 32] {
    let mut secret = [0; 32];
    for half in secret.chunks_mut(16) {
        half.copy_from_slice(SystemIds.new_id().as_bytes());
    }
    secret
}

/// No key is asked for here.
struct NoKeys;

#[async_trait::async_trait]
impl KeyCheck for NoKeys {
    async fn check(&self, _: &str) -> Result<Option<Caller>, GraphDown> {
        Ok(None)
    }
}

async fn listen(
    address: SocketAddr,
    tools: Live,
    graph: Arc<OverHttp>,
    caller: Caller,
    stop: CancellationToken,
) -> Result<(), Fault> {
    let listener = tokio::net::TcpListener::bind(address)
        .await
        .doing("listening at the address of --listen")?;
    let address = listener.local_addr().doing("asking for the address")?;
    let own = |host: &str| format!("http://{host}:{}", address.port());
    let door = HttpConfig {
        allowed_origins: vec![own("localhost"), own("127.0.0.1")],
        everybody: Some(caller),
        stop: stop.clone(),
        ..HttpConfig::sealed_by(secret())
    };
    let routes = answered(djinn_mcp::service(
        tools,
        graph,
        Arc::new(NoKeys),
        about(),
        door,
    )?);
    print(&format!("MCP is served at http://{address}/mcp\n"));
    axum::serve(listener, routes)
        .with_graceful_shutdown(stop.cancelled_owned())
        .await
        .doing("serving MCP over HTTP")
}
