//! Time, ids and randomness as ports, so that a test can freeze all three.

use chrono::{DateTime, Utc};
use uuid::Uuid;

/// What time it is. The only source of the current time in the project.
pub trait Clock: Send + Sync + 'static {
    /// The current instant, in UTC.
    fn now(&self) -> DateTime<Utc>;
}

/// Makes new ids. The only source of new ids in the project.
pub trait Ids: Send + Sync + 'static {
    /// A new UUID version 7, later than any this process made before.
    fn new_id(&self) -> Uuid;
}

/// Unpredictable bytes for secrets, tokens and salts.
pub trait Entropy: Send + Sync + 'static {
    /// Fills `buffer` with bytes nobody can guess.
    fn fill(&self, buffer: &mut [u8]);
}
