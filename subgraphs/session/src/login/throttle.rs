//! Guessing is bounded: so many attempts by one name, and so many from one address, in a window;
//! then wait, by one name ever longer.
//!
//! An attempt is counted before the password is looked at, so a hundred at once are five guesses
//! too. It is counted for names nobody has as well, and never touches logins that are open. One
//! that succeeds is forgotten: a house full of people who sign in rightly is no guesser.
//!
//! Whoever guesses at a name makes its owner wait nowhere they have signed in before: from such a
//! network the name has a count of its own.

use super::store;
use chrono::{DateTime, TimeDelta, Utc};
use djinn_kernel::{Doing, Fault};
use djinn_subgraph_kit::{ClientAddress, Ports};

/// How often one may guess.
#[derive(Debug, Clone, Copy)]
pub struct Bound {
    attempts: usize,
    window: TimeDelta,
    /// Each attempt above that many doubles the wait for the next, beginning with the window.
    doubles: bool,
}

/// By one name.
pub const BY_NAME: Bound = Bound {
    attempts: 5,
    window: TimeDelta::minutes(1),
    doubles: true,
};
/// From one address, whatever the names.
pub const BY_ADDRESS: Bound = Bound {
    attempts: 10,
    window: TimeDelta::minutes(10),
    doubles: false,
};
/// The longest wait between two attempts by one name: nobody is locked out for good.
const LONGEST: TimeDelta = TimeDelta::minutes(15);
/// What is older counts nowhere.
pub const MEMORY: TimeDelta = TimeDelta::hours(1);
/// How long a network from which somebody signed in is known as theirs.
pub const KNOWN: TimeDelta = TimeDelta::days(90);

/// What the attempts from an address are counted under. No name has a control character in it, so
/// none counts as an address.
pub fn address(client: ClientAddress) -> String {
    super::digest(&format!("address\u{1f}{}", client.network()))
}

/// What the attempts by a name from one network are counted under.
pub fn place(name: &str, client: ClientAddress) -> String {
    super::digest(&format!("place\u{1f}{name}\u{1f}{}", client.network()))
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

/// Forgets what is old, and notes this attempt if there is room for it.
fn count(attempts: &mut Vec<DateTime<Utc>>, bound: Bound, now: DateTime<Utc>) -> Result<(), i64> {
    attempts.retain(|at| *at > now - MEMORY);
    attempts.sort_unstable();
    match free_at(attempts, bound).filter(|free_at| *free_at > now) {
        // A part of a second is waited for whole.
        Some(free_at) => Err((free_at - now).num_milliseconds().div_euclid(1000) + 1),
        None => {
            attempts.push(now);
            Ok(())
        }
    }
}

/// When there is room for another after these, in their order; `None` when there always was.
fn free_at(attempts: &[DateTime<Utc>], bound: Bound) -> Option<DateTime<Utc>> {
    let above = attempts.len().checked_sub(bound.attempts)?;
    let slides = attempts.get(above).map(|at| *at + bound.window);
    let doubled = attempts.last().filter(|_| bound.doubles).map(|last| {
        let times = 1_i32 << above.min(10);
        *last + (bound.window * times).min(LONGEST)
    });
    slides.max(doubled)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Guesses as soon as it may, so often; the seconds between one and the next.
    fn waits(bound: Bound, guesses: usize) -> Vec<i64> {
        let (mut now, mut attempts) = (DateTime::UNIX_EPOCH, Vec::new());
        let mut waits = Vec::new();
        for _ in 0..guesses {
            let mut waited = 0;
            while let Err(seconds) = count(&mut attempts, bound, now) {
                waited += seconds;
                now += TimeDelta::seconds(seconds);
            }
            waits.push(waited);
        }
        waits
    }

    #[test]
    fn by_one_name_five_are_free_then_the_wait_doubles_up_to_a_quarter_of_an_hour() {
        assert_eq!(
            waits(BY_NAME, 11),
            [0, 0, 0, 0, 0, 61, 121, 241, 481, 901, 901]
        );
    }

    #[test]
    fn from_one_address_ten_are_free_in_any_ten_minutes() {
        let mut expected = vec![0; 10];
        expected.push(601);
        expected.extend([0; 9]);
        assert_eq!(waits(BY_ADDRESS, 20), expected);
    }

    #[test]
    fn an_hour_of_peace_is_forgotten() {
        let start = DateTime::UNIX_EPOCH;
        let mut attempts = vec![start; 9];
        assert!(count(&mut attempts, BY_NAME, start + TimeDelta::minutes(14)).is_err());
        assert_eq!(count(&mut attempts, BY_NAME, start + MEMORY), Ok(()));
        assert_eq!(attempts.len(), 1);
    }
}
