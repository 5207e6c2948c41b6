//! Platforms, and how their libraries are synced.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Synchronisation of libraries.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Sync {
    /// Every how many hours a library is synced by itself where its household says nothing, up to
    /// 720; 0 for never.
    pub every_hours: u32,
    /// Every how many hours, between two whole lists, games that were played lately are looked at
    /// where the platform lists them; 0 for never.
    pub recent_every_hours: u32,
    /// Whether achievements are fetched at all.
    pub achievements: bool,
}

impl Default for Sync {
    fn default() -> Self {
        Self {
            every_hours: 24,
            recent_every_hours: 3,
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
pub struct Gog {
    /// Logins.
    pub auth_url: String,
    /// The account and its products.
    pub embed_url: String,
    /// Profiles, for play times.
    pub www_url: String,
    /// Whether its games database is asked about the games of all stores: genres, summaries,
    /// pictures. It is nobody's public interface, so it is off until somebody switches it on.
    pub metadata: bool,
    /// That database.
    pub gamesdb_url: String,
}

impl Default for Gog {
    fn default() -> Self {
        let of = djinn_library::GogConfig::default();
        let known = djinn_metadata::config::Gog::default();
        Self {
            auth_url: of.auth_base,
            embed_url: of.embed_base,
            www_url: of.www_base,
            metadata: known.enabled,
            gamesdb_url: known.base_url,
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
