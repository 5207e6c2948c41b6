//! The command line.

use clap::{Args, Parser, Subcommand, ValueEnum};
use http::HeaderName;
use std::{net::SocketAddr, path::PathBuf};

/// One self-hosted home for your games.
#[derive(Debug, Parser)]
#[command(name = "djinn", version, about, propagate_version = true)]
pub struct Cli {
    /// The configuration file. `djinn.toml` in this folder is read where it exists.
    #[arg(long, global = true, env = "DJINN_CONFIG")]
    pub config: Option<PathBuf>,
    /// Print the configuration that results from file and environment, without secrets, and stop.
    #[arg(long, global = true)]
    pub print_config: bool,
    /// What to do.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Start the hub.
    Serve(Serve),
    /// Serve any Federation 2 supergraph over HTTP subgraphs: the router by itself, without a hub.
    Router(Router),
    /// Bring the database to this version.
    Migrate,
    /// Load the sample library, or remove it.
    Seed(Seed),
    /// Write or check the generated files under `schema/`.
    Schema(Schema),
    /// Check configuration, database, bus and providers, and say how to mend what is wrong.
    Doctor,
    /// Ask the running hub whether it is ready; exits 0 if so. For container health checks.
    Healthcheck,
    /// Serve MCP for a running hub, or for any GraphQL server: over standard input and output, or at
    /// an address of this machine.
    Mcp(Mcp),
}

/// `djinn serve`.
#[derive(Debug, Default, Args)]
pub struct Serve {
    /// Serve only these subgraphs, for a router in another process.
    #[arg(long, value_name = "NAME", num_args = 1.., value_delimiter = ',')]
    pub only: Vec<String>,
    /// Load the sample library as soon as the hub has an owner.
    #[arg(long)]
    pub demo: bool,
}

/// `djinn router`.
#[derive(Debug, Args)]
pub struct Router {
    /// The composed supergraph. When the file changes, the new one is served without a restart.
    #[arg(long, value_name = "FILE")]
    pub supergraph: PathBuf,
    /// Where to listen.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:4000")]
    pub listen: String,
    /// Ask this subgraph here, not where the supergraph says. May be given for each.
    #[arg(long = "subgraph", value_name = "NAME=URL", value_parser = name_and_url)]
    pub subgraphs: Vec<(String, String)>,
    /// What this subgraph alone may have to do of one operation, by `@cost`; without it only the
    /// limit of the whole counts. May be given for each.
    #[arg(long = "subgraph-cost", value_name = "NAME=COST", value_parser = name_and_cost)]
    pub subgraph_costs: Vec<(String, u64)>,
    /// Put the `@override`s with this label in force. May be given again. Those labelled
    /// `percent(…)` need no word.
    #[arg(long = "override-label", value_name = "LABEL")]
    pub override_labels: Vec<String>,
    /// Serve a supergraph with `@authenticated`, `@requiresScopes` or `@policy` all the same: the
    /// subgraphs enforce them. The router does not.
    #[arg(long)]
    pub rules_are_enforced_by_subgraphs: bool,
    /// A header of the client that goes on to the subgraphs; `none` for none. May be given again.
    #[arg(
        long = "forward-header",
        value_name = "NAME",
        default_value = "authorization"
    )]
    pub forward_headers: Vec<HeaderName>,
    /// Who may ask for the schema. The router cannot tell who has signed in.
    #[arg(long, value_enum, value_name = "WHO", default_value_t = Introspection::Nobody)]
    pub introspection: Introspection,
    /// What becomes of subgraphs' errors that have no code of their own.
    #[arg(long, value_enum, value_name = "WHAT", default_value_t = SubgraphErrors::Hidden)]
    pub subgraph_errors: SubgraphErrors,
    /// Count requests, sockets and connections for each client address, by the limits of the
    /// configuration. Name your proxies in `server.trusted_proxies`, or all behind one are one.
    #[arg(long)]
    pub limit_addresses: bool,
    /// Where /metrics listens, or `off`; otherwise as `server.metrics` is configured.
    #[arg(long, value_name = "ADDR")]
    pub metrics: Option<String>,
    /// Another site whose pages may ask from a browser. May be given again.
    #[arg(long = "allowed-origin", value_name = "ORIGIN", value_parser = origin)]
    pub allowed_origins: Vec<String>,
}

