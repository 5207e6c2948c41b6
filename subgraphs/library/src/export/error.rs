//! Why there is no export, or nothing to fetch.

use djinn_kernel::{Code, Fault, ids::InvalidId};
use djinn_subgraph_kit::graph::Coded;

/// Why there is no export, or nothing to fetch.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The library's id is malformed.
    #[error(transparent)]
    Id(#[from] InvalidId),
    /// There is no such library.
    #[error("no such library")]
    NoLibrary,
    /// The file is fetched by another word, or its time is up.
    #[error("there is no such file; a link works for five minutes. Export again.")]
    Gone,
    /// Ours.
    #[error(transparent)]
    Internal(#[from] Fault),
}

impl Coded for ExportError {
    fn code(&self) -> Code {
        match self {
            Self::Id(_) => Code::InvalidId,
            Self::NoLibrary | Self::Gone => Code::NotFound,
            Self::Internal(_) => Code::Internal,
        }
    }

    fn field(&self) -> Option<String> {
        matches!(self, Self::Id(_) | Self::NoLibrary).then(|| "input.library".to_owned())
    }
}
