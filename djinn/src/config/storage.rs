//! Where the hub keeps what it knows, and what carries events.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

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
    /// `memory:` or `redis://host:6379`. Kept there is what platforms say of a game to everybody:
    /// Epic's catalogue, and what achievements Steam's games have and how rare they are.
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
