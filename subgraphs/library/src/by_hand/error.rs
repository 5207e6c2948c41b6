//! Why a game was not entered, changed or removed by hand.

use djinn_kernel::{Code, Fault, Reason, ids::InvalidId};
use djinn_subgraph_kit::graph::Coded;

/// Why nothing was done.
#[derive(Debug, thiserror::Error)]
pub enum NotByHand {
    /// The id is malformed.
    #[error("{id}")]
    Id {
        /// Where it was sent.
        at: &'static str,
        /// What is wrong with it.
        id: InvalidId,
    },
    /// The household has no such library.
    #[error("you have no library of that id")]
    NoLibrary(&'static str),
    /// The household has no such copy.
    #[error("you have no copy of that id")]
    NoCopy(&'static str),
    /// It is a store's.
    #[error(
        "only games on a shelf of your own are entered by hand; what {0} lists comes and goes with it"
    )]
    OfStore(String, &'static str),
    /// A value cannot be.
    #[error("{message}")]
    Wrong {
        /// Where it was sent.
        at: &'static str,
        /// What is wrong with it.
        message: String,
    },
    /// The shelf has it already.
    #[error(
        "the shelf has a game of that title, platform and year, or of that store's id, already"
    )]
    Exists,
    /// Ours.
    #[error(transparent)]
    Internal(#[from] Fault),
}

impl Coded for NotByHand {
    fn code(&self) -> Code {
        match self {
            Self::Id { .. } => Code::InvalidId,
            Self::NoLibrary(_) | Self::NoCopy(_) => Code::NotFound,
            Self::OfStore(..) | Self::Wrong { .. } => Code::InvalidInput,
            Self::Exists => Code::Conflict,
            Self::Internal(_) => Code::Internal,
        }
    }

    fn field(&self) -> Option<String> {
        let at = match self {
            Self::Id { at, .. }
            | Self::NoLibrary(at)
            | Self::NoCopy(at)
            | Self::OfStore(_, at)
            | Self::Wrong { at, .. } => at,
            Self::Exists => "input.title",
            Self::Internal(_) => return None,
        };
        Some(at.to_owned())
    }

    fn reason(&self) -> Option<(Reason, Vec<String>)> {
        matches!(self, Self::Exists).then(|| (Reason::ShelfExists, Vec::new()))
    }
}
