//! A bounded cache inside the process.

use djinn_subgraph_kit::Cache;
use std::time::{Duration, Instant};

/// Keeps at most 32 MiB of values.
#[derive(Debug, Clone)]
pub struct MemoryCache {
    entries: moka::sync::Cache<String, (Vec<u8>, Duration)>,
}

struct Each;

impl moka::Expiry<String, (Vec<u8>, Duration)> for Each {
    fn expire_after_create(
        &self,
        _: &String,
        (_, ttl): &(Vec<u8>, Duration),
        _: Instant,
    ) -> Option<Duration> {
        Some(*ttl)
    }

    fn expire_after_update(
        &self,
        _: &String,
        (_, ttl): &(Vec<u8>, Duration),
        _: Instant,
        _: Option<Duration>,
    ) -> Option<Duration> {
        Some(*ttl)
    }
}

impl Default for MemoryCache {
    fn default() -> Self {
        Self {
            entries: moka::sync::Cache::builder()
                .max_capacity(32 * 1024 * 1024)
                .weigher(|key: &String, (value, _): &(Vec<u8>, Duration)| {
                    u32::try_from(key.len() + value.len()).unwrap_or(u32::MAX)
                })
                .expire_after(Each)
                .build(),
        }
    }
}

#[async_trait::async_trait]
impl Cache for MemoryCache {
    async fn get(&self, key: &str) -> Option<Vec<u8>> {
        self.entries.get(key).map(|(value, _)| value)
    }

    async fn set(&self, key: &str, value: Vec<u8>, ttl: Duration) {
        self.entries.insert(key.to_owned(), (value, ttl));
    }

    async fn remove(&self, key: &str) {
        self.entries.invalidate(key);
    }
}
