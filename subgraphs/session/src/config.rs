//! What the owner may set.

use serde::Deserialize;

/// Whether people sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Auth {
    /// By name and password. The default.
    #[default]
    Password,
    /// Nobody signs in: everyone who reaches the hub is its owner. For one person's own machine.
    Off,
}

/// The session subgraph's settings.
#[derive(Debug, Clone, Deserialize)]
#[serde(default)]
pub struct Config {
    /// Whether people sign in.
    pub auth: Auth,
    /// How many passwords are hashed at once. Each takes 19 MiB and a core for a moment, so more
    /// than there are cores only costs memory.
    pub hash_permits: usize,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            auth: Auth::default(),
            hash_permits: std::thread::available_parallelism().map_or(2, std::num::NonZero::get),
        }
    }
}
