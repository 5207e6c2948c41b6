//! What an owner can set about the library subgraph.

use serde::Deserialize;
use std::fmt;

/// Settings of the library subgraph. Every one has a default.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// The Steam platform.
    pub steam: SteamConfig,
    /// Bounds.
    pub limits: Limits,
}

/// Settings of the Steam platform.
#[derive(Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SteamConfig {
    /// Where the Steam Web API answers.
    pub api_base: String,
    /// The owner's own Web API key. With it, nobody has to bring a key to link an account.
    pub api_key: Option<String>,
}

impl Default for SteamConfig {
    fn default() -> Self {
        Self {
            api_base: "https://api.steampowered.com".to_owned(),
            api_key: None,
        }
    }
}

impl fmt::Debug for SteamConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SteamConfig")
            .field("api_base", &self.api_base)
            .field("api_key", &self.api_key.as_ref().map(|_| "redacted"))
            .finish()
    }
}

/// Bounds of the library subgraph.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// The most libraries one household links.
    pub libraries: u32,
    /// The largest import file, in bytes.
    pub import_bytes: usize,
    /// The most games in one import file.
    pub import_rows: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            libraries: 50,
            import_bytes: 8 * 1024 * 1024,
            import_rows: 50_000,
        }
    }
}
