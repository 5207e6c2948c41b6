//! What an owner can set about the library subgraph.

use serde::Deserialize;
use std::fmt;

/// Settings of the library subgraph. Every one has a default.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// The Steam platform.
    pub steam: SteamConfig,
    /// The Xbox platform.
    pub xbox: XboxConfig,
    /// The GOG platform.
    pub gog: GogConfig,
    /// The PlayStation platform.
    pub playstation: PlayStationConfig,
    /// The Epic Games platform.
    pub epic: EpicConfig,
    /// Bounds.
    pub limits: Limits,
    /// Synchronisation.
    pub sync: SyncConfig,
}

/// Settings of synchronisation.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SyncConfig {
    /// Every how many hours a library is synced by itself where its household says nothing; 0 for
    /// never.
    pub every_hours: u32,
    /// Every how many hours, between two whole lists, games that were played lately are looked at
    /// where the platform lists them; 0 for never.
    pub recent_every_hours: u32,
    /// Whether achievements are fetched at all.
    pub achievements: bool,
}

impl Default for SyncConfig {
    fn default() -> Self {
        Self {
            every_hours: 24,
            recent_every_hours: 3,
            achievements: true,
        }
    }
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

/// Settings of the Xbox platform.
#[derive(Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct XboxConfig {
    /// The id of the owner's app registration at Microsoft. Without it nobody can connect.
    pub client_id: Option<String>,
    /// The app's secret, where it has one.
    pub client_secret: Option<String>,
    /// Where a sign-in ends; one that the app registration names.
    pub redirect_url: String,
    /// Microsoft's logins.
    pub login_base: String,
    /// Where a login becomes an Xbox user.
    pub user_base: String,
    /// Where an Xbox user becomes somebody who may ask.
    pub xsts_base: String,
    /// Titles and when they were played.
    pub titlehub_base: String,
    /// Minutes played.
    pub userstats_base: String,
    /// Achievements.
    pub achievements_base: String,
}

impl Default for XboxConfig {
    fn default() -> Self {
        let of = ToOwned::to_owned;
        Self {
            client_id: None,
            client_secret: None,
            redirect_url: of("https://login.live.com/oauth20_desktop.srf"),
            login_base: of("https://login.live.com"),
            user_base: of("https://user.auth.xboxlive.com"),
            xsts_base: of("https://xsts.auth.xboxlive.com"),
            titlehub_base: of("https://titlehub.xboxlive.com"),
            userstats_base: of("https://userstats.xboxlive.com"),
            achievements_base: of("https://achievements.xboxlive.com"),
        }
    }
}

/// Settings of the GOG platform. The client is GOG Galaxy's, which every open client of GOG uses:
/// GOG registers no others, and its "secret" is in every copy of the program.
#[derive(Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct GogConfig {
    /// The client's id.
    pub client_id: String,
    /// What comes with it.
    pub client_secret: String,
    /// Logins.
    pub auth_base: String,
    /// The account and its products.
    pub embed_base: String,
    /// Profiles and how long they played.
    pub www_base: String,
}

impl Default for GogConfig {
    fn default() -> Self {
        let of = ToOwned::to_owned;
        Self {
            client_id: of("46899977096215655"),
            client_secret: of("9d85c43b1482497dbbce61f6e4aa173a433796eeae2ca8c5f6129f2dc4de46d9"),
            auth_base: of("https://auth.gog.com"),
            embed_base: of("https://embed.gog.com"),
            www_base: of("https://www.gog.com"),
        }
    }
}

/// Settings of the PlayStation platform. The client is the PlayStation app's, which every open
/// client uses for want of another.
#[derive(Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PlayStationConfig {
    /// The client's id.
    pub client_id: String,
    /// What comes with it.
    pub client_secret: String,
    /// The name by which the shop knows the question for what was bought; it changes with the
    /// shop's pages.
    pub purchases_hash: String,
    /// Logins.
    pub account_base: String,
    /// Games played, and trophies.
    pub mobile_base: String,
    /// What was bought.
    pub web_base: String,
    /// Profiles.
    pub profile_base: String,
}

impl Default for PlayStationConfig {
    fn default() -> Self {
        let of = ToOwned::to_owned;
        Self {
            client_id: of("09515159-7237-4370-9b40-3806e67c0891"),
            client_secret: of("ucPjka5tntB2KqsP"),
            purchases_hash: of("827a423f6a8ddca4107ac01395af2ec0eafd8396fc7fa204aaf9b7ed2eefa168"),
            account_base: of("https://ca.account.sony.com"),
            mobile_base: of("https://m.np.playstation.com"),
            web_base: of("https://web.np.playstation.com"),
            profile_base: of("https://us-prof.np.community.playstation.net"),
        }
    }
}

/// Settings of the Epic Games platform. The client is the launcher's, which every open client
/// uses for want of another.
#[derive(Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct EpicConfig {
    /// The client's id.
    pub client_id: String,
    /// What comes with it.
    pub client_secret: String,
    /// Where a person signs in.
    pub www_base: String,
    /// Logins.
    pub account_base: String,
    /// The library and how long its games were played.
    pub library_base: String,
    /// What the games are called.
    pub catalog_base: String,
}

impl Default for EpicConfig {
    fn default() -> Self {
        let of = ToOwned::to_owned;
        Self {
            client_id: of("34a02cf8f4414e29b15921876da36f9a"),
            client_secret: of("daafbccc737745039dffe53d94fc76cf"),
            www_base: of("https://www.epicgames.com"),
            account_base: of("https://account-public-service-prod03.ol.epicgames.com"),
            library_base: of("https://library-service.live.use1a.on.epicgames.com"),
            catalog_base: of("https://catalog-public-service-prod06.ol.epicgames.com"),
        }
    }
}

/// `Debug` that names where a platform is asked and never what it is asked with.
macro_rules! without_secrets {
    ($($config:ident: $base:ident;)*) => {
        $(impl fmt::Debug for $config {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($config))
                    .field(stringify!($base), &self.$base)
                    .finish_non_exhaustive()
            }
        })*
    };
}

without_secrets! {
    XboxConfig: login_base;
    GogConfig: auth_base;
    PlayStationConfig: account_base;
    EpicConfig: account_base;
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
    /// The largest import file that is uploaded, in bytes. It is in memory while it is read.
    pub upload_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            libraries: 50,
            import_bytes: 8 * 1024 * 1024,
            import_rows: 50_000,
            upload_bytes: 20 * 1024 * 1024,
        }
    }
}
