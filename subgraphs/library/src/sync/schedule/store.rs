//! The only queries on schedules.

use super::entity::{Column, Entity, Model};
use chrono::{DateTime, Utc};
use djinn_kernel::{Doing, Fault};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect, sea_query::OnConflict,
};
use uuid::Uuid;

/// A library's schedule, locked until the transaction ends; a new one when it has none.
pub async fn lock(
    txn: &impl ConnectionTrait,
    library: Uuid,
    household: Uuid,
) -> Result<Model, Fault> {
    let row = Entity::find_by_id(library)
        .lock_exclusive()
        .one(txn)
        .await
        .doing("locking a schedule")?;
    Ok(row.unwrap_or(Model {
        library_id: library,
        household_id: household,
        every_hours: None,
        next_at: None,
        failures: 0,
        recent_at: None,
        strangers: None,
    }))
}

/// Writes a schedule.
pub async fn save(txn: &impl ConnectionTrait, row: Model) -> Result<(), Fault> {
    Entity::insert(row.into_active_model().reset_all())
        .on_conflict(
            OnConflict::column(Column::LibraryId)
                .update_columns([
                    Column::EveryHours,
                    Column::NextAt,
                    Column::Failures,
                    Column::RecentAt,
                    Column::Strangers,
                ])
                .to_owned(),
        )
        .exec_without_returning(txn)
        .await
        .doing("saving a schedule")?;
    Ok(())
}

/// Those of these libraries that have one.
pub async fn some(conn: &impl ConnectionTrait, libraries: &[Uuid]) -> Result<Vec<Model>, Fault> {
    Entity::find()
        .filter(Column::LibraryId.is_in(libraries.iter().copied()))
        .all(conn)
        .await
        .doing("loading schedules")
}

/// Libraries that are due, those that wait the longest first, at most 20.
pub async fn due(conn: &impl ConnectionTrait, now: DateTime<Utc>) -> Result<Vec<Model>, Fault> {
    Entity::find()
        .filter(Column::NextAt.lte(now))
        .order_by_asc(Column::NextAt)
        .order_by_asc(Column::LibraryId)
        .limit(20)
        .all(conn)
        .await
        .doing("looking for libraries that are due")
}

/// Libraries whose recent play is to be looked at, those that wait the longest first, at most 20.
pub async fn due_recently(
    conn: &impl ConnectionTrait,
    now: DateTime<Utc>,
) -> Result<Vec<Model>, Fault> {
    Entity::find()
        .filter(Column::RecentAt.lte(now))
        .order_by_asc(Column::RecentAt)
        .order_by_asc(Column::LibraryId)
        .limit(20)
        .all(conn)
        .await
        .doing("looking for libraries whose recent play is to be looked at")
}

/// Forgets a library's.
pub async fn delete_of(txn: &impl ConnectionTrait, library: Uuid) -> Result<(), Fault> {
    Entity::delete_by_id(library)
        .exec(txn)
        .await
        .doing("deleting a schedule")?;
    Ok(())
}
