//! Why a library was not forgotten.

use djinn_kernel::{Code, Fault, ids::InvalidId};
use djinn_subgraph_kit::graph::Coded;

/// Why a library was not forgotten.
#[derive(Debug, thiserror::Error)]
pub enum ForgetError {
    /// Its id is malformed.
    #[error(transparent)]
    Id(#[from] InvalidId),
    /// The household has no such library.
    #[error("no such library")]
    NotFound,
    /// Ours.
    #[error(transparent)]
    Internal(#[from] Fault),
}

impl Coded for ForgetError {
    fn code(&self) -> Code {
        match self {
            Self::Id(_) => Code::InvalidId,
            Self::NotFound => Code::NotFound,
            Self::Internal(_) => Code::Internal,
        }
    }

    fn field(&self) -> Option<String> {
        (!matches!(self, Self::Internal(_))).then(|| "input.library".to_owned())
    }
}
