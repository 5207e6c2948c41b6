//! A cache that several processes share. An outage looks like a miss.

use djinn_subgraph_kit::Cache;
use redis::{AsyncCommands, aio::ConnectionManager};
use std::time::Duration;

/// Keeps values in Redis under `djinn:cache:`.
#[derive(Clone)]
pub struct RedisCache {
    connection: ConnectionManager,
}

/// A slower cache is worth less than none.
const PATIENCE: Duration = Duration::from_millis(100);

impl RedisCache {
    /// Uses a connection that heals itself.
    pub const fn new(connection: ConnectionManager) -> Self {
        Self { connection }
    }
}

fn key(key: &str) -> String {
    format!("djinn:cache:{key}")
}

#[async_trait::async_trait]
impl Cache for RedisCache {
    async fn get(&self, name: &str) -> Option<Vec<u8>> {
        let mut connection = self.connection.clone();
        let found = tokio::time::timeout(PATIENCE, connection.get::<_, Option<Vec<u8>>>(key(name)));
        found.await.ok().and_then(Result::ok).flatten()
    }

    async fn set(&self, name: &str, value: Vec<u8>, ttl: Duration) {
        let mut connection = self.connection.clone();
        let millis = u64::try_from(ttl.as_millis()).unwrap_or(u64::MAX).max(1);
        let kept = tokio::time::timeout(
            PATIENCE,
            connection.pset_ex::<_, _, ()>(key(name), value, millis),
        );
        if !matches!(kept.await, Ok(Ok(()))) {
            tracing::debug!("the cache did not keep a value");
        }
    }

    async fn remove(&self, name: &str) {
        let mut connection = self.connection.clone();
        let removed = tokio::time::timeout(PATIENCE, connection.del::<_, ()>(key(name)));
        if !matches!(removed.await, Ok(Ok(()))) {
            tracing::warn!("the cache did not forget a value; it expires by itself");
        }
    }
}
