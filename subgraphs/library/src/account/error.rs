//! Why accounts are not linked or unlinked.

use crate::platform::{NoConnection, NoListing};
use djinn_kernel::{Code, Fault, Reason};
use djinn_subgraph_kit::graph::Coded;

/// Why an account was not linked.
#[derive(Debug, thiserror::Error)]
pub enum LinkError {
    /// No such platform.
    #[error("no platform has the id {0}; `platforms` lists them")]
    PlatformUnknown(String),
    /// A value is not what it should be.
    #[error("{message}")]
    Invalid {
        /// Where it is in the input.
        field: String,
        /// What is wrong with it.
        message: String,
    },
    /// The household has as many libraries as it may have.
    #[error("a household links at most {0} libraries")]
    TooMany(u32),
    /// The household has it.
    #[error("that account is linked already")]
    AlreadyLinked,
    /// The household has a shelf of its own that is called so.
    #[error("you have a shelf called `{0}` already; give this one another name")]
    ShelfTaken(String),
    /// The household has it, and has new credentials for it now: on some platforms they ended those
    /// that were kept before.
    #[error("that account is linked already; the new credentials are kept for it")]
    Renewed,
    /// The platform has no such account.
    #[error("{0}")]
    AccountNotFound(String),
    /// The platform does not accept what was typed into a field.
    #[error("{message}")]
    Rejected {
        /// Where it is in the input.
        field: String,
        /// What to do about it.
        message: String,
    },
    /// The platform did not accept the credentials, or did not answer as it should.
    #[error("{0}")]
    Answer(#[source] NoListing),
    /// Ours.
    #[error(transparent)]
    Internal(#[from] Fault),
}

impl Coded for LinkError {
    fn code(&self) -> Code {
        match self {
            Self::PlatformUnknown(_) => Code::PlatformUnknown,
            Self::Invalid { .. } => Code::InvalidInput,
            Self::TooMany(_) => Code::LimitExceeded,
            Self::AlreadyLinked | Self::ShelfTaken(_) | Self::Renewed => Code::AlreadyLinked,
            Self::AccountNotFound(_) => Code::AccountNotFound,
            Self::Rejected { .. } => Code::CredentialsRejected,
            Self::Answer(answer) => answer.code(),
            Self::Internal(_) => Code::Internal,
        }
    }

    fn field(&self) -> Option<String> {
        match self {
            Self::PlatformUnknown(_) => Some("input.platform".to_owned()),
            Self::Invalid { field, .. } | Self::Rejected { field, .. } => Some(field.clone()),
            Self::AccountNotFound(_) => Some("input.fields.account".to_owned()),
            Self::ShelfTaken(_) => Some("input.label".to_owned()),
            _ => None,
        }
    }

    fn reason(&self) -> Option<(Reason, Vec<String>)> {
        match self {
            Self::Answer(answer) => answer.reason(),
            Self::ShelfTaken(label) => Some((Reason::ShelfTaken, vec![label.clone()])),
            _ => None,
        }
    }
}

impl From<NoConnection> for LinkError {
    fn from(none: NoConnection) -> Self {
        match none {
            NoConnection::Field { name, message } => Self::Invalid {
                field: format!("input.fields.{name}"),
                message,
            },
            NoConnection::Rejected { name, message } => Self::Rejected {
                field: format!("input.fields.{name}"),
                message,
            },
            NoConnection::AccountNotFound(message) => Self::AccountNotFound(message),
            NoConnection::Answer(NoListing::Internal(fault)) => Self::Internal(fault),
            NoConnection::Answer(answer) => Self::Answer(answer),
        }
    }
}

/// Why a library was not unlinked.
#[derive(Debug, thiserror::Error)]
pub enum UnlinkError {
    /// There is none of that id in the household.
    #[error("no library has that id")]
    NotFound,
    /// Ours.
    #[error(transparent)]
    Internal(#[from] Fault),
}

impl Coded for UnlinkError {
    fn code(&self) -> Code {
        match self {
            Self::NotFound => Code::NotFound,
            Self::Internal(_) => Code::Internal,
        }
    }
}
