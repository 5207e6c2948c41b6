//! A place for files that can be made again, as a port: bounded, and it may lose any at any time.

use async_trait::async_trait;
use bytes::Bytes;

/// Keeps files by name. What was not asked for the longest goes when there is no more room.
#[async_trait]
pub trait Shelf: Send + Sync + 'static {
    /// The file, if it is still there.
    async fn get(&self, name: &str) -> Option<Bytes>;
    /// Puts a file there, whole or not at all. One that is too large, or cannot be written, is not
    /// kept, and nobody has to know.
    async fn put(&self, name: &str, file: Bytes);
}
