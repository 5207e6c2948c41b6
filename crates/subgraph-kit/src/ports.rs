//! Everything a subgraph may touch of the outside world.

use crate::{Bus, Cache, Db, Vault, http::Http};
use djinn_kernel::{Clock, Entropy, Ids};
use std::{fmt, sync::Arc};

/// The ports, cheap to clone. The composition root makes them once.
#[derive(Clone)]
pub struct Ports {
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// New ids.
    pub ids: Arc<dyn Ids>,
    /// Unpredictable bytes.
    pub entropy: Arc<dyn Entropy>,
    /// The subgraph's database.
    pub db: Db,
    /// Events and pokes.
    pub bus: Arc<dyn Bus>,
    /// What may be forgotten.
    pub cache: Arc<dyn Cache>,
    /// Secrets at rest.
    pub vault: Arc<dyn Vault>,
    /// Other people's servers.
    pub http: Arc<dyn Http>,
    /// Servers whose addresses a person typed: only public ones, and none of this house.
    pub outside: Arc<dyn Http>,
    /// Keys derived from the hub's one secret.
    pub keys: Keys,
}

/// Keys derived from the hub's one secret, each for one purpose.
#[derive(Clone, Copy)]
pub struct Keys {
    /// Seed of the Ed25519 key that signs players' access tokens.
    pub access: [u8; 32],
    /// Signs the tokens between the hub's own processes.
    pub hub: [u8; 32],
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keys(redacted)")
    }
}

impl fmt::Debug for Ports {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Ports")
    }
}
