//! What reached whom, and when.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant, SystemTime},
};

/// One change at one follower.
#[derive(Debug, Clone, Copy)]
pub struct Arrival {
    /// Which change.
    pub change: u64,
    /// From sending it until the system had received it for the follower.
    pub received: Duration,
    /// From sending it until the bench had read it.
    pub read: Duration,
    /// Whether the system said when it had received it; if not, it counts as it was read.
    pub stamped: bool,
}

/// When each change was sent, and what came of it to each follower. All by the clock that the system
/// stamps with what it receives.
pub struct Arrivals {
    begun: (SystemTime, Instant),
    sent: Mutex<Vec<Option<SystemTime>>>,
    came: Mutex<Vec<Arrival>>,
}

impl Arrivals {
    /// For this many changes.
    pub fn new(changes: u64) -> Self {
        Self {
            begun: (SystemTime::now(), Instant::now()),
            sent: Mutex::new(vec![None; changes as usize + 1]),
            came: Mutex::default(),
        }
    }

    /// A change is about to be made.
    pub fn sent(&self, change: u64) {
        if let Some(sent) = lock(&self.sent).get_mut(change as usize) {
            *sent = Some(SystemTime::now());
        }
    }

    /// A change was read, and had been received when the stamp says, if there is one.
    pub fn came(&self, change: u64, stamp: Option<SystemTime>, read: SystemTime) {
        let sent = lock(&self.sent).get(change as usize).copied().flatten();
        if let Some(sent) = sent {
            let since = |at: SystemTime| at.duration_since(sent).unwrap_or_default();
            lock(&self.came).push(Arrival {
                change,
                received: since(stamp.unwrap_or(read)),
                read: since(read),
                stamped: stamp.is_some(),
            });
        }
    }

    /// Waits until every change reached `followers` of them; no when that takes too long.
    pub async fn all_of(&self, followers: usize, patience: Duration) -> bool {
        let last = lock(&self.sent).len() as u64 - 1;
        self.upto(last, followers, patience).await
    }

    /// Waits until the changes up to this one reached `followers` of them; no when that takes too
    /// long.
    pub async fn upto(&self, change: u64, followers: usize, patience: Duration) -> bool {
        let wanted = followers * change as usize;
        let begun = Instant::now();
        while lock(&self.came).len() < wanted {
            if begun.elapsed() > patience {
                return false;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        true
    }

    /// All that came.
    pub fn all(&self) -> Vec<Arrival> {
        lock(&self.came).clone()
    }

    /// By how much somebody has set the clock since the beginning, which no latency should depend on.
    pub fn clock_set_by(&self) -> Duration {
        let (clock, steady) = self.begun;
        let by_clock = clock.elapsed().unwrap_or_default();
        by_clock.abs_diff(steady.elapsed())
    }
}

fn lock<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}
