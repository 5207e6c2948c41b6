//! The one query of statistics.

use crate::sync::{SyncStage, entity::run};
use chrono::{DateTime, Utc};
use djinn_kernel::{Doing, Fault};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

/// When the last sync of `household` that reached its end did so.
pub async fn last_sync(
    conn: &impl ConnectionTrait,
    household: Uuid,
) -> Result<Option<DateTime<Utc>>, Fault> {
    // A run whose listing is in counts, also while store pages still follow.
    let last: Option<(DateTime<Utc>, Option<DateTime<Utc>>)> = run::Entity::find()
        .select_only()
        .column(run::Column::StartedAt)
        .column(run::Column::FinishedAt)
        .filter(run::Column::HouseholdId.eq(household))
        .filter(run::Column::Stage.is_in([SyncStage::Enriching, SyncStage::Done]))
        .order_by_desc(run::Column::StartedAt)
        .order_by_desc(run::Column::Id)
        .limit(1)
        .into_tuple()
        .one(conn)
        .await
        .doing("finding the last sync")?;
    Ok(last.map(|(started, finished)| finished.unwrap_or(started)))
}
