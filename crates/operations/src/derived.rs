//! What an adapter makes of a catalogue, made anew when the catalogue has changed.

use crate::{Catalogue, Live};
use std::sync::{Arc, Mutex, PoisonError};

/// Something made of a [`Live`] catalogue: an index, a table of routes, a description. Made when
/// it is first asked for, and again after each change.
pub struct Derived<T> {
    live: Live,
    make: fn(&Catalogue) -> T,
    kept: Mutex<Option<(Arc<Catalogue>, Arc<T>)>>,
}

impl<T> Derived<T> {
    /// By `make`, of `live`.
    pub const fn new(live: Live, make: fn(&Catalogue) -> T) -> Self {
        Self {
            live,
            make,
            kept: Mutex::new(None),
        }
    }

    /// As it is now.
    pub fn now(&self) -> Arc<T> {
        let catalogue = self.live.now();
        // What is kept is whole or absent: a panic while making leaves what was there before.
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((of, made)) = &*kept
            && Arc::ptr_eq(of, &catalogue)
        {
            return Arc::clone(made);
        }
        let made = Arc::new((self.make)(&catalogue));
        *kept = Some((catalogue, Arc::clone(&made)));
        made
    }
}
