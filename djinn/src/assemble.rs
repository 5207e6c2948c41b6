//! From ports to subgraphs: local ones are built here, the others are called where they run.

use crate::{
    config::{AuthMode, Config, LOCAL},
    start::StartError,
};
use djinn_subgraph_kit::{Parts, Ports, Subgraph, remote::Remote};
use std::sync::Arc;

/// The names of the five, in the order of the supergraph.
pub const NAMES: [&str; 5] = ["session", "metadata", "library", "ai", "leaderboard"];

/// Builds one subgraph in this process.
pub fn local(name: &str, config: &Config, ports: Ports) -> Result<Parts, StartError> {
    Ok(match name {
        "session" => djinn_session::Session::assemble(
            ports,
            djinn_session::Config {
                auth: match config.auth.mode {
                    AuthMode::Password => djinn_session::Auth::Password,
                    AuthMode::Off => djinn_session::Auth::Off,
                },
                ..djinn_session::Config::default()
            },
        ),
        "metadata" => djinn_metadata::Metadata::assemble(
            ports,
            djinn_metadata::Config {
                steam_store: djinn_metadata::config::SteamStore {
                    base_url: config.steam.store_url.clone(),
                    enabled: config.steam.store_pages,
                    requests: config.steam.store_requests_per_5_min,
                    ..djinn_metadata::config::SteamStore::default()
                },
                igdb: djinn_metadata::config::Igdb {
                    base_url: config.igdb.url.clone(),
                    token_url: config.igdb.token_url.clone(),
                    client_id: config.igdb.client_id.clone(),
                    client_secret: config.igdb.client_secret.clone(),
                    access_token: config.igdb.access_token.clone(),
                    ..djinn_metadata::config::Igdb::default()
                },
                rawg: djinn_metadata::config::Rawg {
                    base_url: config.rawg.url.clone(),
                    api_key: config.rawg.api_key.clone(),
                    requests_per_month: config.rawg.requests_per_month,
                    ..djinn_metadata::config::Rawg::default()
                },
                gog: djinn_metadata::config::Gog {
                    enabled: config.gog.metadata,
                    base_url: config.gog.gamesdb_url.clone(),
                    ..djinn_metadata::config::Gog::default()
                },
            },
        ),
        "library" => djinn_library::Library::assemble(
            ports,
            djinn_library::Config {
                sync: djinn_library::SyncConfig {
                    every_hours: config.sync.every_hours,
                    recent_every_hours: config.sync.recent_every_hours,
                    achievements: config.sync.achievements,
                },
                steam: djinn_library::SteamConfig {
                    api_base: config.steam.api_url.clone(),
                    api_key: config.steam.api_key.clone(),
                },
                xbox: xbox(&config.xbox),
                gog: djinn_library::GogConfig {
                    auth_base: config.gog.auth_url.clone(),
                    embed_base: config.gog.embed_url.clone(),
                    www_base: config.gog.www_url.clone(),
                    ..djinn_library::GogConfig::default()
                },
                playstation: djinn_library::PlayStationConfig {
                    purchases_hash: config.playstation.purchases_hash.clone(),
                    account_base: config.playstation.account_url.clone(),
                    mobile_base: config.playstation.mobile_url.clone(),
                    web_base: config.playstation.web_url.clone(),
                    profile_base: config.playstation.profile_url.clone(),
                    ..djinn_library::PlayStationConfig::default()
                },
                epic: djinn_library::EpicConfig {
                    www_base: config.epic.www_url.clone(),
                    account_base: config.epic.account_url.clone(),
                    library_base: config.epic.library_url.clone(),
                    catalog_base: config.epic.catalog_url.clone(),
                    ..djinn_library::EpicConfig::default()
                },
                ..djinn_library::Config::default()
            },
        ),
        "ai" => djinn_ai::Ai::assemble(ports, djinn_ai::Config::default()),
        "leaderboard" => {
            djinn_leaderboard::Leaderboard::assemble(ports, djinn_leaderboard::Config::default())
        }
        other => return Err(StartError::NoSuchSubgraph(other.to_owned())),
    })
}

fn xbox(config: &crate::config::Xbox) -> djinn_library::XboxConfig {
    djinn_library::XboxConfig {
        client_id: config.client_id.clone(),
        client_secret: config.client_secret.clone(),
        redirect_url: config.redirect_url.clone(),
        login_base: config.login_url.clone(),
        user_base: config.user_url.clone(),
        xsts_base: config.xsts_url.clone(),
        titlehub_base: config.titlehub_url.clone(),
        userstats_base: config.userstats_url.clone(),
        achievements_base: config.achievements_url.clone(),
    }
}

/// The five as the router sees them, and the parts of those that run here.
pub struct Assembly {
    /// All five.
    pub subgraphs: Vec<Arc<dyn Subgraph>>,
    /// Those of this process.
    pub parts: Vec<Parts>,
}

/// Puts each subgraph where the configuration says.
pub fn all(config: &Config, ports: &Ports) -> Result<Assembly, StartError> {
    let mut assembly = Assembly {
        subgraphs: Vec::new(),
        parts: Vec::new(),
    };
    for (name, place) in config.subgraphs.places() {
        if place == LOCAL {
            let parts = local(name, config, ports.clone())?;
            assembly.subgraphs.push(Arc::clone(&parts.subgraph));
            assembly.parts.push(parts);
        } else {
            let endpoint = format!("{}/{name}/graphql", place.trim_end_matches('/'));
            let remote = Remote::new(name, &endpoint, ports.keys, Arc::clone(&ports.clock))
                .map_err(|_| StartError::SubgraphUrl {
                    subgraph: name,
                    url: place.to_owned(),
                })?;
            assembly.subgraphs.push(Arc::new(remote));
        }
    }
    Ok(assembly)
}

/// Refuses placements that could only lose events or see different data.
pub fn check_placement(
    config: &Config,
    database_url: &str,
    shared: bool,
) -> Result<(), StartError> {
    let elsewhere = config
        .subgraphs
        .places()
        .into_iter()
        .find(|(_, place)| *place != LOCAL)
        .map(|(name, _)| name);
    let subgraph = match (elsewhere, shared) {
        (Some(name), _) => name.to_owned(),
        (None, true) => "the others".to_owned(),
        (None, false) => return Ok(()),
    };
    if config.bus.url.starts_with("memory:") {
        return Err(StartError::NotShareable {
            subgraph,
            setting: "bus.url",
            value: config.bus.url.clone(),
        });
    }
    if database_url.starts_with("sqlite:") {
        return Err(StartError::NotShareable {
            subgraph,
            setting: "database.url",
            value: database_url.to_owned(),
        });
    }
    Ok(())
}
