//! Asking providers about games, in the background and within their limits.
//!
//! The queue, the budget and the pauses are rows: after a crash at any moment the work goes on
//! where it stood, and no limit is passed because of it. A request is entered into the budget
//! before it is sent.

mod doubt;
pub mod entity;
pub mod ledger;
pub mod looks;
pub mod retire;
pub mod service;
mod settle;
pub mod standing;
pub mod store;
mod turn;
pub mod worker;

use chrono::TimeDelta;
use djinn_kernel::Entropy;

/// The topic that wakes the worker.
pub const TOPIC: &str = "enrichment";

/// How far a game is with a provider. Ordered: what nobody has been told about comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Not asked yet.
    Waiting = 0,
    /// Asked in vain, to be asked again soon.
    Retrying = 1,
    /// Given up for today.
    Failed = 2,
    /// Answered; asked again when the answer is old.
    Settled = 3,
}

/// So many failures in a row end a game's turn for the day.
pub const MAX_ATTEMPTS: i32 = 8;
/// Whoever holds a job longer than this has died. Longer than a request may take.
pub const LEASE: TimeDelta = TimeDelta::seconds(30);
/// A provider that is rate limiting and does not say for how long.
pub const DEFAULT_PAUSE: TimeDelta = TimeDelta::minutes(5);
/// An answer is old after this long.
pub const REFRESH: TimeDelta = TimeDelta::days(30);
/// An answer this old is asked for again when somebody looks at the game.
pub const STALE: TimeDelta = TimeDelta::days(3);
/// Whoever is looked at before any answer came is due as if it had waited this long.
pub const FIRST_IN_LINE: TimeDelta = TimeDelta::days(365);
/// A question that failed this often is asked by itself: it may be what spoils the others' answer.
pub const ALONE_AFTER: i32 = 2;
/// A provider that does not take our key is tried again after this long.
pub const REFUSED_REST: TimeDelta = TimeDelta::hours(1);
/// A failed game's next turn.
pub const FAILED_REST: TimeDelta = TimeDelta::days(1);
/// A provider that was down this often in a row is left alone for a while.
const BREAKER: i32 = 5;

/// How long to wait after the `attempts`th failure: 10 s, 20 s … at most an hour, less up to half
/// by chance so that retries spread out.
pub fn backoff(attempts: i32, entropy: &dyn Entropy) -> TimeDelta {
    let seconds = (10_i64 << attempts.clamp(1, 10).saturating_sub(1)).min(3600);
    let mut byte = [0_u8; 1];
    entropy.fill(&mut byte);
    TimeDelta::milliseconds(seconds * 500 + seconds * 500 * i64::from(byte[0]) / 255)
}

/// How long to leave a provider alone that was down `failures` times in a row, if at all.
pub fn breaker(failures: i32) -> Option<TimeDelta> {
    let over = failures.checked_sub(BREAKER).filter(|over| *over >= 0)?;
    Some(TimeDelta::seconds((60_i64 << over.min(4)).min(900)))
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Full;
    impl Entropy for Full {
        fn fill(&self, buffer: &mut [u8]) {
            buffer.fill(255);
        }
    }

    #[test]
    fn each_failure_doubles_the_wait_up_to_an_hour() {
        let waits: Vec<i64> = [1, 2, 3, 8, 100]
            .into_iter()
            .map(|n| backoff(n, &Full).num_seconds())
            .collect();
        assert_eq!(waits, [10, 20, 40, 1280, 3600]);
    }

    #[test]
    fn a_provider_that_stays_down_is_left_alone_longer_and_longer() {
        assert_eq!(breaker(4), None);
        assert_eq!(breaker(5), Some(TimeDelta::seconds(60)));
        assert_eq!(breaker(50), Some(TimeDelta::seconds(900)));
    }
}
