//! The one query of statistics.

use crate::sync::{SyncState, entity::run};
use chrono::{DateTime, Utc};
use djinn_kernel::{Doing, Fault};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

/// When the last sync of `household` that reached its end did so.
pub async fn last_sync(
    conn: &impl ConnectionTrait,
    household: Uuid,
) -> Result<Option<DateTime<Utc>>, Fault> {
    let last: Option<Option<DateTime<Utc>>> = run::Entity::find()
        .select_only()
        .column(run::Column::FinishedAt)
        .filter(run::Column::HouseholdId.eq(household))
        .filter(run::Column::State.eq(SyncState::Succeeded))
        .filter(run::Column::FinishedAt.is_not_null())
        .order_by_desc(run::Column::FinishedAt)
        .limit(1)
        .into_tuple()
        .one(conn)
        .await
        .doing("finding the last sync")?;
    Ok(last.flatten())
}
