//! Guessing is bounded: so many attempts by one name, and so many from one address, in a window;
//! then wait.
//!
//! An attempt is counted before the password is looked at, so a hundred at once are ten guesses
//! too. It is counted for names nobody has as well, and never touches logins that are open. One
//! that succeeds is forgotten: a house full of people who sign in rightly is no guesser.

use super::store;
use chrono::{DateTime, TimeDelta, Utc};
use djinn_kernel::{Doing, Fault};
use djinn_subgraph_kit::{ClientAddress, Ports};

/// How often one may guess.
#[derive(Debug, Clone, Copy)]
pub struct Bound {
    attempts: usize,
    window: TimeDelta,
}

/// By one name.
pub const BY_NAME: Bound = Bound {
    attempts: 10,
    window: TimeDelta::minutes(15),
};
/// From one address, whatever the names. A household behind one router, with a child who has
/// forgotten the password, stays below.
pub const BY_ADDRESS: Bound = Bound {
    attempts: 30,
    window: TimeDelta::minutes(10),
};
/// The longest window: what is older counts nowhere.
pub const WINDOW: TimeDelta = BY_NAME.window;

/// What the attempts from an address are counted under. No name has a control character in it, so
/// none counts as an address.
pub fn address(client: ClientAddress) -> String {
    super::digest(&format!("address\u{1f}{}", client.network()))
}

/// Whether one more attempt may be made now: otherwise, the seconds to wait.
pub async fn admit(ports: &Ports, hash: &str, bound: Bound) -> Result<Result<(), i64>, Fault> {
    let now = ports.clock.now();
    let txn = ports
        .db
        .begin()
        .await
        .doing("counting an attempt to sign in")?;
    let mut attempts = store::attempts(&txn, hash, now).await?;
    let outcome = count(&mut attempts, bound, now);
    if outcome.is_ok() {
        store::set_attempts(&txn, hash, &attempts, now).await?;
    }
    txn.commit().await.doing("counting an attempt to sign in")?;
    Ok(outcome)
}

/// Takes the latest attempt back: it was right.
pub async fn forgive(
    txn: &impl sea_orm::ConnectionTrait,
    hash: &str,
    now: DateTime<Utc>,
) -> Result<(), Fault> {
    let mut attempts = store::attempts(txn, hash, now).await?;
    attempts.pop();
    store::set_attempts(txn, hash, &attempts, now).await
}

/// Slides the window, and notes this attempt if there is room for it.
fn count(attempts: &mut Vec<DateTime<Utc>>, bound: Bound, now: DateTime<Utc>) -> Result<(), i64> {
    attempts.retain(|at| *at > now - bound.window);
    if attempts.len() < bound.attempts {
        attempts.push(now);
        return Ok(());
    }
    let free_at = attempts
        .iter()
        .min()
        .map_or(now, |oldest| *oldest + bound.window);
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
                count(&mut attempts, BY_NAME, start + TimeDelta::seconds(second)),
                Ok(())
            );
        }
        assert_eq!(
            count(&mut attempts, BY_NAME, start + TimeDelta::seconds(10)),
            Err(15 * 60 - 10 + 1)
        );
        assert_eq!(
            count(&mut attempts, BY_NAME, start + BY_NAME.window),
            Ok(())
        );
        assert!(count(&mut attempts, BY_NAME, start + BY_NAME.window).is_err());
    }
}
