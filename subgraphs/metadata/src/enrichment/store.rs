//! The queries.

use super::{
    Stage,
    entity::{budget, job, provider},
};
use crate::{matching::entity::matched, provider::steam_store};
use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect, Set,
    sea_query::{Expr, OnConflict, Query},
};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Rows in one statement; SQLite takes some thirty thousand values.
const CHUNK: usize = 500;

/// A game that the Steam store is to be asked about.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// The game.
    pub game: Uuid,
    /// The store's id of it.
    pub store_id: String,
}

/// Puts games in the queue, or back to its start.
pub async fn enqueue(
    txn: &impl ConnectionTrait,
    wanted: &[Wanted],
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    for wanted in wanted.chunks(CHUNK) {
        let rows = wanted.iter().map(|wanted| {
            job::Model {
                game_id: wanted.game,
                provider: steam_store::NAME.to_owned(),
                store_id: wanted.store_id.clone(),
                stage: Stage::Waiting as i16,
                attempts: 0,
                due_at: now,
                lease_until: None,
                last_error: None,
            }
            .into_active_model()
        });
        job::Entity::insert_many(rows)
            .on_conflict(
                OnConflict::columns([job::Column::GameId, job::Column::Provider])
                    .update_columns([
                        job::Column::StoreId,
                        job::Column::Stage,
                        job::Column::Attempts,
                        job::Column::DueAt,
                        job::Column::LeaseUntil,
                        job::Column::LastError,
                    ])
                    .to_owned(),
            )
            .exec_without_returning(txn)
            .await?;
    }
    Ok(())
}

/// Takes games out of the queue.
pub async fn dequeue(txn: &impl ConnectionTrait, games: &[Uuid]) -> Result<(), DbErr> {
    for games in games.chunks(CHUNK) {
        job::Entity::delete_many()
            .filter(job::Column::GameId.is_in(games.iter().copied()))
            .exec(txn)
            .await?;
    }
    Ok(())
}

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

/// The next job that is due and nobody's.
pub async fn next_due(
    db: &impl ConnectionTrait,
    provider: &str,
    now: DateTime<Utc>,
) -> Result<Option<job::Model>, DbErr> {
    job::Entity::find()
        .filter(job::Column::Provider.eq(provider))
        .filter(job::Column::DueAt.lte(now))
        .filter(
            Condition::any()
                .add(job::Column::LeaseUntil.is_null())
                .add(job::Column::LeaseUntil.lte(now)),
        )
        .order_by_asc(job::Column::Stage)
        .order_by_asc(job::Column::DueAt)
        .order_by_asc(job::Column::GameId)
        .one(db)
        .await
}

/// When the next job that is not due yet will be.
pub async fn next_later(
    db: &impl ConnectionTrait,
    provider: &str,
    now: DateTime<Utc>,
) -> Result<Option<DateTime<Utc>>, DbErr> {
    let row = job::Entity::find()
        .filter(job::Column::Provider.eq(provider))
        .filter(job::Column::DueAt.gt(now))
        .order_by_asc(job::Column::DueAt)
        .one(db)
        .await?;
    Ok(row.map(|row| row.due_at))
}

/// Until when somebody else holds a job of this provider.
pub async fn held_until(
    txn: &impl ConnectionTrait,
    provider: &str,
    now: DateTime<Utc>,
) -> Result<Option<DateTime<Utc>>, DbErr> {
    let row = job::Entity::find()
        .filter(job::Column::Provider.eq(provider))
        .filter(job::Column::LeaseUntil.gt(now))
        .order_by_desc(job::Column::LeaseUntil)
        .one(txn)
        .await?;
    Ok(row.and_then(|row| row.lease_until))
}

/// A job by its game.
pub async fn job(
    txn: &impl ConnectionTrait,
    provider: &str,
    game: Uuid,
) -> Result<Option<job::Model>, DbErr> {
    job::Entity::find_by_id((game, provider.to_owned()))
        .one(txn)
        .await
}

/// Writes where a job stands.
pub async fn save_job(txn: &impl ConnectionTrait, row: job::Model) -> Result<(), DbErr> {
    job::Entity::update_many()
        .col_expr(job::Column::Stage, Expr::value(row.stage))
        .col_expr(job::Column::Attempts, Expr::value(row.attempts))
        .col_expr(job::Column::DueAt, Expr::value(row.due_at))
        .col_expr(job::Column::LeaseUntil, Expr::value(row.lease_until))
        .col_expr(job::Column::LastError, Expr::value(row.last_error))
        .filter(job::Column::GameId.eq(row.game_id))
        .filter(job::Column::Provider.eq(row.provider))
        .exec(txn)
        .await?;
    Ok(())
}

/// How many requests the window holds, and when the oldest of them was. Forgets those before it.
pub async fn asked_within(
    txn: &impl ConnectionTrait,
    provider: &str,
    window: TimeDelta,
    now: DateTime<Utc>,
) -> Result<(u64, Option<DateTime<Utc>>), DbErr> {
    budget::Entity::delete_many()
        .filter(budget::Column::Provider.eq(provider))
        .filter(budget::Column::At.lte(now - window))
        .exec(txn)
        .await?;
    let within = budget::Entity::find().filter(budget::Column::Provider.eq(provider));
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

/// Games of Steam that were never put in the queue, because the store was not asked then.
pub async fn unasked(txn: &impl ConnectionTrait, limit: u64) -> Result<Vec<Wanted>, DbErr> {
    let queued = Query::select()
        .column(job::Column::GameId)
        .from(job::Entity)
        .to_owned();
    let rows = matched::Entity::find()
        .filter(matched::Column::Platform.eq("steam"))
        .filter(matched::Column::StoreId.is_not_null())
        .filter(matched::Column::GameId.not_in_subquery(queued))
        .order_by_asc(matched::Column::Id)
        .limit(limit)
        .all(txn)
        .await?;
    // One statement may not write the same row twice.
    let wanted: BTreeMap<Uuid, String> = rows
        .into_iter()
        .filter_map(|row| Some((row.game_id, row.store_id?)))
        .collect();
    Ok(wanted
        .into_iter()
        .map(|(game, store_id)| Wanted { game, store_id })
        .collect())
}

/// Jobs nobody has been told the end of.
pub async fn unfinished(txn: &impl ConnectionTrait, limit: u64) -> Result<Vec<Uuid>, DbErr> {
    let rows = job::Entity::find()
        .filter(job::Column::Stage.lt(Stage::Failed as i16))
        .order_by_asc(job::Column::GameId)
        .limit(limit)
        .all(txn)
        .await?;
    Ok(rows.into_iter().map(|row| row.game_id).collect())
}
