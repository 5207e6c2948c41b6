//! The command line.

use clap::{Args, Parser, Subcommand};
use std::path::PathBuf;

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
    /// Serve MCP over standard input and output, for a running hub.
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
pub struct Mcp {
    /// The running hub.
    #[arg(long, default_value = "http://localhost:8000", env = "DJINN_URL")]
    pub url: String,
    /// An API key of the hub.
    #[arg(long, env = "DJINN_API_KEY", hide_env_values = true)]
    pub key: String,
}
