//! `djinn-bench gateway`: the router as a gateway of four small services, in its own process and
//! over HTTP, and a peer next to it on the same services if there is one.

mod contest;
pub mod down;
mod here;
mod services;
mod shapes;
mod wire;

use crate::{
    failure::{Attempt, Failure},
    process::Process,
    report::Report,
};
use contest::Contestant;
use djinn_router::Limits;
use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    time::Duration,
};
use tokio::net::TcpListener;

/// The four services, composed; their addresses are those of the default port.
const SUPERGRAPH: &str = include_str!("supergraph.graphql");
const NAMES: [&str; 4] = ["accounts", "inventory", "products", "reviews"];

/// What is measured.
#[derive(Debug, Clone, clap::Args)]
pub struct Gateway {
    /// The port of the four services, at `/{name}/graphql`: a peer has to know it.
    #[arg(long, default_value_t = 4200)]
    services: u16,
    /// Another gateway that is running on the same services, for instance `http://127.0.0.1:4000/graphql`.
    #[arg(long)]
    peer: Option<String>,
    /// The peer's process, to count what it uses.
    #[arg(long)]
    peer_pid: Option<u32>,
    /// Seconds of each turn.
    #[arg(long, default_value_t = 5)]
    seconds: u64,
    /// Turns of each contestant for each shape.
    #[arg(long, default_value_t = 3)]
    rounds: usize,
}

/// A part that runs as a process of its own, so that its use of the machine can be told apart.
#[derive(Debug, Clone, clap::Subcommand)]
pub enum Part {
    /// The four services over HTTP.
    Services {
        /// Where.
        #[arg(long, default_value_t = 4200)]
        port: u16,
    },
    /// The router with the four services inside.
    Here,
    /// Prints the SDL of a service, for composing `supergraph.graphql` again.
    Sdl {
        /// Which.
        name: String,
    },
}

impl Part {
    /// Runs until it is killed.
    pub async fn run(self) -> Attempt<()> {
        match self {
            Self::Services { port } => {
                let listener = listen(port).await?;
                services::serve(listener)
                    .await
                    .map_err(Failure::doing("serving"))
            }
            Self::Here => {
                let listener = listen(0).await?;
                let routes = here::routes(SUPERGRAPH, limits())
                    .map_err(Failure::doing("reading the supergraph"))?;
                here::serve(listener, routes)
                    .await
                    .map_err(Failure::doing("serving"))
            }
            Self::Sdl { name } => {
                say(&services::sdl(&name).unwrap_or_default());
                Ok(())
            }
        }
    }
}

/// The limits as they are by default, apart from those that refuse the heavy query.
fn limits() -> Limits {
    Limits {
        depth: 16,
        ..Limits::default()
    }
}

#[expect(
    clippy::print_stdout,
    reason = "whoever started the process reads its address"
)]
fn say(text: &str) {
    println!("{text}");
}

async fn listen(port: u16) -> Attempt<TcpListener> {
    let address = SocketAddr::from(([127, 0, 0, 1], port));
    let listener = TcpListener::bind(address)
        .await
        .map_err(Failure::doing("taking a port"))?;
    let address = listener
        .local_addr()
        .map_err(Failure::doing("taking a port"))?;
    say(&format!("http://{address}"));
    Ok(listener)
}

fn itself() -> Attempt<PathBuf> {
    std::env::current_exe().map_err(Failure::doing("finding the bench itself"))
}

/// `djinn router`, before the four services at these addresses.
async fn over_http(binary: &Path, place: impl Fn(&str) -> String) -> Attempt<(Process, String)> {
    let files = tempfile::tempdir().map_err(Failure::doing("making a folder"))?;
    let supergraph = files.path().join("supergraph.graphql");
    std::fs::write(&supergraph, SUPERGRAPH).map_err(Failure::doing("writing the supergraph"))?;
    let mut arguments = vec![
        "router".to_owned(),
        "--supergraph".to_owned(),
        supergraph.display().to_string(),
        "--listen".to_owned(),
        "127.0.0.1:0".to_owned(),
        "--metrics".to_owned(),
        "off".to_owned(),
    ];
    for name in NAMES {
        arguments.push("--subgraph".to_owned());
        arguments.push(format!("{name}={}", place(name)));
    }
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let settings = [
        ("DJINN__LIMITS__DEPTH", limits().depth.to_string()),
        // One bench asks more than any client: what is counted by caller is left aside.
        ("DJINN__LIMITS__REQUESTS_PER_SECOND", "0".to_owned()),
        ("DJINN__LIMITS__CONNECTIONS_PER_ADDRESS", "0".to_owned()),
        ("DJINN__LIMITS__SOCKETS_PER_ADDRESS", "0".to_owned()),
    ]
    .map(|(name, value)| (name.to_owned(), value));
    Process::announced(binary, &arguments, &settings).await
}

/// Starts everything, lets the contestants have their turns, and reports.
pub async fn measure(binary: &Path, gateway: &Gateway, report: &mut Report) -> Attempt<()> {
    let bench = itself()?;
    let port = gateway.services.to_string();
    let (_services, services) =
        Process::announced(&bench, &["part", "services", "--port", &port], &[]).await?;
    let (here, here_at) = Process::announced(&bench, &["part", "here"], &[]).await?;
    let place = |name: &str| format!("{services}/{name}/graphql");
    let (over, over_at) = over_http(binary, place).await?;

    let mut contestants = vec![
        Contestant::new("in process", &here_at, "/graphql", Some(here.id())),
        Contestant::new("over HTTP", &over_at, "/graphql", Some(over.id())),
    ];
    if let Some(peer) = &gateway.peer {
        contestants.push(Contestant::peer(peer, gateway.peer_pid)?);
    } else {
        report.note("No peer was measured: `--peer URL` names a gateway on the same services (`djinn-bench part services`, and tests/bench/src/gateway/supergraph.graphql).");
    }
    contest::measure(
        &mut contestants,
        Duration::from_secs(gateway.seconds),
        gateway.rounds,
        report,
    )
    .await
}