/// Who may ask the router for the schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Introspection {
    /// Everybody: for development.
    Everyone,
    /// Nobody.
    Nobody,
}

/// What the router does with subgraphs' errors that have no code of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SubgraphErrors {
    /// Their messages go to the log only.
    Hidden,
    /// Clients are told: for development.
    Told,
}

fn origin(text: &str) -> Result<String, &'static str> {
    let plain = text.trim_end_matches('/');
    match plain.split_once("://") {
        Some(("http" | "https", host)) if !host.is_empty() && !host.contains('/') => {
            Ok(plain.to_owned())
        }
        _ => Err("write it like https://www.example.org, with its port if it has one"),
    }
}

fn name_and_cost(text: &str) -> Result<(String, u64), String> {
    let wrong = || "expected NAME=COST, the cost a whole number".to_owned();
    let (name, cost) = text.split_once('=').ok_or_else(wrong)?;
    Ok((name.to_owned(), cost.parse().map_err(|_| wrong())?))
}

fn name_and_url(text: &str) -> Result<(String, String), &'static str> {
    match text.split_once('=') {
        Some((name, url)) if !name.is_empty() && !url.is_empty() => {
            Ok((name.to_owned(), url.to_owned()))
        }
        _ => Err("write it like reviews=http://localhost:4001/graphql"),
    }
}

/// `djinn seed`.
#[derive(Debug, Args)]
pub struct Seed {
    /// Load the sample library of a few hundred games.
    #[arg(long, conflicts_with = "remove_demo")]
    pub demo: bool,
    /// Remove the sample library again.
    #[arg(long)]
    pub remove_demo: bool,
}

/// `djinn schema`.
#[derive(Debug, Args)]
pub struct Schema {
    /// Write each subgraph's SDL and the configuration's schema into this folder.
    #[arg(long, value_name = "FOLDER")]
    pub write: Option<PathBuf>,
    /// Check every operation file below this folder against the API.
    #[arg(long, value_name = "FOLDER")]
    pub check_operations: Option<PathBuf>,
}

/// `djinn mcp`.
#[derive(Debug, Args)]
#[command(subcommand_negates_reqs = true)]
pub struct Mcp {
    /// What to do instead of serving.
    #[command(subcommand)]
    pub command: Option<McpCommand>,
    /// The running hub; with `--schema`, the endpoint of a GraphQL server.
    #[arg(long, default_value = "http://localhost:8000", env = "DJINN_URL")]
    pub url: String,
    /// An API key of the hub; with `--schema`, what the server takes as a bearer token, if it does.
    #[arg(
        long,
        env = "DJINN_API_KEY",
        hide_env_values = true,
        required_unless_present = "schema"
    )]
    pub key: Option<String>,
    /// Follow the operation files in this folder, not those of this version.
    #[arg(long, value_name = "FOLDER")]
    pub operations: Option<PathBuf>,
    /// The schema of a GraphQL server that is no hub.
    #[arg(long, value_name = "FILE", requires = "operations")]
    pub schema: Option<PathBuf>,
    /// Serve over HTTP, at `/mcp` of this address. Whoever reaches it may do what the key may, so it
    /// has to be one of this machine alone, such as 127.0.0.1:9002.
    #[arg(long, value_name = "ADDR", value_parser = loopback)]
    pub listen: Option<SocketAddr>,
}

/// What `djinn mcp` does besides serving.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Subcommand)]
pub enum McpCommand {
    /// Say what is wrong with the operation files, by file and line.
    Lint,
    /// Print the tools, resources and prompts as a page of Markdown.
    Print,
}

fn loopback(text: &str) -> Result<SocketAddr, &'static str> {
    match text.parse::<SocketAddr>() {
        Ok(address) if address.ip().is_loopback() => Ok(address),
        Ok(_) => Err("others can reach that address; the hub's own /mcp asks them for a key"),
        Err(_) => Err("write it like 127.0.0.1:9002"),
    }
}
