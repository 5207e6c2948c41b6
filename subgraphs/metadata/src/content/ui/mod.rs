//! What the interface is made of: its name, languages, themes, navigation, and pages of blocks.
//!
//! It is data, so that a client needs no change for another name, another order or another page.
//! Every version is kept; a new one is checked as a whole ([`check`]): what it names (texts,
//! themes, pictures, flags) must be there, and nothing it names can be removed later.

pub mod check;
pub mod config;
pub mod entity;
pub mod graphql;
pub mod service;
pub mod store;

pub use config::UiConfig;

use chrono::{DateTime, Utc};

/// At most this many versions are kept; the oldest go first.
pub const MAX_VERSIONS: i32 = 100;

/// A version of the interface.
#[derive(Debug, Clone, PartialEq)]
pub struct Version {
    /// Its number; 0 is the one that comes with the hub.
    pub version: i32,
    /// What the interface is made of.
    pub config: UiConfig,
    /// When it was saved; never, for the one that comes with the hub.
    pub saved_at: Option<DateTime<Utc>>,
}
