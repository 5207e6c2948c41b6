//! The outcomes of the last comparisons: further pages of a queue compare nothing anew, and who asks
//! while the same is being compared waits for that. Of whoever gave up waiting the work goes on, and
//! is there when they ask again.

use super::{MOST_FOUND, Pair};
use std::{
    collections::VecDeque,
    hash::{BuildHasher, Hash, RandomState},
    sync::{Arc, Mutex, OnceLock, PoisonError},
};
use uuid::Uuid;

/// How many outcomes are kept, of all households together.
const KEPT: usize = 16;
/// How many pairs they have together at most: each takes half a kilobyte. Any single one fits.
const MOST_PAIRS: usize = 2 * MOST_FOUND;

/// Whose games were compared, and a digest of everything that was compared of them. So no outcome
/// outlives a change, and none is another household's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key {
    household: Uuid,
    digest: u64,
}

/// What came of a comparison, or will.
type Outcome = Arc<OnceLock<Arc<Vec<Pair>>>>;
/// Outcomes, the newest first.
type Outcomes = VecDeque<(Key, Outcome)>;

/// The outcomes of the last comparisons.
#[derive(Debug, Clone, Default)]
pub struct Recent {
    kept: Arc<Mutex<Outcomes>>,
    hashing: RandomState,
}

impl Recent {
    /// What to keep the outcome for `compared` under.
    pub fn key(&self, household: Uuid, compared: impl Hash) -> Key {
        let digest = self.hashing.hash_one(compared);
        Key { household, digest }
    }

    /// The outcome of that comparison, made by `compare` unless it is known. Blocks while another
    /// thread makes the same one.
    pub fn or_compare(&self, key: Key, compare: impl FnOnce() -> Vec<Pair>) -> Arc<Vec<Pair>> {
        let outcome = self.outcome(key);
        let pairs = Arc::clone(outcome.get_or_init(|| Arc::new(compare())));
        self.make_room();
        pairs
    }

    fn outcome(&self, key: Key) -> Outcome {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, known)) = kept.iter().find(|(other, _)| *other == key) {
            return Arc::clone(known);
        }
        let outcome = Outcome::default();
        kept.truncate(KEPT - 1);
        kept.push_front((key, Arc::clone(&outcome)));
        outcome
    }

    /// Forgets the oldest, as far as all together are too many pairs.
    fn make_room(&self) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let mut room = MOST_PAIRS;
        kept.retain(|(_, outcome)| {
            let count = outcome.get().map_or(0, |pairs| pairs.len());
            let fits = count <= room;
            room -= if fits { count } else { 0 };
            fits
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::duplicate::Likeness;

    #[test]
    fn the_same_is_compared_once_and_what_changed_anew() {
        let recent = Recent::default();
        let household = Uuid::from_u128(1);
        let count = std::cell::Cell::new(0);
        let compare = |household, what: &str| {
            let key = recent.key(household, what);
            recent.or_compare(key, || {
                count.set(count.get() + 1);
                Vec::new()
            });
            count.get()
        };
        assert_eq!(compare(household, "a"), 1);
        assert_eq!(compare(household, "a"), 1);
        assert_eq!(compare(household, "b"), 2, "something changed");
        assert_eq!(compare(Uuid::from_u128(2), "a"), 3, "somebody else's");
        for n in 0..KEPT {
            compare(household, &n.to_string());
        }
        assert_eq!(recent.kept.lock().unwrap().len(), KEPT);
        let before = count.get();
        assert_eq!(compare(household, "a"), before + 1, "pushed out by newer");
    }

    fn pair(n: u128) -> Pair {
        Pair {
            one: Uuid::from_u128(n),
            other: Uuid::max(),
            likeness: Likeness {
                confidence: 0.5,
                proof: Vec::new(),
            },
        }
    }

    #[test]
    fn the_longest_outcome_there_is_is_kept_and_the_oldest_make_room() {
        let recent = Recent::default();
        let long = |household: u128, most: usize| {
            let key = recent.key(Uuid::from_u128(household), "shelf");
            let mut compared = false;
            let pairs = recent.or_compare(key, || {
                compared = true;
                (0..most as u128).map(pair).collect()
            });
            assert_eq!(pairs.len(), most);
            compared
        };
        assert!(long(1, MOST_FOUND), "for the first time");
        assert!(!long(1, MOST_FOUND), "it was kept");
        assert!(long(2, MOST_FOUND) && long(3, 1));
        assert!(!long(3, 1) && !long(2, MOST_FOUND));
        assert!(long(1, MOST_FOUND), "it made room");
    }

    #[test]
    fn who_asks_while_the_same_is_compared_waits_for_that() {
        let recent = Recent::default();
        let count = std::sync::atomic::AtomicUsize::new(0);
        let begun = std::sync::Barrier::new(2);
        let key = recent.key(Uuid::from_u128(1), "shelf");
        std::thread::scope(|scope| {
            let first = scope.spawn(|| {
                recent.or_compare(key, || {
                    count.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                    begun.wait();
                    vec![pair(1)]
                })
            });
            begun.wait();
            // The first has begun, and may or may not be done.
            let second = recent.or_compare(key, || {
                count.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                Vec::new()
            });
            assert_eq!(second, first.join().unwrap());
        });
        assert_eq!(count.into_inner(), 1, "compared once");
    }
}
