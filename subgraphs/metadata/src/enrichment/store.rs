//! The queries.

use super::{ALONE_AFTER, FIRST_IN_LINE, REFRESH, Stage, entity::job};
use crate::{artwork, matching::entity::matched, provider::steam_store};
use chrono::{DateTime, Utc};
use djinn_subgraph_kit::db::rows_of;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect, Select,
    sea_query::{Expr, OnConflict, Query},
};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Rows in one statement; SQLite takes some thirty thousand values.
const CHUNK: usize = 500;

/// A game that a provider is to be asked about.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// The game.
    pub game: Uuid,
    /// Under which id.
    pub store_id: String,
}

/// Puts games in the Steam store's queue, or back to its start. Other providers are asked anew
/// whose product it is: their jobs go, and are adopted again.
pub async fn enqueue(
    txn: &impl ConnectionTrait,
    wanted: &[Wanted],
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    for wanted in wanted.chunks(CHUNK) {
        job::Entity::delete_many()
            .filter(job::Column::GameId.is_in(wanted.iter().map(|wanted| wanted.game)))
            .filter(job::Column::Provider.ne(steam_store::NAME))
            .exec(txn)
            .await?;
    }
    let products = wanted.iter().map(|wanted| (wanted.game, &*wanted.store_id));
    artwork::store::guess(txn, products).await?;
    enqueue_for(txn, steam_store::NAME, wanted, now).await
}

