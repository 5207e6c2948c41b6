//! Why nothing could be measured.

use std::error::Error;

/// What most functions here give.
pub type Attempt<T> = Result<T, Failure>;

/// The bench itself could not go on; a bad figure or a wrong body is none of these.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// Nothing to measure.
    #[error(
        "DJINN_BIN does not name a binary. `make bench` builds one; by hand: DJINN_BIN=target/release/djinn"
    )]
    NoBinary,
    /// It did not come up.
    #[error("the hub did not start:\n{0}")]
    NoStart(String),
    /// It refused something it has to do before anything can be measured.
    #[error("the hub refused `{0}`: {1}")]
    Refused(String, String),
    /// It never got there.
    #[error("not within {1} s: {0}")]
    TooLate(String, u64),
    /// The world around it.
    #[error("{0}: {1}")]
    World(&'static str, #[source] Box<dyn Error + Send + Sync>),
}

impl Failure {
    /// Says what was being done when a foreign error came.
    pub fn doing<E: Error + Send + Sync + 'static>(what: &'static str) -> impl FnOnce(E) -> Self {
        move |error| Self::World(what, Box::new(error))
    }
}
