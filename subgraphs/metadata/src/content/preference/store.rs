//! The queries.

use super::entity::{Column, Entity, Model};
use djinn_kernel::{Doing, Fault};
use sea_orm::{ConnectionTrait, EntityTrait, IntoActiveModel, Iterable, sea_query::OnConflict};
use uuid::Uuid;

/// What `player` prefers.
pub async fn of(conn: &impl ConnectionTrait, player: Uuid) -> Result<Option<Model>, Fault> {
    Entity::find_by_id(player)
        .one(conn)
        .await
        .doing("loading preferences")
}

/// Writes it.
pub async fn save(txn: &impl ConnectionTrait, row: Model) -> Result<(), Fault> {
    Entity::insert(row.into_active_model())
        .on_conflict(
            OnConflict::column(Column::PlayerId)
                .update_columns(Column::iter().filter(|column| !matches!(column, Column::PlayerId)))
                .to_owned(),
        )
        .exec_without_returning(txn)
        .await
        .doing("saving preferences")?;
    Ok(())
}
