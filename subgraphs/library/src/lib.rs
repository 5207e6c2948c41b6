//! The library subgraph: what a household holds, where, and what it says about it.
//!
//! Owns platforms, linked accounts, copies, syncs, imports, holdings, the search over them and
//! collections of them. It deliberately does not own what a game *is*: titles, ratings and artwork
//! belong to metadata, and only the facts it searches by are kept here, as metadata tells them.

pub mod account;
pub mod achievement;
pub mod analytics;
pub mod budget;
pub mod by_hand;
pub mod collection;
mod config;
pub mod copy;
pub mod events;
pub mod export;
pub mod forget;
pub mod game;
pub mod household;
pub mod import;
pub mod missing;
pub mod platform;
pub mod play;
mod schema;
pub mod search;
pub mod stats;
pub mod status;
pub mod sync;
pub mod work;

pub use config::{
    Config, EpicConfig, GogConfig, Limits, PlayStationConfig, SteamConfig, SyncConfig, XboxConfig,
};
pub use events::CONSUMES;
pub use schema::Library;

/// The subgraph's name.
pub const NAME: &str = "library";
