//! Why nothing was imported.

use super::Malformed;
use crate::status::own::{MAX_OWN, service::NotChanged};
use djinn_kernel::{Code, Fault};
use djinn_subgraph_kit::graph::Coded;

/// Why nothing was imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file is too large.
    #[error("the file has {size} bytes; at most {limit} are read")]
    TooLarge {
        /// Its size.
        size: usize,
        /// The limit.
        limit: usize,
    },
    /// It has too many games.
    #[error("the file has more games than may be; at most {limit} are imported at once")]
    TooMany {
        /// The limit.
        limit: usize,
    },
    /// The household has as many libraries as it may have.
    #[error("a household has at most {0} libraries")]
    TooManyLibraries(u32),
    /// The player has as many collections as they may have.
    #[error("a player has at most {0} collections")]
    TooManyCollections(u64),
    /// The household has as many statuses of its own as it may have.
    #[error("a household has at most {0} statuses of its own")]
    TooManyStatuses(usize),
    /// Neither a text nor an upload, or both.
    #[error("send either `content` or `upload`")]
    OneOf,
    /// There is no such upload.
    #[error("there is no such upload; it is kept for an hour. Send the file again.")]
    NoUpload,
    /// It cannot be read.
    #[error("{0}. Nothing was imported.")]
    Malformed(#[source] Malformed),
    /// The same of a file that came as an upload.
    #[error("{0}")]
    OfUpload(Box<ImportError>),
    /// The label or the mapping is not right.
    #[error("{message}")]
    Invalid {
        /// Where in the input.
        field: String,
        /// What is wrong.
        message: String,
    },
    /// Ours.
    #[error(transparent)]
    Internal(#[from] Fault),
}

impl ImportError {
    /// The same, if `uploaded`, where what is wrong is the file.
    pub(super) fn of_upload(self, uploaded: bool) -> Self {
        match self {
            Self::TooLarge { .. } | Self::TooMany { .. } | Self::Malformed(_) if uploaded => {
                Self::OfUpload(Box::new(self))
            }
            other => other,
        }
    }
}

impl From<NotChanged> for ImportError {
    fn from(why: NotChanged) -> Self {
        match why {
            NotChanged::Internal(fault) => Self::Internal(fault),
            // An import only makes statuses, of names that were checked when they were read.
            _ => Self::TooManyStatuses(MAX_OWN),
        }
    }
}

impl Coded for ImportError {
    fn code(&self) -> Code {
        match self {
            Self::TooLarge { .. } => Code::PayloadTooLarge,
            Self::TooMany { .. }
            | Self::TooManyLibraries(_)
            | Self::TooManyCollections(_)
            | Self::TooManyStatuses(_) => Code::LimitExceeded,
            Self::Malformed(_) => Code::ImportMalformed,
            Self::OfUpload(why) => why.code(),
            Self::Invalid { .. } | Self::OneOf => Code::InvalidInput,
            Self::NoUpload => Code::NotFound,
            Self::Internal(_) => Code::Internal,
        }
    }

    fn field(&self) -> Option<String> {
        match self {
            Self::TooLarge { .. } | Self::TooMany { .. } | Self::Malformed(_) | Self::OneOf => {
                Some("input.content".to_owned())
            }
            Self::NoUpload | Self::OfUpload(_) => Some("input.upload".to_owned()),
            Self::Invalid { field, .. } => Some(field.clone()),
            Self::TooManyLibraries(_)
            | Self::TooManyCollections(_)
            | Self::TooManyStatuses(_)
            | Self::Internal(_) => None,
        }
    }
}
