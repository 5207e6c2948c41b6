//! Everything that can be configured: one section a struct, every field with its default.
//!
//! `schema/config.schema.json` is generated from these types. [`load()`] reads them from a TOML
//! file and the environment.

mod access;
mod env;
mod limits;
mod load;
mod log;
mod mcp;
mod platforms;
mod redact;
mod server;
mod sources;
mod storage;
mod subgraphs;

pub use access::{Auth, AuthMode, Secret};
pub use limits::{AnonymousDocuments, Limits};
pub use load::{ConfigError, Sources, load};
pub use log::{Log, LogFormat, Telemetry};
pub use mcp::{Mcp, Oauth};
pub use platforms::{Epic, Gog, PlayStation, Steam, Sync, Xbox};
pub use redact::{redacted, without_password};
pub use server::Server;
pub use sources::{Artwork, Igdb, Rawg};
pub use storage::{Bus, Cache, Data, Database};
pub use subgraphs::{LOCAL, Subgraphs};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The whole configuration of the hub.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Config {
    /// Where the hub listens.
    pub server: Server,
    /// Where it keeps its files.
    pub data: Data,
    /// The database.
    pub database: Database,
    /// What carries events between subgraphs.
    pub bus: Bus,
    /// What keeps answers for a while.
    pub cache: Cache,
    /// Who may come in, and how.
    pub auth: Auth,
    /// The hub's one secret.
    pub secret: Secret,
    /// What is written to the log.
    pub log: Log,
    /// Spans for a collector of traces.
    pub telemetry: Telemetry,
    /// Where each subgraph runs.
    pub subgraphs: Subgraphs,
    /// Bounds on what one request may ask.
    pub limits: Limits,
    /// Synchronisation of libraries.
    pub sync: Sync,
    /// Steam, its Web API and its store.
    pub steam: Steam,
    /// Xbox. People can link their accounts once `client_id` is set.
    pub xbox: Xbox,
    /// GOG.
    pub gog: Gog,
    /// PlayStation.
    pub playstation: PlayStation,
    /// Epic Games.
    pub epic: Epic,
    /// The MCP server.
    pub mcp: Mcp,
    /// RAWG, a games database. Asked once `api_key` is set.
    pub rawg: Rawg,
    /// IGDB, a games database. Asked once `client_id` and `client_secret` are set.
    pub igdb: Igdb,
    /// Pictures of games.
    pub artwork: Artwork,
    /// A model server for the djinn. Read and kept; nothing uses it yet.
    pub ollama: Ollama,
}

/// A model server for the djinn.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Ollama {
    /// Its address, for instance `http://localhost:11434`.
    pub url: Option<String>,
    /// The model to use.
    pub model: Option<String>,
}
