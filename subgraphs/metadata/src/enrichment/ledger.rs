//! The queries of a provider's state and of the requests it was asked.

use super::entity::{budget, provider};
use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, Set,
    sea_query::{Expr, OnConflict},
};
use uuid::Uuid;

/// The state of a provider, locked until the commit so that two workers cannot both take the
/// last request of a window.
pub async fn provider(txn: &impl ConnectionTrait, name: &str) -> Result<provider::Model, DbErr> {
    provider::Entity::insert(provider::ActiveModel {
        name: Set(name.to_owned()),
        paused_until: Set(None),
        announced_until: Set(None),
        failures: Set(0),
    })
    .on_conflict(
        OnConflict::column(provider::Column::Name)
            .update_column(provider::Column::Name)
            .to_owned(),
    )
    .exec_without_returning(txn)
    .await?;
    let row = provider::Entity::find_by_id(name.to_owned())
        .one(txn)
        .await?;
    row.ok_or_else(|| DbErr::RecordNotFound(name.to_owned()))
}

/// Writes the state of a provider.
pub async fn save_provider(txn: &impl ConnectionTrait, row: provider::Model) -> Result<(), DbErr> {
    provider::Entity::update_many()
        .col_expr(provider::Column::PausedUntil, Expr::value(row.paused_until))
        .col_expr(
            provider::Column::AnnouncedUntil,
            Expr::value(row.announced_until),
        )
        .col_expr(provider::Column::Failures, Expr::value(row.failures))
        .filter(provider::Column::Name.eq(row.name))
        .exec(txn)
        .await?;
    Ok(())
}

/// Forgets the requests that no window reaches back to.
pub async fn sweep(
    txn: &impl ConnectionTrait,
    provider: &str,
    longest: TimeDelta,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    budget::Entity::delete_many()
        .filter(budget::Column::Provider.eq(provider))
        .filter(budget::Column::At.lte(now - longest))
        .exec(txn)
        .await?;
    Ok(())
}

/// How many requests the window holds, and when the oldest of them was.
pub async fn asked_within(
    txn: &impl ConnectionTrait,
    provider: &str,
    window: TimeDelta,
    now: DateTime<Utc>,
) -> Result<(u64, Option<DateTime<Utc>>), DbErr> {
    let within = budget::Entity::find()
        .filter(budget::Column::Provider.eq(provider))
        .filter(budget::Column::At.gt(now - window));
    let oldest = within
        .clone()
        .order_by_asc(budget::Column::At)
        .one(txn)
        .await?;
    Ok((within.count(txn).await?, oldest.map(|row| row.at)))
}

/// Enters a request into the budget.
pub async fn spend(
    txn: &impl ConnectionTrait,
    id: Uuid,
    provider: &str,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    budget::Entity::insert(budget::ActiveModel {
        id: Set(id),
        provider: Set(provider.to_owned()),
        at: Set(now),
    })
    .exec_without_returning(txn)
    .await?;
    Ok(())
}
