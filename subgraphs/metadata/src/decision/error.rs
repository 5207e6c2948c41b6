//! Why a decision is not taken.

use super::{MOST, MOST_AT_ONCE};
use djinn_kernel::{Code, Fault, ids::InvalidId};
use djinn_subgraph_kit::graph::Coded;

/// Why not.
#[derive(Debug, thiserror::Error)]
pub enum DecisionError {
    /// Not an id.
    #[error("{id}")]
    Id {
        /// Where it was sent.
        at: String,
        /// What it should be.
        id: InvalidId,
    },
    /// The household does not have it, or this viewer may not see it.
    #[error("no such game in your libraries")]
    NoGame(String),
    /// The household has no such copy of that game.
    #[error("that game has no such copy in your libraries")]
    NoCopy(String),
    /// Nothing of that id can be taken back.
    #[error("nothing of that id was merged or split in your libraries")]
    NoDecision,
    /// None, or too many at once.
    #[error("1 to {MOST_AT_ONCE} at a time, not {1}")]
    Change(&'static str, usize),
    /// A game cannot be merged into itself.
    #[error("a game cannot be merged into itself")]
    Itself(String),
    /// Everything would be split off.
    #[error("a part of the game has to stay: copies of one product go together")]
    NothingStays,
    /// As many decisions as there may be.
    #[error("a household keeps at most {MOST} decisions")]
    TooMany,
    /// Our side.
    #[error(transparent)]
    Internal(#[from] Fault),
}

impl Coded for DecisionError {
    fn code(&self) -> Code {
        match self {
            Self::Id { .. } => Code::InvalidId,
            Self::NoGame(_) | Self::NoCopy(_) | Self::NoDecision => Code::NotFound,
            Self::Change(..) | Self::Itself(_) | Self::NothingStays => Code::InvalidInput,
            Self::TooMany => Code::LimitExceeded,
            Self::Internal(_) => Code::Internal,
        }
    }

    fn field(&self) -> Option<String> {
        Some(match self {
            Self::Id { at, .. } | Self::NoGame(at) | Self::NoCopy(at) | Self::Itself(at) => {
                at.clone()
            }
            Self::Change(at, _) => (*at).to_owned(),
            Self::NoDecision => "id".to_owned(),
            Self::NothingStays => "input.copies".to_owned(),
            Self::TooMany | Self::Internal(_) => return None,
        })
    }
}
