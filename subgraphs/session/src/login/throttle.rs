//! Guessing is bounded: ten attempts by one name in any 15 minutes, then wait.
//!
//! An attempt is counted before the password is looked at, so a hundred at once are ten guesses
//! too. It is counted for names nobody has as well, and never touches logins that are open.

use super::{digest, store};
use chrono::{DateTime, TimeDelta, Utc};
use djinn_kernel::{Doing, Fault};
use djinn_subgraph_kit::Ports;

/// Attempts in one window.
const ATTEMPTS: usize = 10;
/// The window.
pub const WINDOW: TimeDelta = TimeDelta::minutes(15);

/// Whether one more attempt by this name may be made now: otherwise, the seconds to wait.
pub async fn admit(ports: &Ports, name_key: &str) -> Result<Result<(), i64>, Fault> {
    let hash = digest(name_key);
    let now = ports.clock.now();
    let txn = ports
        .db
        .begin()
        .await
        .doing("counting an attempt to sign in")?;
    let mut attempts = store::attempts(&txn, &hash, now).await?;
    let outcome = count(&mut attempts, now);
    if outcome.is_ok() {
        store::set_attempts(&txn, &hash, &attempts, now).await?;
    }
    txn.commit().await.doing("counting an attempt to sign in")?;
    Ok(outcome)
}

/// Slides the window, and notes this attempt if there is room for it.
fn count(attempts: &mut Vec<DateTime<Utc>>, now: DateTime<Utc>) -> Result<(), i64> {
    attempts.retain(|at| *at > now - WINDOW);
    if attempts.len() < ATTEMPTS {
        attempts.push(now);
        return Ok(());
    }
    let free_at = attempts.iter().min().map_or(now, |oldest| *oldest + WINDOW);
    Err((free_at - now).num_seconds().max(0) + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_eleventh_attempt_waits_until_the_first_leaves_the_window() {
        let start = DateTime::UNIX_EPOCH;
        let mut attempts = Vec::new();
        for second in 0..10 {
            assert_eq!(
                count(&mut attempts, start + TimeDelta::seconds(second)),
                Ok(())
            );
        }
        assert_eq!(
            count(&mut attempts, start + TimeDelta::seconds(10)),
            Err(15 * 60 - 10 + 1)
        );
        assert_eq!(count(&mut attempts, start + WINDOW), Ok(()));
        assert!(count(&mut attempts, start + WINDOW).is_err());
    }
}
