//! Secrets at rest.

use djinn_kernel::Fault;

/// Seals secrets so that a stolen database is worthless, and a row moved elsewhere fails to open.
pub trait Vault: Send + Sync + 'static {
    /// Seals `secret`, bound to `place` (owner, provider and field).
    fn seal(&self, secret: &[u8], place: &str) -> Result<Vec<u8>, Fault>;
    /// Opens what was sealed for exactly this `place`.
    fn open(&self, sealed: &[u8], place: &str) -> Result<Vec<u8>, Fault>;
}
