//! What the client is told when a subgraph did not answer.

use crate::error::coded;
use async_graphql::{PathSegment, ServerError};
use djinn_kernel::Code;

/// No answer of a subgraph.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failed {
    /// It could not be reached, took too long, answered nonsense, or is given a rest.
    Unavailable,
    /// It broke down while it worked on this.
    Panicked,
}

impl Failed {
    /// The error at one place of the answer.
    pub fn error(self, path: Vec<PathSegment>) -> ServerError {
        let mut error = match self {
            Self::Unavailable => coded(
                Code::SubgraphUnavailable,
                "A part of the hub does not answer; this part of the answer is missing.",
            ),
            Self::Panicked => coded(Code::Internal, "Something went wrong on our side."),
        };
        error.path = path;
        error
    }
}
