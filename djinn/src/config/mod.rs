//! Everything that can be configured: one section a struct, every field with its default.
//!
//! `schema/config.schema.json` is generated from these types. [`load()`] reads them from a TOML
//! file and the environment.

mod env;
mod load;
mod redact;

pub use load::{ConfigError, Sources, load};
pub use redact::{redacted, without_password};

use crate::web::TrustedProxies;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, path::PathBuf};

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
    /// A folder of operation files (`mcp`, `q`, `rest`) that is followed instead of those in the
    /// binary, so that a tool can be added or changed while the hub runs.
    pub operations: Option<PathBuf>,
    /// At most this many connections at once; more wait to be accepted.
    pub max_connections: usize,
    /// The proxies that stand before the hub, as addresses or networks such as `172.18.0.0/16`.
    /// Theirs is the only `X-Forwarded-For` that is believed.
    pub trusted_proxies: Vec<String>,
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
            trusted_proxies: Vec::new(),
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

    /// The proxies whose word is taken for where a request comes from. None, if the setting cannot
    /// be read; it was checked when it was.
    pub fn proxies(&self) -> TrustedProxies {
        TrustedProxies::parse(&self.trusted_proxies).unwrap_or_default()
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

/// Spans for a collector of traces. Its other settings are the standard ones of OpenTelemetry's
/// exporters, in the environment: `OTEL_EXPORTER_OTLP_HEADERS`, `OTEL_RESOURCE_ATTRIBUTES`.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Telemetry {
    /// The collector's address for OTLP over HTTP, for instance `http://localhost:4318`. Without it
    /// no span is collected.
    pub otlp: Option<String>,
    /// As whom this process introduces itself; `game-djinn`, and what of it, when absent.
    pub service_name: Option<String>,
    /// Of so many traces one is collected. The same ones in every process, if it is the same there.
    pub one_in: u64,
}

impl Default for Telemetry {
    fn default() -> Self {
        Self {
            otlp: None,
            service_name: None,
            one_in: 1,
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

/// Which documents those may run who have not signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum AnonymousDocuments {
    /// Any.
    Any,
    /// Those the hub knows beforehand: the web app's, and those in `schema/operations`.
    #[default]
    Trusted,
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
    /// How many of them on one field or fragment.
    pub directives_at_once: usize,
    /// What it may cost, by `@cost` and `@listSize` in the schema: about one for each object it
    /// may answer with.
    pub cost: u64,
    /// How many objects it may answer with, those that cost nothing included.
    pub objects: u64,
    /// How large a request may be, in bytes. An import carries its file in the request.
    pub body_bytes: usize,
    /// The same for those who have not signed in.
    pub anonymous_body_bytes: usize,
    /// How long the body of a request may take to arrive, in seconds.
    pub body_seconds: u64,
    /// How large the headers of a request may be together with its address, in bytes.
    pub header_bytes: usize,
    /// How long they may take to arrive, in seconds. Also how long a connection may rest between
    /// two requests.
    pub header_seconds: u64,
    /// How large a message may be that comes by a socket, in bytes. An import goes by POST.
    pub message_bytes: usize,
    /// How many requests a second one login, one API key, or one address without either may send:
    /// every request, and every operation on a socket. 0 for no limit.
    pub requests_per_second: u32,
    /// How many of them at once after a rest.
    pub requests_at_once: u32,
    /// How many connections one address may have open, trusted proxies aside. 0 for no limit.
    pub connections_per_address: usize,
    /// How many sockets one login or API key may have open. 0 for no limit.
    pub sockets_per_caller: usize,
    /// How many sockets one address may have open that have not signed in. 0 for no limit.
    pub sockets_per_address: usize,
    /// How many operations may run on one socket.
    pub operations_per_socket: usize,
    /// How long a request may take, in seconds.
    pub timeout_seconds: u64,
    /// How long one subgraph may take to answer a question, in seconds; what it has not answered by
    /// then is missing from the answer. A change has all the time of its request.
    pub subgraph_seconds: u64,
    /// Whether those who have not signed in may read the schema. They need `anonymous_documents`
    /// to be `any` as well.
    pub anonymous_introspection: bool,
    /// What those who have not signed in may run at `/graphql`: `trusted` documents (the web app's,
    /// and the operation files), or `any`.
    pub anonymous_documents: AnonymousDocuments,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            depth: 12,
            aliases: 30,
            root_fields: 20,
            tokens: 2000,
            directives: 50,
            directives_at_once: 10,
            cost: 1_000,
            objects: 50_000,
            body_bytes: 12 * 1024 * 1024,
            anonymous_body_bytes: 1024 * 1024,
            body_seconds: 120,
            header_bytes: 32 * 1024,
            header_seconds: 10,
            message_bytes: 64 * 1024,
            requests_per_second: 50,
            requests_at_once: 200,
            connections_per_address: 256,
            sockets_per_caller: 20,
            sockets_per_address: 100,
            operations_per_socket: 50,
            timeout_seconds: 30,
            subgraph_seconds: 5,
            anonymous_introspection: false,
            anonymous_documents: AnonymousDocuments::Trusted,
        }
    }
}