/// Puts games in a provider's queue, or back to its start.
pub async fn enqueue_for(
    txn: &impl ConnectionTrait,
    provider: &str,
    wanted: &[Wanted],
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    for wanted in wanted.chunks(rows_of::<job::Entity>()) {
        let rows = wanted.iter().map(|wanted| {
            job::Model {
                game_id: wanted.game,
                provider: provider.to_owned(),
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
    artwork::store::forget_guesses(txn, games).await
}

/// The Steam store's jobs of games whose pictures nobody guessed yet: from before there were any.
pub async fn unpictured(db: &impl ConnectionTrait, limit: u64) -> Result<Vec<Wanted>, DbErr> {
    let rows = job::Entity::find()
        .filter(job::Column::Provider.eq(steam_store::NAME))
        .filter(job::Column::GameId.not_in_subquery(artwork::store::guessed()))
        .order_by_asc(job::Column::GameId)
        .limit(limit)
        .all(db)
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| Wanted {
            game: row.game_id,
            store_id: row.store_id,
        })
        // Nothing is guessed about what is no number.
        .filter(|wanted| !artwork::guesses(&wanted.store_id).is_empty())
        .collect())
}

/// The next job that is due and nobody's.
pub async fn next_due(
    db: &impl ConnectionTrait,
    provider: &str,
    now: DateTime<Utc>,
) -> Result<Option<job::Model>, DbErr> {
    due(provider, now).one(db).await
}

fn due(provider: &str, now: DateTime<Utc>) -> Select<job::Entity> {
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
}

/// Jobs that are due, nobody's, not in trouble, and whose ids begin with `prefix`.
pub async fn due_with(
    txn: &impl ConnectionTrait,
    provider: &str,
    prefix: &str,
    most: u64,
    now: DateTime<Utc>,
) -> Result<Vec<job::Model>, DbErr> {
    due(provider, now)
        .filter(job::Column::StoreId.starts_with(prefix))
        .filter(
            Condition::any()
                .add(job::Column::Stage.ne(Stage::Retrying as i16))
                .add(job::Column::Attempts.lt(ALONE_AFTER)),
        )
        .limit(most)
        .all(txn)
        .await
}

/// Takes jobs until then, or gives them back.
pub async fn lease(
    txn: &impl ConnectionTrait,
    provider: &str,
    games: &[Uuid],
    until: Option<DateTime<Utc>>,
) -> Result<(), DbErr> {
    for games in games.chunks(CHUNK) {
        job::Entity::update_many()
            .col_expr(job::Column::LeaseUntil, Expr::value(until))
            .filter(job::Column::Provider.eq(provider))
            .filter(job::Column::GameId.is_in(games.iter().copied()))
            .exec(txn)
            .await?;
    }
    Ok(())
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
        .col_expr(job::Column::StoreId, Expr::value(row.store_id))
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

/// Games of Steam that were never put in the queue, because the store was not asked then.
pub async fn unasked(txn: &impl ConnectionTrait, limit: u64) -> Result<Vec<Wanted>, DbErr> {
    let queued = Query::select()
        .column(job::Column::GameId)
        .from(job::Entity)
        .and_where(job::Column::Provider.eq(steam_store::NAME))
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

/// Games that were never put in this provider's queue; only those of `stores`, where it knows no
/// others.
pub async fn strangers(
    txn: &impl ConnectionTrait,
    provider: &str,
    stores: Option<&[&str]>,
    limit: u64,
) -> Result<Vec<Uuid>, DbErr> {
    let queued = Query::select()
        .column(job::Column::GameId)
        .from(job::Entity)
        .and_where(job::Column::Provider.eq(provider))
        .to_owned();
    let sold = stores.map(|stores| {
        Condition::all()
            .add(matched::Column::Platform.is_in(stores.iter().copied()))
            .add(matched::Column::StoreId.is_not_null())
    });
    let games: Vec<Uuid> = matched::Entity::find()
        .select_only()
        .column(matched::Column::GameId)
        .distinct()
        .filter(matched::Column::GameId.not_in_subquery(queued))
        .filter(sold.unwrap_or_else(Condition::all))
        .order_by_asc(matched::Column::GameId)
        .limit(limit)
        .into_tuple()
        .all(txn)
        .await?;
    Ok(games)
}

/// Somebody looked at these games: what is not known of them is asked first, and what was answered
/// before `stale` is asked again. Returns whether there was anything of either.
pub async fn looked_at(
    txn: &impl ConnectionTrait,
    games: &[Uuid],
    stale: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let mut sooner = 0;
    for games in games.chunks(CHUNK) {
        let theirs =
            || job::Entity::update_many().filter(job::Column::GameId.is_in(games.iter().copied()));
        // A long time ago: before all the others that wait.
        let first = theirs()
            .col_expr(job::Column::DueAt, Expr::value(now - FIRST_IN_LINE))
            .filter(job::Column::Stage.eq(Stage::Waiting as i16))
            .filter(job::Column::DueAt.gt(now - FIRST_IN_LINE));
        // An answer is due again `REFRESH` after it came.
        let again = theirs()
            .col_expr(job::Column::DueAt, Expr::value(now))
            .filter(job::Column::Stage.eq(Stage::Settled as i16))
            .filter(job::Column::DueAt.gt(now))
            .filter(job::Column::DueAt.lte(stale + REFRESH));
        sooner += first.exec(txn).await?.rows_affected + again.exec(txn).await?.rows_affected;
    }
    Ok(sooner > 0)
}

/// Whether any job of these games would be asked sooner if somebody looked.
pub async fn would_be_sooner(
    db: &impl ConnectionTrait,
    games: &[Uuid],
    stale: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let first = Condition::all()
        .add(job::Column::Stage.eq(Stage::Waiting as i16))
        .add(job::Column::DueAt.gt(now - FIRST_IN_LINE));
    let again = Condition::all()
        .add(job::Column::Stage.eq(Stage::Settled as i16))
        .add(job::Column::DueAt.gt(now))
        .add(job::Column::DueAt.lte(stale + REFRESH));
    let row = job::Entity::find()
        .filter(job::Column::GameId.is_in(games.iter().copied()))
        .filter(Condition::any().add(first).add(again))
        .limit(1)
        .one(db)
        .await?;
    Ok(row.is_some())
}

/// The Steam store's jobs that nobody has been told the end of.
pub async fn unfinished(txn: &impl ConnectionTrait, limit: u64) -> Result<Vec<Uuid>, DbErr> {
    let rows = job::Entity::find()
        .filter(job::Column::Provider.eq(steam_store::NAME))
        .filter(job::Column::Stage.lt(Stage::Failed as i16))
        .order_by_asc(job::Column::GameId)
        .limit(limit)
        .all(txn)
        .await?;
    Ok(rows.into_iter().map(|row| row.game_id).collect())
}
