//! Everything that can be configured: one section a struct, every field with its default.
//!
//! `schema/config.schema.json` is generated from these types. [`load()`] reads them from a TOML
//! file and the environment.

mod env;
mod load;
mod redact;

pub use load::{ConfigError, Sources, load};
pub use redact::{redacted, without_password};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

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
    /// Where each subgraph runs.
    pub subgraphs: Subgraphs,
    /// Bounds on what one request may ask.
    pub limits: Limits,
    /// Steam, its Web API and its store.
    pub steam: Steam,
    /// The MCP server.
    pub mcp: Mcp,
    /// RAWG, a games database. Read and kept; no provider uses it yet.
    pub rawg: Rawg,
    /// IGDB, a games database. Read and kept; no provider uses it yet.
    pub igdb: Igdb,
    /// A model server for the djinn. Read and kept; nothing uses it yet.
    pub ollama: Ollama,
}

/// Where the hub listens.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Server {
    /// The address: `127.0.0.1` for this machine only, `0.0.0.0` for the network.
    pub host: String,
    /// The port of the hub: the SPA, `/graphql`, `/mcp` and everything else.
    pub port: u16,
    /// The address people use, when a proxy stands in front, for instance `https://games.example.org`.
    pub public_url: Option<String>,
    /// Names by which the hub is reached, besides this machine's own and that of `public_url`. Asked
    /// of `/mcp`, and of everything where `auth.mode` is `off`: a page of another site can have its
    /// own name point here, but not yours.
    pub allowed_hosts: Vec<String>,
    /// Other sites whose pages may talk to the hub from a browser, as origins.
    pub allowed_origins: Vec<String>,
    /// A folder of operation files (`mcp`, `q`) that is followed instead of those in the
    /// binary, so that a tool can be added or changed while the hub runs.
    pub operations: Option<PathBuf>,
    /// At most this many connections at once; more wait to be accepted.
    pub max_connections: usize,
    /// Where `/metrics` listens, by itself and on this machine only; `off` for nowhere.
    pub metrics: String,
}

impl Default for Server {
    fn default() -> Self {
        Self {
            host: "127.0.0.1".to_owned(),
            port: 8000,
            public_url: None,
            allowed_hosts: Vec::new(),
            allowed_origins: Vec::new(),
            operations: None,
            max_connections: 12_000,
            metrics: "127.0.0.1:9464".to_owned(),
        }
    }
}

impl Server {
    /// Every name the hub is reached by, this machine's own aside.
    pub fn hosts(&self) -> Vec<String> {
        let mut hosts = vec!["localhost".to_owned(), self.host.clone()];
        hosts.extend(self.allowed_hosts.iter().cloned());
        if let Some(url) = &self.public_url {
            let authority = url.split("://").nth(1).unwrap_or(url);
            let authority = authority.split('/').next().unwrap_or_default();
            hosts.push(authority.split(':').next().unwrap_or_default().to_owned());
        }
        hosts
    }

    /// Every origin whose pages may talk to the hub, its own aside.
    pub fn origins(&self) -> Vec<String> {
        let own = self
            .public_url
            .as_deref()
            .map(|url| url.trim_end_matches('/').to_owned());
        self.allowed_origins.iter().cloned().chain(own).collect()
    }
}

/// Where the hub keeps its files.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Data {
    /// The folder of the SQLite file and the secret. Made at the first start.
    pub dir: PathBuf,
}

impl Default for Data {
    fn default() -> Self {
        Self {
            dir: PathBuf::from("data"),
        }
    }
}

/// The database.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Database {
    /// `sqlite:path/to/file.db` or `postgres://user:password@host/database`. A SQLite file in the
    /// data folder when absent.
    pub url: Option<String>,
    /// The most connections of one process.
    pub max_connections: u32,
    /// Whether `serve` brings the tables to its version by itself.
    pub migrate_on_start: bool,
}

impl Default for Database {
    fn default() -> Self {
        Self {
            url: None,
            max_connections: 8,
            migrate_on_start: true,
        }
    }
}

/// What carries events between subgraphs.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Bus {
    /// `memory:` for one process, `redis://host:6379` for many.
    pub url: String,
    /// Keeps several hubs on one Redis apart.
    pub prefix: String,
}

impl Default for Bus {
    fn default() -> Self {
        Self {
            url: "memory:".to_owned(),
            prefix: "djinn".to_owned(),
        }
    }
}

/// What keeps answers for a while.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Cache {
    /// `memory:` or `redis://host:6379`.
    pub url: String,
    /// How many seconds `GET /q/{name}` may be answered from a cache in between.
    pub ttl_seconds: u64,
}