/// Synchronisation of libraries.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Sync {
    /// Every how many hours a library is synced by itself where its household says nothing, up to
    /// 720; 0 for never.
    pub every_hours: u32,
    /// Whether achievements are fetched at all.
    pub achievements: bool,
}

impl Default for Sync {
    fn default() -> Self {
        Self {
            every_hours: 24,
            achievements: true,
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

/// Xbox. Its API is Microsoft's own, for apps that are registered with them.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Xbox {
    /// The application id of your app registration at Microsoft: free, for personal accounts, with
    /// `redirect_url` as an address of a mobile and desktop app. Without it nobody can link an Xbox.
    pub client_id: Option<String>,
    /// Its secret, if it is not a mobile and desktop app.
    pub client_secret: Option<String>,
    /// Where a sign-in ends.
    pub redirect_url: String,
    /// Microsoft's logins.
    pub login_url: String,
    /// Where a login becomes an Xbox user.
    pub user_url: String,
    /// Where an Xbox user gets a ticket.
    pub xsts_url: String,
    /// Titles and when they were played.
    pub titlehub_url: String,
    /// Minutes played.
    pub userstats_url: String,
    /// Achievements.
    pub achievements_url: String,
}

impl Default for Xbox {
    fn default() -> Self {
        let of = djinn_library::XboxConfig::default();
        Self {
            client_id: of.client_id,
            client_secret: of.client_secret,
            redirect_url: of.redirect_url,
            login_url: of.login_base,
            user_url: of.user_base,
            xsts_url: of.xsts_base,
            titlehub_url: of.titlehub_base,
            userstats_url: of.userstats_base,
            achievements_url: of.achievements_base,
        }
    }
}

/// GOG. It has no API for others: the hub asks as GOG's own program does.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
#[expect(
    clippy::struct_field_names,
    reason = "the names are those of the settings, and all of these are addresses"
)]
pub struct Gog {
    /// Logins.
    pub auth_url: String,
    /// The account and its products.
    pub embed_url: String,
    /// Profiles, for play times.
    pub www_url: String,
}

impl Default for Gog {
    fn default() -> Self {
        let of = djinn_library::GogConfig::default();
        Self {
            auth_url: of.auth_base,
            embed_url: of.embed_base,
            www_url: of.www_base,
        }
    }
}

/// PlayStation. It has no API for others: the hub asks as the PlayStation app does.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct PlayStation {
    /// The name by which the shop knows the question for purchases. It changes now and then with
    /// the shop's pages.
    pub purchases_hash: String,
    /// Logins.
    pub account_url: String,
    /// Games played, and trophies.
    pub mobile_url: String,
    /// Purchases.
    pub web_url: String,
    /// Profiles.
    pub profile_url: String,
}

