//! Where facts and pictures of games come from.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

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
