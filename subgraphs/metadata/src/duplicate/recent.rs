//! The outcomes of the last comparisons: further pages of a queue compare nothing anew.

use super::Pair;
use std::{
    collections::VecDeque,
    hash::{BuildHasher, Hash, RandomState},
    sync::{Arc, Mutex, PoisonError},
};
use uuid::Uuid;

/// How many outcomes are kept, of all households together.
const KEPT: usize = 16;
/// An outcome of more pairs is not kept.
const MOST_PAIRS: usize = 2_000;

/// Whose games were compared, and a digest of everything that was compared of them. So no outcome
/// outlives a change, and none is another household's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key {
    household: Uuid,
    digest: u64,
}

/// Outcomes, the newest first.
type Outcomes = VecDeque<(Key, Arc<Vec<Pair>>)>;

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

    /// The outcome of that comparison, made by `compare` unless it is known.
    pub fn or_compare(&self, key: Key, compare: impl FnOnce() -> Vec<Pair>) -> Arc<Vec<Pair>> {
        if let Some(known) = self.get(key) {
            return known;
        }
        let pairs = Arc::new(compare());
        if pairs.len() <= MOST_PAIRS {
            let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
            kept.retain(|(other, _)| *other != key);
            kept.truncate(KEPT - 1);
            kept.push_front((key, Arc::clone(&pairs)));
        }
        pairs
    }

    fn get(&self, key: Key) -> Option<Arc<Vec<Pair>>> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let known = kept.iter().find(|(other, _)| *other == key);
        known.map(|(_, pairs)| Arc::clone(pairs))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
