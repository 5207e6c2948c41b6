//! Synchronisation: a run reads an account's list, waits until its copies are matched to games,
//! then until a provider has been asked about each.
//!
//! A run is a row and every step of it a transaction, so it goes on after a crash where it stood.
//! Its words and pure rules are here.

pub mod breaker;
pub mod entity;
pub mod graphql;
mod lacking;
pub mod listing;
pub mod loader;
pub mod progress;
mod recent;
pub mod schedule;
mod service;
pub mod store;
pub mod stream;
mod why;
pub mod worker;

pub use service::{SyncError, Syncs};
pub use why::{Said, Why};

use async_graphql::Enum;
use sea_orm::{DeriveActiveEnum, EnumIter};
use std::time::Duration;
use uuid::Uuid;

/// What a run is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum SyncStage {
    /// Reading the account's list of games.
    #[sea_orm(string_value = "LISTING")]
    Listing,
    /// Finding out which game each copy is.
    #[sea_orm(string_value = "MATCHING")]
    Matching,
    /// Asking providers about the games. The library can be used already.
    #[sea_orm(string_value = "ENRICHING")]
    Enriching,
    /// Asking the platform for achievements, as far as its budget goes; the rest follows by itself
    /// after the run. The library can be used already.
    #[sea_orm(string_value = "ACHIEVEMENTS")]
    Achievements,
    /// Nothing is left to do.
    #[sea_orm(string_value = "DONE")]
    Done,
}

impl SyncStage {
    /// Whether the list is in and matched: what is missing comes by itself, whatever runs.
    pub const fn is_settled(self) -> bool {
        matches!(self, Self::Enriching | Self::Achievements | Self::Done)
    }
}

/// How a run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum SyncState {
    /// It will start as soon as there is a hand free.
    #[sea_orm(string_value = "QUEUED")]
    Queued,
    /// It is under way.
    #[sea_orm(string_value = "RUNNING")]
    Running,
    /// It goes on by itself, at `rateLimitedUntil` or after a moment.
    #[sea_orm(string_value = "WAITING")]
    Waiting,
    /// It got to its end.
    #[sea_orm(string_value = "SUCCEEDED")]
    Succeeded,
    /// It gave up; `error` says why. `retrySync` tries again.
    #[sea_orm(string_value = "FAILED")]
    Failed,
    /// A newer run took its place.
    #[sea_orm(string_value = "SUPERSEDED")]
    Superseded,
}

impl SyncState {
    /// Whether nothing comes after it.
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Succeeded | Self::Failed | Self::Superseded)
    }
}

/// The topic that wakes the sync worker.
pub const TOPIC: &str = "library.sync";

/// The topic of one library's progress.
pub fn topic(library: Uuid) -> String {
    format!("sync:{library}")
}

/// How many copies one transaction takes over.
pub const PAGE: usize = 100;
/// How often a provider is tried before a run fails.
pub const MAX_ATTEMPTS: i32 = 8;
/// How long a worker may be silent before another takes its runs over. It speaks at least every
/// five seconds. One that was merely slow finds its run taken at its next step and writes nothing.
pub const LEASE: Duration = Duration::from_secs(20);
/// How many runs of a library are remembered.
pub const REMEMBERED: u64 = 100;
/// The longest wait between two tries that we choose ourselves.
const LONGEST_WAIT: Duration = Duration::from_mins(30);

/// How long to wait after the failed try number `attempt` (from 1): 5 s, 15 s, 45 s … 30 min,
/// between half and all of it as `chance` (any number) has it, and never less than the provider
/// asked for.
pub fn wait_after(attempt: i32, retry_after: Option<Duration>, chance: u16) -> Duration {
    let tries = attempt.clamp(1, MAX_ATTEMPTS) - 1;
    let whole = Duration::from_secs(5 * 3_u64.pow(tries as u32)).min(LONGEST_WAIT);
    let jittered = whole / 2 + whole.mul_f64(f64::from(chance) / f64::from(u16::MAX)) / 2;
    jittered.max(retry_after.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_jitter_within_half_and_end_at_half_an_hour() {
        assert_eq!(wait_after(1, None, u16::MAX), Duration::from_secs(5));
        assert_eq!(wait_after(1, None, 0), Duration::from_millis(2500));
        assert_eq!(wait_after(3, None, u16::MAX), Duration::from_secs(45));
        assert_eq!(wait_after(8, None, u16::MAX), LONGEST_WAIT);
        assert_eq!(wait_after(i32::MAX, None, u16::MAX), LONGEST_WAIT);
    }

    #[test]
    fn a_provider_that_asks_for_longer_gets_longer() {
        assert_eq!(
            wait_after(1, Some(Duration::from_secs(90)), 7),
            Duration::from_secs(90)
        );
    }
}
