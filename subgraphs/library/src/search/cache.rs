//! The indexes of the households that were searched lately.

use super::{index::Index, store};
use crate::game::family;
use djinn_kernel::{Doing, Fault, viewer::Identity};
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
    slots: moka::sync::Cache<Uuid, Arc<Mutex<Slot>>>,
}

/// The games of one household at one revision.
#[derive(Debug, Default)]
struct Slot {
    /// All of them.
    whole: Arc<Index>,
    /// As its children see them, once one has looked.
    of_children: Option<Arc<Index>>,
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
    /// The games of the viewer's household as they are now: one small query when nothing changed,
    /// otherwise also the rows that did. A child gets what children see, before its own ceiling;
    /// so nothing that is counted, sorted or gathered from an index tells it more.
    pub async fn of(&self, ports: &Ports, viewer: &Identity) -> Result<Arc<Index>, Fault> {
        let household = viewer.household.0;
        let db = ports.db.read();
        let rev = crate::game::store::rev(db, household).await?;
        let slot = self.slots.get_with(household, Arc::default);
        let mut slot = slot.lock().await;
        let whole = &slot.whole;
        if whole.rev < rev || !whole.waiting.is_empty() {
            let changes = store::changes(db, household, whole.rev, &whole.waiting).await?;
            // Folding ten thousand titles takes a while; others are served meanwhile.
            let before = Arc::clone(whole);
            let after = tokio::task::spawn_blocking(move || Arc::new(before.after(changes)));
            *slot = Slot {
                whole: after.await.doing("building the index")?,
                of_children: None,
            };
        }
        if family::sees_hidden(viewer.family) && family::reads_marks(viewer.family) {
            return Ok(Arc::clone(&slot.whole));
        }
        if let Some(theirs) = &slot.of_children {
            return Ok(Arc::clone(theirs));
        }
        let whole = Arc::clone(&slot.whole);
        let theirs = tokio::task::spawn_blocking(move || Arc::new(whole.for_children()));
        let theirs = theirs.await.doing("building the index")?;
        slot.of_children = Some(Arc::clone(&theirs));
        Ok(theirs)
    }
}
