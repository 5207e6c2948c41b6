//! The indexes of the households that were searched lately.

use super::{index::Index, store};
use djinn_kernel::{Doing, Fault};
use djinn_subgraph_kit::Ports;
use std::{sync::Arc, time::Duration};
use tokio::sync::Mutex;
use uuid::Uuid;

/// How many households' indexes are kept.
const HOUSEHOLDS: u64 = 64;
/// An index nobody searched this long is dropped.
const IDLE: Duration = Duration::from_hours(1);

/// Indexes by household. One for each process; the revision in the database keeps them honest.
#[derive(Debug, Clone)]
pub struct Indexes {
    /// The lock makes a second request wait for the first one's reading instead of repeating it.
    slots: moka::sync::Cache<Uuid, Arc<Mutex<Arc<Index>>>>,
}

impl Default for Indexes {
    fn default() -> Self {
        Self {
            slots: moka::sync::Cache::builder()
                .max_capacity(HOUSEHOLDS)
                .time_to_idle(IDLE)
                .build(),
        }
    }
}

impl Indexes {
    /// The household's games as they are now: one small query when nothing changed, otherwise
    /// also the rows that did.
    pub async fn of(&self, ports: &Ports, household: Uuid) -> Result<Arc<Index>, Fault> {
        let db = ports.db.read();
        let rev = crate::game::store::rev(db, household).await?;
        let slot = self.slots.get_with(household, Arc::default);
        let mut slot = slot.lock().await;
        if slot.rev < rev || !slot.waiting.is_empty() {
            let changes = store::changes(db, household, slot.rev, &slot.waiting).await?;
            // Folding ten thousand titles takes a while; others are served meanwhile.
            let before = Arc::clone(&slot);
            let after = tokio::task::spawn_blocking(move || Arc::new(before.after(changes)));
            *slot = after.await.doing("building the index")?;
        }
        Ok(Arc::clone(&slot))
    }
}
