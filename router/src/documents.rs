//! Documents that clients name instead of sending, as a port: the composition root knows which
//! are trusted, and keeps those that clients persist.

use serde::Deserialize;
use std::{fmt, sync::Arc};

/// What is known by an id instead of a text.
pub trait Documents: fmt::Debug + Send + Sync + 'static {
    /// The text of a trusted document: by its id (`sha256:` and 64 hexadecimal digits, or the
    /// digits alone), or by its name.
    fn trusted(&self, id: &str) -> Option<Arc<str>>;

    /// The text that a client persisted before under its SHA-256 in hexadecimal.
    fn persisted(&self, hash: &str) -> Option<Arc<str>>;

    /// Keeps a text under its SHA-256, for a while. Only called with a hash that is the text's, and
    /// with a document that can be run.
    fn persist(&self, hash: &str, text: &str);
}

/// Which documents those may run who have not signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AnonymousDocuments {
    /// Whatever the limits let through.
    #[default]
    Any,
    /// Trusted documents, and nothing else.
    Trusted,
}
