//! Why a collection is not shown or changed.

use super::{MAX_CHANGE, MAX_COLLECTIONS, MAX_GAMES, MAX_NAME, input::InvalidRule};
use djinn_kernel::{Code, Fault, ids::InvalidId, page::InvalidPage};
use djinn_subgraph_kit::graph::Coded;

/// Why not.
#[derive(Debug, thiserror::Error)]
pub enum CollectionError {
    /// Not an id.
    #[error("{id}")]
    Id {
        /// Where it was sent.
        at: String,
        /// What it should be.
        id: InvalidId,
    },
    /// The player has none of that id.
    #[error("you have no collection of that id")]
    NoCollection(&'static str),
    /// Not in the household's libraries, or not for this viewer.
    #[error("no such game in your libraries")]
    NoGame(String),
    /// Not in the collection.
    #[error("that game is not in the collection")]
    NotIn(&'static str),
    /// Empty or too long.
    #[error("a name has 1 to {MAX_NAME} characters")]
    Name,
    /// The rule cannot be.
    #[error(transparent)]
    Rule(#[from] InvalidRule),
    /// A manual collection was given a rule, or a smart one games.
    #[error("{1}")]
    Wrong(&'static str, &'static str),
    /// As many collections as there may be.
    #[error("a player has at most {MAX_COLLECTIONS} collections")]
    TooMany,
    /// As many games as there may be.
    #[error("a manual collection has at most {MAX_GAMES} games")]
    Full,
    /// None, or too many at once.
    #[error("1 to {MAX_CHANGE} games at a time, not {0}")]
    Change(usize),
    /// An id came twice, or more than there are.
    #[error("`ids` names each collection at most once")]
    Twice,
    /// Not a page.
    #[error(transparent)]
    Page(#[from] InvalidPage),
    /// Our side.
    #[error(transparent)]
    Internal(#[from] Fault),
}

impl Coded for CollectionError {
    fn code(&self) -> Code {
        match self {
            Self::Id { .. } => Code::InvalidId,
            Self::NoCollection(_) | Self::NoGame(_) | Self::NotIn(_) => Code::NotFound,
            Self::Name | Self::Rule(_) | Self::Wrong(..) | Self::Change(_) | Self::Twice => {
                Code::InvalidInput
            }
            Self::TooMany | Self::Full => Code::LimitExceeded,
            Self::Page(page) => page.code(),
            Self::Internal(_) => Code::Internal,
        }
    }

    fn field(&self) -> Option<String> {
        let field = match self {
            Self::Id { at, .. } | Self::NoGame(at) => at,
            Self::NoCollection(at) | Self::NotIn(at) | Self::Wrong(at, _) => *at,
            Self::Name => "input.name",
            Self::Rule(rule) => &rule.at,
            Self::Full | Self::Change(_) => "input.gameIds",
            Self::Twice => "ids",
            Self::Page(page) => return Coded::field(page),
            Self::TooMany | Self::Internal(_) => return None,
        };
        Some(field.to_owned())
    }
}
