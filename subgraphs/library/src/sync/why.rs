//! Why a sync stopped: as it is kept, and as it can be said in any language.

use crate::platform::NoListing;
use djinn_kernel::Code;
use sea_orm::FromJsonQueryResult;
use serde::{Deserialize, Serialize};

/// Which sentence a message is, where its code does not say it all, and what stands in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
pub struct Said {
    /// The rest of the key of its text.
    pub reason: String,
    /// At most three values.
    pub values: Vec<String>,
}

/// Why a run stopped, or a library cannot be synced.
#[derive(Debug, Clone)]
pub struct Why {
    /// As a code.
    pub code: Code,
    /// In words.
    pub message: String,
    /// Which words those are; `None` where the code alone says it.
    pub said: Option<Said>,
}

impl Why {
    /// What the code alone says, or is in English only.
    pub const fn plain(code: Code, message: String) -> Self {
        Self {
            code,
            message,
            said: None,
        }
    }
}

impl From<&NoListing> for Why {
    fn from(none: &NoListing) -> Self {
        Self {
            code: none.code(),
            message: none.to_string(),
            said: none.reason().map(|(reason, values)| Said {
                reason: reason.as_str().to_owned(),
                values,
            }),
        }
    }
}
