//! Why the hub does not start, and how to mend it.

use djinn_kernel::Fault;
use std::path::PathBuf;

/// A start that failed. `Display` says what is wrong; [`StartError::remedy`] says what to do.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The configuration.
    #[error(transparent)]
    Config(#[from] crate::config::ConfigError),
    /// The data folder.
    #[error("cannot write to the data folder {}: {reason}", folder.display())]
    DataFolder {
        /// Which.
        folder: PathBuf,
        /// Why.
        reason: String,
    },
    /// The database does not let us in.
    #[error("cannot open the database {url}: {reason}")]
    Database {
        /// Which, without its password.
        url: String,
        /// Why.
        reason: String,
    },
    /// A newer binary has migrated the database.
    #[error(
        "the database is newer than this binary: it knows the migration `{migration}`, which we do not"
    )]
    NewerDatabase {
        /// The first one we do not know.
        migration: String,
    },
    /// The database is older, and migrating at the start is switched off.
    #[error("the database lacks {0} migrations of this binary")]
    OlderDatabase(usize),
    /// A migration failed.
    #[error("a migration failed: {0}")]
    Migration(String),
    /// The bus.
    #[error("cannot reach the bus {url}: {reason}")]
    Bus {
        /// Which, without its password.
        url: String,
        /// Why.
        reason: String,
    },
    /// A URL of a kind that is not known.
    #[error("`{setting}` must be {allowed}")]
    Scheme {
        /// Which.
        setting: &'static str,
        /// What it can be.
        allowed: &'static str,
    },
    /// The port is taken, or not ours to take.
    #[error("cannot listen on {address}: {reason}")]
    Listen {
        /// Where.
        address: String,
        /// Why.
        reason: String,
    },
    /// `secret.key` is too short to be a secret.
    #[error("`secret.key` has fewer than 32 characters")]
    WeakSecret,
    /// `mcp.api_key` could be guessed.
    #[error("`mcp.api_key` has fewer than 24 characters")]
    WeakKey,
    /// Many processes, but no secret they share.
    #[error("several processes must share a secret, and `secret.key` is not set")]
    NoSharedSecret,
    /// A subgraph runs elsewhere, but this part cannot be shared between processes.
    #[error(
        "the subgraph `{subgraph}` runs in another process, but `{setting}` is only for one: {value}"
    )]
    NotShareable {
        /// Which subgraph.
        subgraph: String,
        /// Which setting.
        setting: &'static str,
        /// Its value.
        value: String,
    },
    /// The place of a subgraph is neither `local` nor an address.
    #[error("`subgraphs.{subgraph}` is neither `local` nor an http address: {url}")]
    SubgraphUrl {
        /// Which.
        subgraph: &'static str,
        /// What it is set to.
        url: String,
    },
    /// `auth.mode = "off"` where anybody could reach the hub.
    #[error("`auth.mode` is `off`, but the hub listens on {0}, where others can reach it")]
    OpenDoor(String),
    /// `auth.mode = "off"` needs the accounts in this process.
    #[error("`auth.mode = \"off\"` needs the session subgraph in this process")]
    OffNeedsLocalSession,
    /// A name after `--only` that is no subgraph.
    #[error("there is no subgraph `{0}`")]
    NoSuchSubgraph(String),
    /// The supergraph does not fit the planner.
    #[error("the supergraph cannot be used: {0}")]
    Supergraph(String),
    /// Another hub runs on this data folder.
    #[error("another hub is running on the data folder {}", .0.display())]
    InUse(PathBuf),
    /// There is nobody yet whose library the sample could be.
    #[error("the hub has no owner yet")]
    NoOwner,
    /// `djinn mcp` cannot talk to its hub.
    #[error("cannot use the hub at {url}: {reason}")]
    Hub {
        /// Its address.
        url: String,
        /// Why.
        reason: String,
    },
    /// Something that runs beside the requests broke.
    #[error("a background task broke; see the log above")]
    Broken,
    /// The router does not start by itself.
    #[error(transparent)]
    Gateway(#[from] crate::gateway::GatewayError),
    /// Something else broke.
    #[error("{0}")]
    Fault(Fault),
}

impl StartError {
    /// What to do about it.
    pub fn remedy(&self) -> &'static str {
        match self {
            Self::Config(_) => {
                "Mend the setting, or run `djinn doctor` to see all that is wrong. `schema/config.schema.json` lists every setting."
            }
            Self::DataFolder { .. } => {
                "Give the hub a folder it may write to: set `data.dir` (DJINN__DATA__DIR), or change the folder's owner."
            }
            Self::Database { .. } => {
                "Check `database.url` (DATABASE_URL): for SQLite, that the folder exists and is writable; for PostgreSQL, that the server runs and the name and password are right."
            }
            Self::NewerDatabase { .. } => {
                "Use the newer binary again, or restore the backup made before the upgrade. Nothing was changed."
            }
            Self::OlderDatabase(_) => {
                "Run `djinn migrate`, or set `database.migrate_on_start = true`."
            }
            Self::Migration(_) => {
                "Nothing of the failed step was kept. Restore the backup if the hub must run, and report the message above."
            }
            Self::Bus { .. } => {
                "Check `bus.url` (REDIS_URL), or use `memory:` for a hub of one process."
            }
            Self::Scheme { .. } => "Set it to one of these.",
            Self::Listen { .. } => {
                "Another program has the port, or it is reserved. Stop that program, or choose another with WEB_PORT (`server.port`)."
            }
            Self::WeakSecret => {
                "Use at least 32 characters, for instance the output of `openssl rand -base64 32`."
            }
            Self::WeakKey => {
                "Use at least 24 characters, for instance the output of `openssl rand -hex 16`; or make a key in the settings."
            }
            Self::NoSharedSecret => {
                "Set SECRET_KEY (or SECRET_KEY_FILE) to the same value for every process."
            }
            Self::NotShareable { .. } => {
                "Use `redis://…` for the bus and `postgres://…` for the database, or run that subgraph `local`."
            }
            Self::SubgraphUrl { .. } => "Write it like `http://library:8001`.",
            Self::OpenDoor(_) => {
                "Listen on 127.0.0.1, or set `auth.allow_off_on_network = true` if a proxy that you trust guards the way in."
            }
            Self::OffNeedsLocalSession => {
                "Set `subgraphs.session = \"local\"` in the router's process."
            }
            Self::NoSuchSubgraph(_) => "Use library, metadata, ai, session or leaderboard.",
            Self::Supergraph(_) => "Run `make schema` and build again.",
            Self::InUse(_) => {
                "Stop it first, or give this one a folder of its own with DJINN__DATA__DIR."
            }
            Self::NoOwner => {
                "Start it and follow the setup link first; or start it with `djinn serve --demo`, which waits for you."
            }
            Self::Hub { .. } => {
                "Check --url (DJINN_URL), that the hub runs, and that --key (DJINN_API_KEY) is one of its keys."
            }
            Self::Broken => {
                "Start it again; nothing that was acknowledged is lost. Please report the message above."
            }
            Self::Gateway(error) => error.remedy(),
            Self::Fault(_) => "Run `djinn doctor`, and see the log above.",
        }
    }
}
