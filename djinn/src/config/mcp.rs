//! The MCP server.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The MCP server.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Mcp {
    /// Whether `/mcp` is there.
    pub enabled: bool,
    /// A listener of its own for `/mcp`, beside the hub's.
    pub port: Option<u16>,
    /// A fixed key that may read as the hub's owner, for clients set up by a file. Prefer an API
    /// key from the settings.
    pub api_key: Option<String>,
    /// Tokens of an OAuth server, for clients that sign in.
    pub oauth: Oauth,
}

/// Tokens of an OAuth server, taken at `/mcp` beside API keys.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Oauth {
    /// The server, as its tokens name it, for instance `https://id.example.org/realms/home`. It has
    /// to sign them as JWTs for the address of `/mcp` (`server.public_url` and `/mcp`).
    pub issuer: Option<String>,
    /// Who is who: the account's name here, by `sub`, `email` or `preferred_username` of the token. An
    /// address that the token says nobody has verified is none.
    pub people: BTreeMap<String, String>,
}

impl Default for Mcp {
    fn default() -> Self {
        Self {
            enabled: true,
            port: None,
            api_key: None,
            oauth: Oauth::default(),
        }
    }
}
