//! Where each subgraph runs.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Where each subgraph runs: `local`, or the base URL of another process, for instance
/// `http://library:8001`.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Subgraphs {
    /// Linked accounts, copies, sync, search.
    pub library: String,
    /// Canonical games, matching, enrichment.
    pub metadata: String,
    /// Recommendations.
    pub ai: String,
    /// Players, logins, rooms.
    pub session: String,
    /// Boards and ranks.
    pub leaderboard: String,
}

/// The place of a subgraph that runs in this process.
pub const LOCAL: &str = "local";

impl Default for Subgraphs {
    fn default() -> Self {
        let local = || LOCAL.to_owned();
        Self {
            library: local(),
            metadata: local(),
            ai: local(),
            session: local(),
            leaderboard: local(),
        }
    }
}

impl Subgraphs {
    /// Name and place of each, in the order of the supergraph.
    pub fn places(&self) -> [(&'static str, &str); 5] {
        [
            ("session", &self.session),
            ("metadata", &self.metadata),
            ("library", &self.library),
            ("ai", &self.ai),
            ("leaderboard", &self.leaderboard),
        ]
    }
}
