//! The cache, in memory or in Redis.

mod memory;
mod redis;

pub use memory::MemoryCache;
pub use redis::RedisCache;
