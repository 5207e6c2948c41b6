//! The only queries on own statuses.

use super::{
    MAX_OWN, Own,
    entity::{Column, Entity, Model},
};
use crate::{
    copy::entity as copy,
    game::{entity::holding, fold::fold},
};
use djinn_kernel::{Doing, Fault};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect,
    sea_query::{Expr, OnConflict},
};
use uuid::Uuid;

/// The statuses of `household`, the oldest first.
pub async fn of(conn: &impl ConnectionTrait, household: Uuid) -> Result<Vec<Own>, Fault> {
    let rows = Entity::find()
        .filter(Column::HouseholdId.eq(household))
        .order_by_asc(Column::CreatedAt)
        .order_by_asc(Column::NameKey)
        .limit(MAX_OWN as u64)
        .all(conn)
        .await
        .doing("loading own statuses")?;
    let own = |row: Model| Own {
        id: row.id,
        name: row.name,
    };
    Ok(rows.into_iter().map(own).collect())
}

/// Writes one; one of that name stays as it is spelled.
pub async fn insert(txn: &impl ConnectionTrait, row: Model) -> Result<(), Fault> {
    Entity::insert(row.into_active_model())
        .on_conflict(
            OnConflict::columns([Column::HouseholdId, Column::NameKey])
                .do_nothing()
                .to_owned(),
        )
        .exec_without_returning(txn)
        .await
        .doing("keeping a status")?;
    Ok(())
}

/// Calls one otherwise.
pub async fn rename(txn: &impl ConnectionTrait, household: Uuid, one: &Own) -> Result<(), Fault> {
    Entity::update_many()
        .col_expr(Column::NameKey, Expr::value(fold(&one.name)))
        .col_expr(Column::Name, Expr::value(one.name.as_str()))
        .filter(Column::HouseholdId.eq(household))
        .filter(Column::Id.eq(one.id.as_str()))
        .exec(txn)
        .await
        .doing("renaming a status")?;
    Ok(())
}

/// How many games of `household` stand there.
pub async fn used(conn: &impl ConnectionTrait, household: Uuid, id: &str) -> Result<u64, Fault> {
    holding::Entity::find()
        .filter(holding::Column::HouseholdId.eq(household))
        .filter(holding::Column::Status.eq(id))
        .count(conn)
        .await
        .doing("counting the games of a status")
}

/// Removes one, and what import files once said of it: it must not come back by itself.
pub async fn delete(txn: &impl ConnectionTrait, household: Uuid, id: &str) -> Result<(), Fault> {
    Entity::delete_many()
        .filter(Column::HouseholdId.eq(household))
        .filter(Column::Id.eq(id))
        .exec(txn)
        .await
        .doing("removing a status")?;
    copy::Entity::update_many()
        .col_expr(copy::Column::ImportStatus, Expr::value(None::<String>))
        .filter(copy::Column::HouseholdId.eq(household))
        .filter(copy::Column::ImportStatus.eq(id))
        .exec(txn)
        .await
        .doing("removing a status from copies")?;
    Ok(())
}
