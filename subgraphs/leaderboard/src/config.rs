//! What an owner can set.

use serde::Deserialize;

/// Settings of the leaderboard subgraph.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// How many boards one player may make. 200 unless set.
    pub boards_per_player: u32,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            boards_per_player: 200,
        }
    }
}
