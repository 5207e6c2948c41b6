//! The only writes of status changes.

use super::entity::{Column, Entity, Model};
use djinn_kernel::{Doing, Fault};
use djinn_subgraph_kit::db::rows_of;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter,
    sea_query::Expr,
};
use uuid::Uuid;

/// Rows in one statement: both databases bound the number of variables.
const CHUNK: usize = 500;

/// Writes changes.
pub async fn insert(txn: &impl ConnectionTrait, rows: Vec<Model>) -> Result<(), Fault> {
    let mut rows = rows.into_iter().peekable();
    while rows.peek().is_some() {
        let chunk: Vec<_> = rows
            .by_ref()
            .take(rows_of::<Entity>())
            .map(|row| row.into_active_model().reset_all())
            .collect();
        Entity::insert_many(chunk)
            .exec_without_returning(txn)
            .await
            .doing("noting changes of status")?;
    }
    Ok(())
}

/// The history of a game whose last copy turned out to be of another goes with what was said of it.
pub async fn follow(
    txn: &impl ConnectionTrait,
    household: Uuid,
    from: Uuid,
    to: Uuid,
) -> Result<(), Fault> {
    Entity::update_many()
        .col_expr(Column::GameId, Expr::value(to))
        .filter(Column::HouseholdId.eq(household))
        .filter(Column::GameId.eq(from))
        .exec(txn)
        .await
        .doing("moving a history of status")?;
    Ok(())
}

/// Forgets how statuses of these games changed.
pub async fn forget(
    txn: &impl ConnectionTrait,
    household: Uuid,
    games: &[Uuid],
) -> Result<(), Fault> {
    for chunk in games.chunks(CHUNK) {
        Entity::delete_many()
            .filter(Column::HouseholdId.eq(household))
            .filter(Column::GameId.is_in(chunk.iter().copied()))
            .exec(txn)
            .await
            .doing("forgetting how statuses changed")?;
    }
    Ok(())
}
