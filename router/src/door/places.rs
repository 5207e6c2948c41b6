//! How many sockets one caller may have open.

use super::rate::Who;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// The open sockets of all callers.
#[derive(Debug, Default, Clone)]
pub struct Places(Arc<Mutex<HashMap<Who, usize>>>);

/// One open socket; given back when dropped.
#[derive(Debug)]
pub struct Place {
    places: Places,
    who: Who,
}

impl Places {
    /// A place for one more socket, unless the caller has `limit` already; 0 is no limit.
    pub fn take(&self, who: Who, limit: usize) -> Option<Place> {
        let mut open = self.open();
        let count = open.entry(who).or_default();
        if limit > 0 && *count >= limit {
            return None;
        }
        *count += 1;
        Some(Place {
            places: self.clone(),
            who,
        })
    }

    fn open(&self) -> MutexGuard<'_, HashMap<Who, usize>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self.places.open();
        if let Some(count) = open.get_mut(&self.who) {
            *count -= 1;
            // Whoever has none is forgotten, or the map would grow for ever.
            if *count == 0 {
                open.remove(&self.who);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_given_back_and_nothing_is_kept_of_whoever_has_none() {
        let places = Places::default();
        let who = Who::Credential(1);
        let one = places.take(who, 2);
        let two = places.take(who, 2);
        assert!(one.is_some() && two.is_some() && places.take(who, 2).is_none());
        drop(one);
        assert!(places.take(who, 2).is_some());
        drop(two);
        assert!(places.open().is_empty());
    }
}
