//! Where the hub listens, and by what names it is reached.

use crate::web::TrustedProxies;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// Where the hub listens.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Server {
    /// The address: `127.0.0.1` for this machine only, `0.0.0.0` for the network.
    pub host: String,
    /// The port of the hub: the SPA, `/graphql`, `/mcp` and everything else.
    pub port: u16,
    /// The address people use, when a proxy stands in front, for instance `https://games.example.org`. The
    /// hub has a name of its own: no path.
    pub public_url: Option<String>,
    /// Names by which the hub is reached, besides this machine's own and that of `public_url`. Asked
    /// of `/mcp`, and of everything where `auth.mode` is `off`: a page of another site can have its
    /// own name point here, but not yours.
    pub allowed_hosts: Vec<String>,
    /// Other sites whose pages may talk to the hub from a browser, as origins.
    pub allowed_origins: Vec<String>,
    /// A folder of operation files (`mcp`, `q`, `rest`) that is followed beside those in the binary,
    /// so that a tool can be added or changed while the hub runs. A file stands in for the built-in
    /// one of its path, and an empty one takes that away.
    pub operations: Option<PathBuf>,
    /// At most this many connections at once; more wait to be accepted.
    pub max_connections: usize,
    /// The proxies that stand before the hub, as addresses or networks such as `172.18.0.0/16`.
    /// Theirs is the only `X-Forwarded-For` that is believed.
    pub trusted_proxies: Vec<String>,
    /// Where `/metrics` listens, by itself and on this machine only; `off` for nowhere.
    pub metrics: String,
}

impl Default for Server {
    fn default() -> Self {
        Self {
            host: "127.0.0.1".to_owned(),
            port: 8000,
            public_url: None,
            allowed_hosts: Vec::new(),
            allowed_origins: Vec::new(),
            operations: None,
            max_connections: 12_000,
            trusted_proxies: Vec::new(),
            metrics: "127.0.0.1:9464".to_owned(),
        }
    }
}

impl Server {
    /// Every name the hub is reached by, this machine's own aside.
    pub fn hosts(&self) -> Vec<String> {
        let mut hosts = vec!["localhost".to_owned(), self.host.clone()];
        hosts.extend(self.allowed_hosts.iter().cloned());
        if let Some(url) = &self.public_url {
            let authority = url.split("://").nth(1).unwrap_or(url);
            let authority = authority.split('/').next().unwrap_or_default();
            hosts.push(authority.split(':').next().unwrap_or_default().to_owned());
        }
        hosts
    }

    /// The proxies whose word is taken for where a request comes from. None, if the setting cannot
    /// be read; it was checked when it was.
    pub fn proxies(&self) -> TrustedProxies {
        TrustedProxies::parse(&self.trusted_proxies).unwrap_or_default()
    }

    /// Every origin whose pages may talk to the hub, its own aside.
    pub fn origins(&self) -> Vec<String> {
        let own = self
            .public_url
            .as_deref()
            .map(|url| url.trim_end_matches('/').to_owned());
        self.allowed_origins.iter().cloned().chain(own).collect()
    }
}
