//! API keys: long-lived scoped credentials for machines.
//!
//! A key never does more than whoever made it could, and a key for a child profile acts as that
//! child, ceiling included.

mod entity;
mod graphql;
mod service;
mod store;

pub use graphql::{KeyMutation, KeyQuery};
pub use service::{Keyring, recognise};

use djinn_kernel::Scope;

/// What every key starts with, so that people and secret scanners know one when they see it.
pub const PREFIX: &str = "gd_";
/// A household has at most this many keys that are not revoked.
pub const MAX_KEYS: u64 = 50;

/// How scopes are stored.
pub fn write_scopes(scopes: &[Scope]) -> String {
    scopes
        .iter()
        .map(|scope| scope.as_str())
        .collect::<Vec<_>>()
        .join(" ")
}

/// Reads stored scopes. One this binary does not know grants nothing.
pub fn read_scopes(text: &str) -> Vec<Scope> {
    text.split(' ').filter_map(Scope::parse).collect()
}
