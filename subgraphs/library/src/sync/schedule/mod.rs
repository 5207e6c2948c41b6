//! When a library is synced by itself.
//!
//! Each library has a row: how often its household wants it, and when it is due. A run that gets
//! through its list sets the next time; one that fails sets a later one, each time twice as far. A
//! platform that refuses the credentials is not asked again before a person links the account anew.

pub mod entity;
pub mod graphql;
pub mod loader;
mod service;
pub mod store;

pub use service::{Schedules, SetError};

use chrono::{DateTime, TimeDelta, Utc};
use djinn_kernel::Entropy;

/// The longest interval, in hours: a month.
pub const LONGEST: i32 = 720;
/// A library that keeps failing is tried at least this often, in hours: once a week.
const SELDOM: i64 = 168;

/// When a library is due again: after `hours`, up to a tenth earlier or later, so that what was
/// linked together does not stay together. Each failure in a row doubles the wait up to a week, or
/// up to `hours` where that is longer. `None` when it is never synced by itself.
pub fn next_at(
    now: DateTime<Utc>,
    hours: i32,
    failures: i32,
    entropy: &dyn Entropy,
) -> Option<DateTime<Utc>> {
    if hours <= 0 {
        return None;
    }
    let hours = i64::from(hours.min(LONGEST));
    let doubled = hours.saturating_mul(1 << failures.clamp(0, 10));
    let seconds = doubled.min(SELDOM.max(hours)) * 3600;
    let mut chance = [0_u8; 2];
    entropy.fill(&mut chance);
    let jitter = seconds / 5 * i64::from(u16::from_le_bytes(chance)) / i64::from(u16::MAX);
    Some(now + TimeDelta::seconds(seconds - seconds / 10 + jitter))
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Always(u8);

    impl Entropy for Always {
        fn fill(&self, buffer: &mut [u8]) {
            buffer.fill(self.0);
        }
    }

    #[test]
    fn waits_differ_by_a_tenth_double_with_failures_and_end_at_a_week() {
        let now = DateTime::UNIX_EPOCH;
        let hours = |every, failures, chance| {
            next_at(now, every, failures, &Always(chance)).map(|at| (at - now).num_minutes())
        };
        assert_eq!(hours(24, 0, 0), Some(24 * 54));
        assert_eq!(hours(24, 0, 255), Some(24 * 66));
        assert_eq!(hours(24, 1, 0), Some(48 * 54));
        assert_eq!(hours(24, 9, 0), Some(168 * 54));
        assert_eq!(hours(720, 9, 0), Some(720 * 54));
        assert_eq!(hours(i32::MAX, i32::MAX, 0), Some(720 * 54));
        assert_eq!(hours(0, 0, 0), None);
        assert_eq!(hours(-5, 0, 0), None);
    }
}
