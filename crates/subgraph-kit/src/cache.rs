//! A cache of bytes that may forget anything at any time.

use async_trait::async_trait;
use std::time::Duration;

/// Keeps values for a while. Never the only copy of anything; an outage looks like a miss.
#[async_trait]
pub trait Cache: Send + Sync + 'static {
    /// The value, if it is still there.
    async fn get(&self, key: &str) -> Option<Vec<u8>>;
    /// Keeps `value` for at most `ttl`.
    async fn set(&self, key: &str, value: Vec<u8>, ttl: Duration);
    /// Forgets it.
    async fn remove(&self, key: &str);
}
