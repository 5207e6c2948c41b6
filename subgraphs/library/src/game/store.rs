//! The only queries on games, holdings and index revisions.

use super::{
    entity::{fact, holding, index_rev},
    part,
};
use crate::copy::entity as copy;
use djinn_kernel::{Doing, Fault, Rated};
use djinn_subgraph_kit::db::rows_of;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, Iterable,
    PaginatorTrait, QueryFilter, QuerySelect, QueryTrait, Set,
    sea_query::{Expr, ExprTrait, OnConflict, Query},
};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// Rows in one statement: both databases bound the number of variables.
pub const CHUNK: usize = 500;

/// Writes the facts of games where they are newer than what is known, and says of which. No game
/// may be there twice.
pub async fn take_over(
    txn: &impl ConnectionTrait,
    rows: Vec<fact::Model>,
) -> Result<Vec<Uuid>, Fault> {
    use fact::Column;
    let mut written = Vec::with_capacity(rows.len());
    for chunk in rows.chunks(rows_of::<fact::Entity>()) {
        let rows = chunk
            .iter()
            .cloned()
            .map(|row| row.into_active_model().reset_all());
        let mut insert = fact::Entity::insert_many(rows)
            .on_conflict(
                OnConflict::column(Column::GameId)
                    .update_columns(Column::iter().filter(|own| !matches!(own, Column::GameId)))
                    // Events may arrive twice or late: the newest revision stays.
                    .action_and_where(
                        Expr::col((fact::Entity, Column::Revision))
                            .lt(Expr::col(("excluded", Column::Revision))),
                    )
                    .to_owned(),
            )
            .into_query();
        insert.returning(Query::returning().column(Column::GameId));
        let rows = txn
            .query_all(&insert)
            .await
            .doing("taking over the facts of games")?;
        for row in rows {
            let game = row.try_get_by_index(0);
            written.push(game.doing("reading whose facts were taken over")?);
        }
    }
    Ok(written)
}

/// Who holds, or once held, which of `games`.
pub async fn holders(
    conn: &impl ConnectionTrait,
    games: &[Uuid],
) -> Result<Vec<(Uuid, Uuid)>, Fault> {
    let mut found = Vec::new();
    for chunk in games.chunks(CHUNK) {
        let rows: Vec<(Uuid, Uuid)> = holding::Entity::find()
            .select_only()
            .columns([holding::Column::HouseholdId, holding::Column::GameId])
            .filter(holding::Column::GameId.is_in(chunk.iter().copied()))
            .into_tuple()
            .all(conn)
            .await
            .doing("finding who holds games")?;
        found.extend(rows);
    }
    Ok(found)
}

/// Forgets what is known of games that no copy is of.
pub async fn forget_facts(txn: &impl ConnectionTrait, games: &[Uuid]) -> Result<(), Fault> {
    for chunk in games.chunks(CHUNK) {
        let held = copy::Entity::find()
            .select_only()
            .column(copy::Column::GameId)
            .filter(copy::Column::GameId.is_in(chunk.iter().copied()))
            .into_query();
        fact::Entity::delete_many()
            .filter(fact::Column::GameId.is_in(chunk.iter().copied()))
            .filter(Expr::col(fact::Column::GameId).not_in_subquery(held))
            .exec(txn)
            .await
            .doing("forgetting games")?;
    }
    Ok(())
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

/// Marks holdings as changed at `rev`.
pub async fn stamp(
    txn: &impl ConnectionTrait,
    household: Uuid,
    games: impl IntoIterator<Item = Uuid>,
    rev: i64,
) -> Result<(), Fault> {
    let games: Vec<Uuid> = games.into_iter().collect();
    for chunk in games.chunks(CHUNK) {
        holding::Entity::update_many()
            .col_expr(holding::Column::IndexRev, Expr::value(rev))
            .filter(holding::Column::HouseholdId.eq(household))
            .filter(holding::Column::GameId.is_in(chunk.iter().copied()))
            .exec(txn)
            .await
            .doing("marking holdings for the index")?;
    }
    Ok(())
}

/// How many games `library` holds, and how many of them are enriched.
pub async fn enriched(conn: &impl ConnectionTrait, library: Uuid) -> Result<(u64, u64), Fault> {
    let games = || {
        copy::Entity::find()
            .select_only()
            .column(copy::Column::GameId)
            .distinct()
            .filter(copy::Column::LibraryId.eq(library))
            .filter(copy::Column::RemovedAt.is_null())
            .filter(copy::Column::GameId.is_not_null())
    };
    let all = games().count(conn).await.doing("counting games")?;
    let enriched = fact::Entity::find()
        .filter(fact::Column::GameId.in_subquery(games().into_query()))
        .filter(fact::Column::Enriched.eq(true))
        .count(conn)
        .await
        .doing("counting enriched games")?;
    Ok((all, enriched))
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

/// How those `games` that are known are rated, for the ceilings of `household`'s profiles: as the
/// strictest of what it has made one with them.
pub async fn ratings(
    conn: &impl ConnectionTrait,
    household: Uuid,
    games: &[Uuid],
) -> Result<HashMap<Uuid, Rated>, Fault> {
    if games.is_empty() {
        return Ok(HashMap::new());
    }
    let parts = part::strictest(conn, household).await?;
    let mut found = HashMap::with_capacity(games.len());
    for chunk in games.chunks(CHUNK) {
        let rows: Vec<(Uuid, Option<i16>, Option<i32>)> = fact::Entity::find()
            .select_only()
            .columns([
                fact::Column::GameId,
                fact::Column::Esrb,
                fact::Column::Boards,
            ])
            .filter(fact::Column::GameId.is_in(chunk.iter().copied()))
            .into_tuple()
            .all(conn)
            .await
            .doing("loading ratings")?;
        let rated = |(game, esrb, boards): (Uuid, Option<i16>, Option<i32>)| {
            let part = parts.get(&game).copied().unwrap_or_default();
            (game, Rated::stored(esrb, boards).strictest(part))
        };
        found.extend(rows.into_iter().map(rated));
    }
    Ok(found)
}

/// Those of `games` that `household` hides.
pub async fn hidden(
    conn: &impl ConnectionTrait,
    household: Uuid,
    games: &[Uuid],
) -> Result<HashSet<Uuid>, Fault> {
    let mut found = HashSet::new();
    for chunk in games.chunks(CHUNK) {
        let rows: Vec<Uuid> = holding::Entity::find()
            .select_only()
            .column(holding::Column::GameId)
            .filter(holding::Column::HouseholdId.eq(household))
            .filter(holding::Column::GameId.is_in(chunk.iter().copied()))
            .filter(holding::Column::Hidden.eq(true))
            .into_tuple()
            .all(conn)
            .await
            .doing("finding hidden games")?;
        found.extend(rows);
    }
    Ok(found)
}

/// What those `games` are called, as far as known.
pub async fn titles(
    conn: &impl ConnectionTrait,
    games: &[Uuid],
) -> Result<HashMap<Uuid, String>, Fault> {
    let mut found = HashMap::with_capacity(games.len());
    for chunk in games.chunks(CHUNK) {
        let rows: Vec<(Uuid, String)> = fact::Entity::find()
            .select_only()
            .columns([fact::Column::GameId, fact::Column::Title])
            .filter(fact::Column::GameId.is_in(chunk.iter().copied()))
            .into_tuple()
            .all(conn)
            .await
            .doing("loading titles")?;
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
            .take(rows_of::<holding::Entity>())
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
                        holding::Column::MyTags,
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
