//! The bus, in memory or over Redis. One conformance suite runs on both (`tests/platform.rs`).

mod handle;
mod memory;
mod redis;
mod topics;

pub use memory::MemoryBus;
pub use redis::{RedisBus, RedisBusError};
