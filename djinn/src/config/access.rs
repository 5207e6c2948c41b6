//! Who may come in, and the secret that proves it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How people prove who they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum AuthMode {
    /// By name and password.
    #[default]
    Password,
    /// Not at all: everybody who reaches the hub is its owner. For a trusted proxy that has asked
    /// already.
    Off,
}

/// Who may come in, and how.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Auth {
    /// `password`, or `off` behind a proxy that you trust.
    pub mode: AuthMode,
    /// Confirms that `mode = "off"` is meant also where the whole network reaches the hub.
    pub allow_off_on_network: bool,
}

/// The hub's one secret. Tokens are signed and stored keys sealed with keys derived from it.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Secret {
    /// At least 32 characters. A file in the data folder, made at the first start, when absent.
    pub key: Option<String>,
    /// The secret before this one, while something is sealed with it: the hub opens that, and seals
    /// it anew. Remove it once the log says that nothing is left.
    pub retired: Option<String>,
}