impl Default for Cache {
    fn default() -> Self {
        Self {
            url: "memory:".to_owned(),
            ttl_seconds: 10,
        }
    }
}

/// How people prove who they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum AuthMode {
    /// By name and password.
    #[default]
    Password,
    /// Not at all: everybody who reaches the hub is its owner. For a trusted proxy that has asked
    /// already.
    Off,
}

/// Who may come in, and how.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Auth {
    /// `password`, or `off` behind a proxy that you trust.
    pub mode: AuthMode,
    /// Confirms that `mode = "off"` is meant also where the whole network reaches the hub.
    pub allow_off_on_network: bool,
}

/// The hub's one secret. Tokens are signed and stored keys sealed with keys derived from it.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Secret {
    /// At least 32 characters. A file in the data folder, made at the first start, when absent.
    pub key: Option<String>,
}

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

/// What is written to the log.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Log {
    /// `error`, `warn`, `info`, `debug`, `trace`, or a filter such as `info,djinn_library=debug`.
    pub level: String,
    /// `text` or `json`.
    pub format: LogFormat,
}

impl Default for Log {
    fn default() -> Self {
        Self {
            level: "info".to_owned(),
            format: LogFormat::Text,
        }
    }
}

/// Where each subgraph runs: `local`, or the base URL of another process, for instance
/// `http://library:8001`.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Subgraphs {
    /// Linked accounts, copies, sync, search.
    pub library: String,
    /// Canonical games, matching, enrichment.
    pub metadata: String,
    /// Recommendations.
    pub ai: String,
    /// Players, logins, rooms.
    pub session: String,
    /// Boards and ranks.
    pub leaderboard: String,
}

/// The place of a subgraph that runs in this process.
pub const LOCAL: &str = "local";

impl Default for Subgraphs {
    fn default() -> Self {
        let local = || LOCAL.to_owned();
        Self {
            library: local(),
            metadata: local(),
            ai: local(),
            session: local(),
            leaderboard: local(),
        }
    }
}

impl Subgraphs {
    /// Name and place of each, in the order of the supergraph.
    pub fn places(&self) -> [(&'static str, &str); 5] {
        [
            ("session", &self.session),
            ("metadata", &self.metadata),
            ("library", &self.library),
            ("ai", &self.ai),
            ("leaderboard", &self.leaderboard),
        ]
    }
}

/// Bounds on what one request may ask. Each refusal names its limit.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Limits {
    /// How deep a query may nest.
    pub depth: usize,
    /// How many aliases it may use.
    pub aliases: usize,
    /// How many fields it may ask at the root.
    pub root_fields: usize,
    /// How many tokens it may have.
    pub tokens: usize,
    /// How many directives it may use.
    pub directives: usize,
    /// How large a request may be, in bytes. An import carries its file in the request.
    pub body_bytes: usize,
    /// How long a request may take, in seconds.
    pub timeout_seconds: u64,
    /// Whether those who have not signed in may read the schema.
    pub anonymous_introspection: bool,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            depth: 12,
            aliases: 30,
            root_fields: 20,
            tokens: 2000,
            directives: 50,
            body_bytes: 12 * 1024 * 1024,
            timeout_seconds: 30,
            anonymous_introspection: false,
        }
    }
}

/// Steam, its Web API and its store.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Steam {
    /// A Web API key for everybody who links an account without one of their own.
    pub api_key: Option<String>,
    /// The Web API.
    pub api_url: String,
    /// The store, for descriptions and ratings.
    pub store_url: String,
    /// Whether store pages are fetched at all.
    pub store_pages: bool,
    /// Store pages asked for in one window of five minutes. Valve allows 200 for an address.
    pub store_requests_per_5_min: u32,
}

impl Default for Steam {
    fn default() -> Self {
        Self {
            api_key: None,
            api_url: "https://api.steampowered.com".to_owned(),
            store_url: "https://store.steampowered.com".to_owned(),
            store_pages: true,
            store_requests_per_5_min: 100,
        }
    }
}

/// The MCP server.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Mcp {
    /// Whether `/mcp` is there.
    pub enabled: bool,
    /// A listener of its own for `/mcp`, beside the hub's.
    pub port: Option<u16>,
    /// A fixed key that may read as the hub's owner, for clients set up by a file. Prefer an API
    /// key from the settings.
    pub api_key: Option<String>,
}

impl Default for Mcp {
    fn default() -> Self {
        Self {
            enabled: true,
            port: None,
            api_key: None,
        }
    }
}

/// RAWG, a games database.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Rawg {
    /// Its API key.
    pub api_key: Option<String>,
}

/// IGDB, a games database.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Igdb {
    /// The Twitch client id.
    pub client_id: Option<String>,
    /// The Twitch access token.
    pub access_token: Option<String>,
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