impl Default for PlayStation {
    fn default() -> Self {
        let of = djinn_library::PlayStationConfig::default();
        Self {
            purchases_hash: of.purchases_hash,
            account_url: of.account_base,
            mobile_url: of.mobile_base,
            web_url: of.web_base,
            profile_url: of.profile_base,
        }
    }
}

/// Epic Games. It has no API for others: the hub asks as Epic's own launcher does.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
#[expect(
    clippy::struct_field_names,
    reason = "the names are those of the settings, and all of these are addresses"
)]
pub struct Epic {
    /// Where a person signs in.
    pub www_url: String,
    /// Logins.
    pub account_url: String,
    /// The library.
    pub library_url: String,
    /// The catalogue, for titles.
    pub catalog_url: String,
}

impl Default for Epic {
    fn default() -> Self {
        let of = djinn_library::EpicConfig::default();
        Self {
            www_url: of.www_base,
            account_url: of.account_base,
            library_url: of.library_base,
            catalog_url: of.catalog_base,
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
    /// Tokens of an OAuth server, for clients that sign in.
    pub oauth: Oauth,
}

/// Tokens of an OAuth server, taken at `/mcp` beside API keys.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Oauth {
    /// The server, as its tokens name it, for instance `https://id.example.org/realms/home`. It has
    /// to sign them as JWTs for the address of `/mcp` (`server.public_url` and `/mcp`).
    pub issuer: Option<String>,
    /// Who is who: the account's name here, by `sub`, `email` or `preferred_username` of the token.
    pub people: BTreeMap<String, String>,
}

impl Default for Mcp {
    fn default() -> Self {
        Self {
            enabled: true,
            port: None,
            api_key: None,
            oauth: Oauth::default(),
        }
    }
}

/// RAWG, a games database.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Rawg {
    /// Its API key. Without one it is not asked.
    pub api_key: Option<String>,
    /// Where it is.
    pub url: String,
    /// Requests in 31 days. The free plan has 20,000 a month, for all who use the key together.
    pub requests_per_month: u32,
}

impl Default for Rawg {
    fn default() -> Self {
        let theirs = djinn_metadata::config::Rawg::default();
        Self {
            api_key: None,
            url: theirs.base_url,
            requests_per_month: theirs.requests_per_month,
        }
    }
}

/// IGDB, a games database.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Igdb {
    /// The Twitch client id. Without one IGDB is not asked.
    pub client_id: Option<String>,
    /// The Twitch client secret: with it the hub gets its tokens itself.
    pub client_secret: Option<String>,
    /// A Twitch access token, in place of the secret. Nobody renews it.
    pub access_token: Option<String>,
    /// Where it is.
    pub url: String,
    /// Where its tokens come from.
    pub token_url: String,
}

impl Default for Igdb {
    fn default() -> Self {
        let theirs = djinn_metadata::config::Igdb::default();
        Self {
            client_id: None,
            client_secret: None,
            access_token: None,
            url: theirs.base_url,
            token_url: theirs.token_url,
        }
    }
}

/// Pictures of games.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Artwork {
    /// Whether the hub fetches and shows pictures.
    pub enabled: bool,
    /// How many megabytes of pictures are kept in the data folder, at least 16.
    pub cache_mb: u32,
    /// Where Steam's own pictures are.
    pub steam_url: String,
    /// Servers as `host:port` that stand in for those of the providers. For tests of the hub only:
    /// they are asked without TLS, and even where they are in this house.
    pub stand_ins: Vec<String>,
}

impl Default for Artwork {
    fn default() -> Self {
        Self {
            enabled: true,
            cache_mb: 512,
            steam_url: djinn_metadata::artwork::gallery::Settings::default().steam,
            stand_ins: Vec::new(),
        }
    }
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
