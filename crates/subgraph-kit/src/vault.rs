//! Secrets at rest.

use djinn_kernel::Fault;

/// Seals secrets so that a stolen database is worthless, and a row moved elsewhere fails to open.
pub trait Vault: Send + Sync + 'static {
    /// Seals `secret`, bound to `place` (owner, provider and field).
    fn seal(&self, secret: &[u8], place: &str) -> Result<Vec<u8>, Fault>;
    /// Opens what was sealed for exactly this `place`.
    fn open(&self, sealed: &[u8], place: &str) -> Result<Vec<u8>, Fault>;
    /// What `sealed` becomes under the present master key; `None` when that sealed it. The secret
    /// itself is not opened for it.
    fn renew(&self, _sealed: &[u8], _place: &str) -> Result<Option<Vec<u8>>, Fault> {
        Ok(None)
    }
    /// Destroys the key that is sealed with a secret, and what it sealed: nobody opens it any more,
    /// with the master key neither. What is left is as long as it was, to be written over the row
    /// that is there before that is deleted.
    fn shred(&self, sealed: &mut [u8]) {
        sealed.fill(0);
    }
}
