//! The queries.

use super::entity::{Column, Entity, Model};
use djinn_kernel::{Doing, Fault};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect, sea_query::OnConflict,
};
use uuid::Uuid;

/// The views of `player`, the newest first.
pub async fn of(conn: &impl ConnectionTrait, player: Uuid) -> Result<Vec<Model>, Fault> {
    Entity::find()
        .filter(Column::PlayerId.eq(player))
        .order_by_desc(Column::SavedAt)
        .order_by_asc(Column::NameKey)
        .limit(super::MAX_VIEWS as u64)
        .all(conn)
        .await
        .doing("loading views")
}

/// Writes one; one of the same name makes way.
pub async fn save(txn: &impl ConnectionTrait, row: Model) -> Result<(), Fault> {
    Entity::insert(row.into_active_model())
        .on_conflict(
            OnConflict::columns([Column::PlayerId, Column::NameKey])
                .update_columns([Column::Name, Column::Search, Column::SavedAt])
                .to_owned(),
        )
        .exec_without_returning(txn)
        .await
        .doing("keeping a view")?;
    Ok(())
}

/// Removes one, and says whether it was there.
pub async fn delete(txn: &impl ConnectionTrait, player: Uuid, key: &str) -> Result<bool, Fault> {
    let gone = Entity::delete_by_id((player, key.to_owned()))
        .exec(txn)
        .await
        .doing("forgetting a view")?;
    Ok(gone.rows_affected > 0)
}
