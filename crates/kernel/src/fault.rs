//! Faults: what went wrong on our side, with what we were doing, for the log only.
//!
//! A `Fault` is made on purpose, by [`Doing::doing`], never by a bare `?`: so nobody publishes an
//! internal message by accident, and the log always says what was being attempted.

use std::{error::Error as StdError, fmt};

/// Something broke that the person asking cannot mend. Its text is for the log.
#[derive(Debug)]
pub struct Fault {
    doing: &'static str,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl Fault {
    /// A fault with no deeper cause.
    pub const fn new(doing: &'static str) -> Self {
        Self {
            doing,
            source: None,
        }
    }

    /// What we were doing when it broke.
    pub const fn doing(&self) -> &'static str {
        self.doing
    }
}

impl fmt::Display for Fault {
    /// The whole chain, for one line of the log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "while {}", self.doing)?;
        let mut cause = self
            .source
            .as_deref()
            .map(|s| s as &(dyn StdError + 'static));
        while let Some(error) = cause {
            write!(f, ": {error}")?;
            cause = error.source();
        }
        Ok(())
    }
}

impl StdError for Fault {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_deref().map(|s| s as _)
    }
}

/// Turns an error of a library into a [`Fault`], saying what we were doing.
pub trait Doing<T> {
    /// `store.load(id).await.doing("loading the collection")?`
    fn doing(self, what: &'static str) -> Result<T, Fault>;
}

impl<T, E: Into<Box<dyn StdError + Send + Sync>>> Doing<T> for Result<T, E> {
    fn doing(self, what: &'static str) -> Result<T, Fault> {
        self.map_err(|error| Fault {
            doing: what,
            source: Some(error.into()),
        })
    }
}

impl<T> Doing<T> for Option<T> {
    fn doing(self, what: &'static str) -> Result<T, Fault> {
        self.ok_or(Fault::new(what))
    }
}
