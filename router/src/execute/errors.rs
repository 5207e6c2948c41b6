//! What went wrong with one answer, told up to a bound: a subgraph decides how many errors it sends,
//! and each may stand at many places.

use crate::error::coded;
use async_graphql::{PathSegment, ServerError};
use djinn_kernel::Code;
use serde::Serialize;
use std::io;

/// So many errors one answer tells, …
pub const MOST: usize = 1_000;
/// … and no more than so many bytes of them.
const MOST_BYTES: usize = 256 * 1024;

/// The errors of one answer.
#[derive(Debug, Default)]
pub struct Errors {
    told: Vec<ServerError>,
    bytes: usize,
    /// Those that are counted only.
    more: usize,
}

/// An error that may be told at several places, measured once.
pub struct Measured<'e> {
    error: &'e ServerError,
    bytes: usize,
}

impl<'e> Measured<'e> {
    /// Measures it.
    pub fn new(error: &'e ServerError) -> Self {
        Self {
            error,
            bytes: bytes_of(error),
        }
    }
}

impl Errors {
    /// Adds one.
    pub fn push(&mut self, error: ServerError) {
        if self.takes(bytes_of(&error)) {
            self.told.push(error);
        }
    }

    /// Adds the same error at another place; the subgraph's own locations mean nothing to the client.
    /// What is not told any more is not copied either.
    pub fn push_at(&mut self, error: &Measured<'_>, path: impl FnOnce() -> Vec<PathSegment>) {
        if !self.takes(error.bytes) {
            return;
        }
        let mut error = error.error.clone();
        error.locations.clear();
        error.path = path();
        self.bytes = self.bytes.saturating_add(bytes_of(&error.path));
        self.told.push(error);
    }

    /// Counts errors that nobody tells.
    pub const fn leave_out(&mut self, errors: usize) {
        self.more = self.more.saturating_add(errors);
    }

    /// Whether some are not told, so that nothing can be learnt from the absence of one.
    pub const fn are_cut(&self) -> bool {
        self.more > 0
    }

    /// Those that are told.
    pub fn told(&self) -> &[ServerError] {
        &self.told
    }

    /// The same, to be changed.
    pub fn told_mut(&mut self) -> &mut [ServerError] {
        &mut self.told
    }

    /// All that are told; the last one says how many are not.
    pub fn into_told(self) -> Vec<ServerError> {
        let mut told = self.told;
        if self.more > 0 {
            let message = format!(
                "There are {} more errors; an answer tells at most {MOST}, and {MOST_BYTES} bytes of them.",
                self.more
            );
            told.push(coded(Code::LimitExceeded, message));
        }
        told
    }

    /// Whether one more of so many bytes is told; if not, it is counted.
    fn takes(&mut self, bytes: usize) -> bool {
        let all = self.bytes.saturating_add(bytes);
        let takes = self.told.len() < MOST && all <= MOST_BYTES;
        if takes {
            self.bytes = all;
        } else {
            self.more = self.more.saturating_add(1);
        }
        takes
    }
}

/// How long it is as JSON.
fn bytes_of<T: Serialize + ?Sized>(value: &T) -> usize {
    struct Counted(usize);
    impl io::Write for Counted {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0 = self.0.saturating_add(bytes.len());
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let mut counted = Counted(0);
    // Nothing that was read from JSON fails to be written as such.
    match serde_json::to_writer(&mut counted, value) {
        Ok(()) => counted.0,
        Err(_) => usize::MAX,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_error_says_how_many_more_there_were() {
        let mut errors = Errors::default();
        for _ in 0..MOST + 7 {
            errors.push(ServerError::new("no", None));
        }
        let told = errors.into_told();
        assert_eq!(told.len(), MOST + 1);
        assert!(
            told[MOST].message.contains("7 more"),
            "{}",
            told[MOST].message
        );
    }

    #[test]
    fn copies_are_bounded_in_bytes() {
        let mut errors = Errors::default();
        let long = ServerError::new("x".repeat(MOST_BYTES / 4), None);
        let long = Measured::new(&long);
        for at in 0..10 {
            errors.push_at(&long, || vec![PathSegment::Index(at)]);
        }
        // What is short still has its place.
        errors.push(ServerError::new("no", None));
        assert_eq!(errors.told().len(), 4);
        assert!(errors.are_cut());
    }
}
