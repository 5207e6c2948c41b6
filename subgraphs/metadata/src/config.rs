//! What can be set. An operator sets it under the names of the hub's configuration: `igdb.*`, `rawg.*`,
//! `gog.metadata`, `gog.gamesdb_url`, `steam.store_*`.

use serde::Deserialize;
use std::fmt;

/// The metadata subgraph's settings.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// The Steam store, which knows genres, ratings and dates of Steam's games.
    pub steam_store: SteamStore,
    /// IGDB, a games database. Asked where it has a client id and a secret or token.
    pub igdb: Igdb,
    /// RAWG, a games database. Asked where it has a key.
    pub rawg: Rawg,
    /// GOG's games database. Asked where it is switched on.
    pub gog: Gog,
}

/// How GOG is asked. It needs no key, and offers this to nobody but its own program.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Gog {
    /// Whether it is asked at all.
    pub enabled: bool,
    /// Where it is, without a slash at the end.
    pub base_url: String,
    /// At most this many requests in each second.
    pub requests_per_second: u32,
}

impl Default for Gog {
    fn default() -> Self {
        Self {
            enabled: false,
            base_url: "https://gamesdb.gog.com".to_owned(),
            requests_per_second: 2,
        }
    }
}

/// How IGDB is asked.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Igdb {
    /// Where it is, without a slash at the end.
    pub base_url: String,
    /// Where its tokens come from.
    pub token_url: String,
    /// The Twitch client id.
    pub client_id: Option<String>,
    /// The Twitch client secret.
    pub client_secret: Option<String>,
    /// A token that somebody got by other means. It is not renewed without a secret.
    pub access_token: Option<String>,
    /// At most this many requests in each second. IGDB allows four.
    pub requests_per_second: u32,
}

impl Default for Igdb {
    fn default() -> Self {
        Self {
            base_url: "https://api.igdb.com/v4".to_owned(),
            token_url: "https://id.twitch.tv/oauth2/token".to_owned(),
            client_id: None,
            client_secret: None,
            access_token: None,
            requests_per_second: 4,
        }
    }
}

impl fmt::Debug for Igdb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Igdb")
            .field("base_url", &self.base_url)
            .finish_non_exhaustive()
    }
}

/// How RAWG is asked.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Rawg {
    /// Where it is, without a slash at the end.
    pub base_url: String,
    /// The API key.
    pub api_key: Option<String>,
    /// At most this many requests in each second.
    pub requests_per_second: u32,
    /// At most this many requests in 31 days. The free plan has 20,000 a month.
    pub requests_per_month: u32,
}

impl Default for Rawg {
    fn default() -> Self {
        Self {
            base_url: "https://api.rawg.io/api".to_owned(),
            api_key: None,
            requests_per_second: 20,
            requests_per_month: 20_000,
        }
    }
}

impl fmt::Debug for Rawg {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rawg")
            .field("base_url", &self.base_url)
            .finish_non_exhaustive()
    }
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
