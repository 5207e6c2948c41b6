//! What an owner can set.

use serde::Deserialize;

/// Settings of the ai subgraph.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// How many games' features are kept in memory, over all households. A game takes about a
    /// kilobyte. 50,000 unless set.
    pub cached_games: u32,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            cached_games: 50_000,
        }
    }
}
