//! The system's clock, ids and randomness.

use chrono::{DateTime, Utc};
use djinn_kernel::{Clock, Entropy, Ids};
use rand::TryRngCore;
use uuid::Uuid;

/// The system's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the door")]
    fn now(&self) -> DateTime<Utc> {
        // Whole microseconds: what both databases keep, so a value reads back equal.
        let now = Utc::now();
        DateTime::from_timestamp_micros(now.timestamp_micros()).unwrap_or(now)
    }
}

/// UUIDs version 7, monotonic within the process.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemIds;

impl Ids for SystemIds {
    #[expect(clippy::disallowed_methods, reason = "this is the door")]
    fn new_id(&self) -> Uuid {
        Uuid::now_v7()
    }
}

/// The operating system's random numbers.
#[derive(Debug, Clone, Copy, Default)]
pub struct OsEntropy;

impl Entropy for OsEntropy {
    fn fill(&self, buffer: &mut [u8]) {
        #[expect(
            clippy::expect_used,
            reason = "without randomness no secret may be made"
        )]
        rand::rngs::OsRng
            .try_fill_bytes(buffer)
            .expect("the operating system has no randomness");
    }
}
