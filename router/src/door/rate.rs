//! How often one caller may ask: a bucket of tokens for each, in bounded memory.

use djinn_kernel::Viewer;
use djinn_subgraph_kit::ClientAddress;
use moka::{policy::EvictionPolicy, sync::Cache};
use std::{
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

/// Buckets that are remembered; the one that was not asked for the longest makes room.
const BUCKETS: u64 = 20_000;
/// Nothing is counted for a caller who says nothing for this long: the bucket is full again.
const FORGET: Duration = Duration::from_mins(10);

/// Whose requests are counted together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Who {
    /// A login or an API key.
    Credential(u128),
    /// Somebody whom the hub knows without a credential of their own, at an address.
    Player(u128, Option<IpAddr>),
    /// Whoever has not signed in, by address; a network of IPv6 counts as one.
    Address(IpAddr),
}

impl Who {
    /// Nothing for the hub itself, and for those of whom nothing is known.
    pub fn of(viewer: &Viewer, client: Option<ClientAddress>) -> Option<Self> {
        let network = client.map(ClientAddress::network);
        match viewer {
            Viewer::Hub => None,
            Viewer::Anonymous => network.map(Self::Address),
            Viewer::Known(identity) => {
                let key = identity.key.map(|key| key.0.as_u128());
                let login = identity.login.map(|login| login.0.as_u128());
                Some(match key.or(login) {
                    Some(credential) => Self::Credential(credential),
                    None => Self::Player(identity.player.0.as_u128(), network),
                })
            }
        }
    }
}

/// How often, and how many at once after a rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// Requests a second; 0 for no limit.
    pub per_second: u32,
    /// Requests at once.
    pub burst: u32,
}

impl Default for Rate {
    fn default() -> Self {
        Self {
            per_second: 50,
            burst: 200,
        }
    }
}

/// Too many requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "No more than {} requests a second are answered for one caller, {} at once. Wait {} s.",
    rate.per_second, rate.burst, wait.as_secs()
)]
pub struct TooMany {
    rate: Rate,
    /// Whole seconds until there is a token again.
    pub wait: Duration,
}

/// The buckets of all callers.
#[derive(Debug, Clone)]
pub struct Rates {
    rate: Rate,
    buckets: Cache<Who, Arc<Mutex<Bucket>>>,
}

#[derive(Debug)]
struct Bucket {
    tokens: f64,
    at: Instant,
}

impl Default for Rates {
    fn default() -> Self {
        Self::new(Rate::default())
    }
}

impl Rates {
    /// One rate for every caller.
    pub fn new(rate: Rate) -> Self {
        Self {
            rate,
            // The last recently used goes first: a bucket that was just made must not, or a crowd
            // would have a full one at each request.
            buckets: Cache::builder()
                .max_capacity(BUCKETS)
                .time_to_idle(FORGET)
                .eviction_policy(EvictionPolicy::lru())
                .build(),
        }
    }

    /// Takes a token out of a caller's bucket.
    pub fn take(&self, who: Option<Who>) -> Result<(), TooMany> {
        match who {
            Some(who) if self.rate.per_second > 0 => self.take_at(who, Instant::now()),
            _ => Ok(()),
        }
    }

    fn take_at(&self, who: Who, now: Instant) -> Result<(), TooMany> {
        let per_second = f64::from(self.rate.per_second);
        let burst = f64::from(self.rate.burst.max(1));
        let bucket = self.buckets.get_with(who, || {
            Arc::new(Mutex::new(Bucket {
                tokens: burst,
                at: now,
            }))
        });
        let mut bucket = bucket.lock().unwrap_or_else(PoisonError::into_inner);
        let rest = now.saturating_duration_since(bucket.at).as_secs_f64();
        bucket.tokens = (bucket.tokens + rest * per_second).min(burst);
        bucket.at = now;
        if bucket.tokens >= 1.0 {
            bucket.tokens -= 1.0;
            return Ok(());
        }
        let wait = ((1.0 - bucket.tokens) / per_second).ceil().max(1.0);
        metrics::counter!("djinn_router_rate_limited_total").increment(1);
        Err(TooMany {
            rate: self.rate,
            wait: Duration::from_secs(wait as u64),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: Rate = Rate {
        per_second: 10,
        burst: 3,
    };

    fn address(last: u8) -> Who {
        Who::Address(IpAddr::from([192, 0, 2, last]))
    }

    #[test]
    fn a_burst_is_answered_and_then_as_many_as_the_rate_says() {
        let rates = Rates::new(RATE);
        let start = Instant::now();
        for _ in 0..3 {
            assert_eq!(rates.take_at(address(1), start), Ok(()));
        }
        let refused = rates.take_at(address(1), start).unwrap_err();
        assert_eq!(refused.wait, Duration::from_secs(1));
        assert!(refused.to_string().contains("10 requests a second"));
        let later = start + Duration::from_millis(100);
        assert_eq!(rates.take_at(address(1), later), Ok(()));
        assert!(rates.take_at(address(1), later).is_err());
        // A long rest fills the bucket, and no more.
        let later = start + Duration::from_mins(1);
        let taken = (0..10).filter(|_| rates.take_at(address(1), later).is_ok());
        assert_eq!(taken.count(), 3);
    }

    #[test]
    fn one_caller_does_not_use_up_what_another_has() {
        let rates = Rates::new(RATE);
        let now = Instant::now();
        while rates.take_at(address(1), now).is_ok() {}
        assert_eq!(rates.take_at(address(2), now), Ok(()));
    }

    #[test]
    fn no_rate_is_no_limit() {
        let rates = Rates::new(Rate {
            per_second: 0,
            burst: 0,
        });
        assert!((0..10_000).all(|_| rates.take(Some(address(1))).is_ok()));
    }

    #[test]
    fn a_crowd_of_addresses_takes_no_more_memory_than_is_set_aside() {
        let rates = Rates::new(RATE);
        let now = Instant::now();
        for number in 0..60_000_u32 {
            let _ = rates.take_at(Who::Address(IpAddr::from(number.to_be_bytes())), now);
        }
        rates.buckets.run_pending_tasks();
        assert!(rates.buckets.entry_count() <= BUCKETS);
    }
}
