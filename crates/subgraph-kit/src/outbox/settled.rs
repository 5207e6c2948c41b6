//! Waiting, for a moment, until others have taken an event: so that an answer that shows what they
//! hold of it shows what they hold now.

use super::{DELIVERED, row};
use crate::{Bus, Db};
use djinn_kernel::{Doing, Fault, ids::EventId};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use std::time::Duration;

/// Waits until every subscriber has acknowledged `events`, at most `within`: then whoever asks
/// goes on, and the events come later as always. Call it after the commit, and after poking the
/// relay. Says whether all have been taken.
pub async fn settled(db: &Db, bus: &dyn Bus, events: &[EventId], within: Duration) -> bool {
    if events.is_empty() {
        return true;
    }
    // Watched before the first look: what is delivered between the two is not missed.
    let mut delivered = bus.watch(DELIVERED);
    let waited = tokio::time::timeout(within, async {
        while waiting(db, events).await? > 0 {
            delivered.poked().await;
        }
        Ok::<(), Fault>(())
    });
    match waited.await {
        Ok(Ok(())) => true,
        Ok(Err(fault)) => {
            tracing::warn!(%fault, "looking whether events have been taken");
            false
        }
        Err(_) => false,
    }
}

/// How many of `events` somebody has not acknowledged yet.
async fn waiting(db: &Db, events: &[EventId]) -> Result<u64, Fault> {
    let ids = events.iter().map(|id| id.0);
    row::Entity::find()
        .filter(row::Column::Id.is_in(ids))
        .filter(row::Column::DeliveredAt.is_null())
        .count(db.read())
        .await
        .doing("looking whether events have been taken")
}
