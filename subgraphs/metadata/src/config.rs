//! What an operator can set.

use serde::Deserialize;

/// The metadata subgraph's settings.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// The Steam store, which knows genres, ratings and dates of Steam's games.
    pub steam_store: SteamStore,
}

/// How the Steam store is asked. It needs no key.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SteamStore {
    /// Where it is, without a slash at the end.
    pub base_url: String,
    /// Whether it is asked at all. Without it, games keep what their platforms and imports say.
    pub enabled: bool,
    /// At most this many requests in each window. The store allows 200 in five minutes.
    pub requests: u32,
    /// The window's length in seconds.
    pub window_secs: u32,
}

impl Default for SteamStore {
    fn default() -> Self {
        Self {
            base_url: "https://store.steampowered.com".to_owned(),
            enabled: true,
            requests: 100,
            window_secs: 300,
        }
    }
}
