//! Time, ids and randomness that a test controls.

use chrono::{DateTime, TimeDelta, TimeZone, Utc};
use djinn_kernel::{Clock, Entropy, Ids};
use std::sync::{
    Mutex, PoisonError,
    atomic::{AtomicU64, Ordering},
};
use uuid::Uuid;

/// Stands still until it is told to move. Starts on 2 January 2026, 03:04:05 UTC.
#[derive(Debug)]
pub struct FrozenClock(Mutex<DateTime<Utc>>);

impl Default for FrozenClock {
    fn default() -> Self {
        Self(Mutex::new(
            Utc.with_ymd_and_hms(2026, 1, 2, 3, 4, 5)
                .single()
                .unwrap_or_default(),
        ))
    }
}

impl FrozenClock {
    /// Moves it on.
    pub fn advance(&self, by: TimeDelta) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) += by;
    }

    /// Sets it.
    pub fn set(&self, to: DateTime<Utc>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = to;
    }
}

impl Clock for FrozenClock {
    fn now(&self) -> DateTime<Utc> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Counts: the first id ends in 1, the second in 2. They sort in the order they were made.
#[derive(Debug, Default)]
pub struct CountingIds(AtomicU64);

impl Ids for CountingIds {
    fn new_id(&self) -> Uuid {
        let n = self.0.fetch_add(1, Ordering::Relaxed) + 1;
        // Version 7, variant 10, everything else zero but the count.
        Uuid::from_u128((0x7_u128 << 76) | (0b10_u128 << 62) | u128::from(n))
    }
}

/// Bytes that look random and are the same in every run.
#[derive(Debug, Default)]
pub struct SeededEntropy(AtomicU64);

impl Entropy for SeededEntropy {
    fn fill(&self, buffer: &mut [u8]) {
        for byte in buffer {
            // SplitMix64 (Steele, Lea and Flood, 2014).
            let mut z = self.0.fetch_add(0x9E37_79B9_7F4A_7C15, Ordering::Relaxed);
            z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            *byte = (z ^ (z >> 31)) as u8;
        }
    }
}
