//! The only queries on games, holdings and index revisions.

use super::entity::{fact, holding, index_rev};
use djinn_kernel::{Doing, Fault};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect, Set,
    sea_query::{Expr, ExprTrait, OnConflict},
};
use std::collections::HashMap;
use uuid::Uuid;

/// Rows in one statement: both databases bound the number of variables.
pub const CHUNK: usize = 500;

/// The households that hold, or once held, `game`, always in the same order so that two
/// transactions never wait for each other.
pub async fn holders(conn: &impl ConnectionTrait, game: Uuid) -> Result<Vec<Uuid>, Fault> {
    holding::Entity::find()
        .select_only()
        .column(holding::Column::HouseholdId)
        .filter(holding::Column::GameId.eq(game))
        .order_by_asc(holding::Column::HouseholdId)
        .into_tuple()
        .all(conn)
        .await
        .doing("finding who holds a game")
}

/// Moves a household's index revision on and returns the new one. Done first in a transaction, it
/// also makes others wait that change the same household's holdings.
pub async fn bump(txn: &impl ConnectionTrait, household: Uuid) -> Result<i64, Fault> {
    index_rev::Entity::insert(index_rev::ActiveModel {
        household_id: Set(household),
        rev: Set(1),
    })
    .on_conflict(
        OnConflict::column(index_rev::Column::HouseholdId)
            .value(
                index_rev::Column::Rev,
                Expr::col((index_rev::Entity, index_rev::Column::Rev)).add(1),
            )
            .to_owned(),
    )
    .exec_without_returning(txn)
    .await
    .doing("moving the index revision on")?;
    rev(txn, household).await
}

/// The household's index revision; 0 while it holds nothing.
pub async fn rev(conn: &impl ConnectionTrait, household: Uuid) -> Result<i64, Fault> {
    let rev: Option<i64> = index_rev::Entity::find_by_id(household)
        .select_only()
        .column(index_rev::Column::Rev)
        .into_tuple()
        .one(conn)
        .await
        .doing("reading the index revision")?;
    Ok(rev.unwrap_or_default())
}

/// Marks one holding as changed at `rev`.
pub async fn stamp(
    txn: &impl ConnectionTrait,
    household: Uuid,
    game: Uuid,
    rev: i64,
) -> Result<(), Fault> {
    holding::Entity::update_many()
        .col_expr(holding::Column::IndexRev, Expr::value(rev))
        .filter(holding::Column::HouseholdId.eq(household))
        .filter(holding::Column::GameId.eq(game))
        .exec(txn)
        .await
        .doing("marking a holding for the index")?;
    Ok(())
}

/// How many of `games` are enriched.
pub async fn enriched(conn: &impl ConnectionTrait, games: &[Uuid]) -> Result<u64, Fault> {
    let mut count = 0;
    for chunk in games.chunks(CHUNK) {
        count += fact::Entity::find()
            .filter(fact::Column::GameId.is_in(chunk.iter().copied()))
            .filter(fact::Column::Enriched.eq(true))
            .count(conn)
            .await
            .doing("counting enriched games")?;
    }
    Ok(count)
}

/// The holdings of `household` among `games`.
pub async fn holdings(
    conn: &impl ConnectionTrait,
    household: Uuid,
    games: &[Uuid],
) -> Result<HashMap<Uuid, holding::Model>, Fault> {
    let mut found = HashMap::with_capacity(games.len());
    for chunk in games.chunks(CHUNK) {
        let rows = holding::Entity::find()
            .filter(holding::Column::HouseholdId.eq(household))
            .filter(holding::Column::GameId.is_in(chunk.iter().copied()))
            .all(conn)
            .await
            .doing("loading holdings")?;
        found.extend(rows.into_iter().map(|row| (row.game_id, row)));
    }
    Ok(found)
}

/// The stored rating levels of those `games` that are known; `None` inside means unrated.
pub async fn ratings(
    conn: &impl ConnectionTrait,
    games: &[Uuid],
) -> Result<HashMap<Uuid, Option<i16>>, Fault> {
    let mut found = HashMap::with_capacity(games.len());
    for chunk in games.chunks(CHUNK) {
        let rows: Vec<(Uuid, Option<i16>)> = fact::Entity::find()
            .select_only()
            .columns([fact::Column::GameId, fact::Column::Esrb])
            .filter(fact::Column::GameId.is_in(chunk.iter().copied()))
            .into_tuple()
            .all(conn)
            .await
            .doing("loading ratings")?;
        found.extend(rows);
    }
    Ok(found)
}

/// Writes holdings, new ones and changed ones alike.
pub async fn save(txn: &impl ConnectionTrait, rows: Vec<holding::Model>) -> Result<(), Fault> {
    let mut rows = rows.into_iter().peekable();
    while rows.peek().is_some() {
        // `reset_all` makes every column count as set, also of a row that was loaded.
        let chunk = rows
            .by_ref()
            .take(CHUNK)
            .map(|row| row.into_active_model().reset_all());
        let chunk: Vec<_> = chunk.collect();
        holding::Entity::insert_many(chunk)
            .on_conflict(
                OnConflict::columns([holding::Column::HouseholdId, holding::Column::GameId])
                    .update_columns([
                        holding::Column::Copies,
                        holding::Column::Held,
                        holding::Column::Platforms,
                        holding::Column::Libraries,
                        holding::Column::HeldAs,
                        holding::Column::PlaytimeMinutes,
                        holding::Column::LastPlayedAt,
                        holding::Column::FirstAddedAt,
                        holding::Column::Status,
                        holding::Column::StatusBy,
                        holding::Column::Favourite,
                        holding::Column::Hidden,
                        holding::Column::Notes,
                        holding::Column::MyRating,
                        holding::Column::Revision,
                        holding::Column::IndexRev,
                    ])
                    .to_owned(),
            )
            .exec_without_returning(txn)
            .await
            .doing("saving holdings")?;
    }
    Ok(())
}
