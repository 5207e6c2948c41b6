//! The only queries on copies, beside those of games that sum them up.

use super::{
    Holding,
    entity::{Column, Entity, Model},
};
use crate::{achievement, play};
use chrono::{DateTime, Utc};
use djinn_kernel::{Doing, Fault};
use djinn_subgraph_kit::db::rows_of;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult,
    IntoActiveModel, Iterable, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{CaseStatement, Expr, ExprTrait, OnConflict},
};
use std::collections::HashMap;
use uuid::Uuid;

/// Rows in one statement: both databases bound the number of variables.
pub const CHUNK: usize = 500;

/// The copies of a library with these identities, removed ones too.
pub async fn by_identity<'a>(
    conn: &impl ConnectionTrait,
    library: Uuid,
    identities: impl Iterator<Item = &'a str>,
) -> Result<HashMap<String, Model>, Fault> {
    let identities: Vec<&str> = identities.collect();
    let mut found = HashMap::with_capacity(identities.len());
    for chunk in identities.chunks(CHUNK) {
        let rows = Entity::find()
            .filter(Column::LibraryId.eq(library))
            .filter(Column::Identity.is_in(chunk.iter().copied()))
            .all(conn)
            .await
            .doing("loading copies")?;
        found.extend(rows.into_iter().map(|row| (row.identity.clone(), row)));
    }
    Ok(found)
}

/// Adds copies.
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
            .doing("adding copies")?;
    }
    Ok(())
}

/// Writes changed copies.
pub async fn update(txn: &impl ConnectionTrait, rows: Vec<Model>) -> Result<(), Fault> {
    let mut rows = rows.into_iter().peekable();
    while rows.peek().is_some() {
        let chunk: Vec<_> = rows
            .by_ref()
            .take(rows_of::<Entity>())
            .map(|row| row.into_active_model().reset_all())
            .collect();
        Entity::insert_many(chunk)
            .on_conflict(
                OnConflict::column(Column::Id)
                    .update_columns(Column::iter().filter(|column| !matches!(column, Column::Id)))
                    .to_owned(),
            )
            .exec_without_returning(txn)
            .await
            .doing("changing copies")?;
    }
    Ok(())
}

/// Notes when these copies were first missed.
pub async fn miss(
    txn: &impl ConnectionTrait,
    ids: &[Uuid],
    now: DateTime<Utc>,
) -> Result<(), Fault> {
    set_time(txn, ids, Column::MissingSince, now).await
}

/// Notes when these copies were removed.
pub async fn remove(
    txn: &impl ConnectionTrait,
    ids: &[Uuid],
    now: DateTime<Utc>,
) -> Result<(), Fault> {
    set_time(txn, ids, Column::RemovedAt, now).await
}

async fn set_time(
    txn: &impl ConnectionTrait,
    ids: &[Uuid],
    column: Column,
    now: DateTime<Utc>,
) -> Result<(), Fault> {
    for chunk in ids.chunks(CHUNK) {
        Entity::update_many()
            .col_expr(column, Expr::value(now))
            .filter(Column::Id.is_in(chunk.iter().copied()))
            .exec(txn)
            .await
            .doing("noting copies that are gone")?;
    }
    Ok(())
}

/// Notes that a run saw these copies unchanged.
pub async fn mark_seen(
    txn: &impl ConnectionTrait,
    ids: &[Uuid],
    run: Uuid,
    now: DateTime<Utc>,
) -> Result<(), Fault> {
    for chunk in ids.chunks(CHUNK) {
        Entity::update_many()
            .col_expr(Column::SeenRun, Expr::value(run))
            .col_expr(Column::SeenAt, Expr::value(now))
            .filter(Column::Id.is_in(chunk.iter().copied()))
            .exec(txn)
            .await
            .doing("marking copies as seen")?;
    }
    Ok(())
}

/// The copies of a library that a complete run did not see, a chunk after `after` at a time.
pub async fn unseen(
    conn: &impl ConnectionTrait,
    library: Uuid,
    run: Uuid,
    after: Option<Uuid>,
) -> Result<Vec<Model>, Fault> {
    let mut find = Entity::find()
        .filter(Column::LibraryId.eq(library))
        .filter(Column::RemovedAt.is_null())
        .filter(
            Condition::any()
                .add(Column::SeenRun.is_null())
                .add(Column::SeenRun.ne(run)),
        );
    if let Some(after) = after {
        find = find.filter(Column::Id.gt(after));
    }
    find.order_by_asc(Column::Id)
        .limit(CHUNK as u64)
        .all(conn)
        .await
        .doing("looking for copies that are gone")
}

/// The copies of a library that are held in that way.
pub async fn held(
    conn: &impl ConnectionTrait,
    library: Uuid,
    holding: Holding,
) -> Result<Vec<Model>, Fault> {
    Entity::find()
        .filter(Column::LibraryId.eq(library))
        .filter(Column::Holding.eq(holding))
        .filter(Column::RemovedAt.is_null())
        .order_by_asc(Column::Id)
        .all(conn)
        .await
        .doing("listing what is held in a way")
}

/// How many copies a library has, and how many of them belong to a game.
pub async fn matched(conn: &impl ConnectionTrait, library: Uuid) -> Result<(u64, u64), Fault> {
    let all = Entity::find()
        .filter(Column::LibraryId.eq(library))
        .filter(Column::RemovedAt.is_null());
    let total = all.clone().count(conn).await.doing("counting copies")?;
    let matched = all
        .filter(Column::GameId.is_not_null())
        .count(conn)
        .await
        .doing("counting matched copies")?;
    Ok((total, matched))
}

/// The games of a library, each once.
pub async fn games(conn: &impl ConnectionTrait, library: Uuid) -> Result<Vec<Uuid>, Fault> {
    Entity::find()
        .select_only()
        .column(Column::GameId)
        .distinct()
        .filter(Column::LibraryId.eq(library))
        .filter(Column::RemovedAt.is_null())
        .filter(Column::GameId.is_not_null())
        .into_tuple()
        .all(conn)
        .await
        .doing("listing a library's games")
}

/// How many copies a household has of each of `games`; nothing of those it has none of.
pub async fn counts(
    conn: &impl ConnectionTrait,
    household: Uuid,
    games: &[Uuid],
) -> Result<HashMap<Uuid, i64>, Fault> {
    let mut counts = HashMap::new();
    for chunk in games.chunks(CHUNK) {
        let rows: Vec<(Uuid, i64)> = Entity::find()
            .select_only()
            .column(Column::GameId)
            .column_as(Column::Id.count(), "copies")
            .filter(Column::HouseholdId.eq(household))
            .filter(Column::GameId.is_in(chunk.iter().copied()))
            .filter(Column::RemovedAt.is_null())
            .group_by(Column::GameId)
            .into_tuple()
            .all(conn)
            .await
            .doing("counting the copies of games")?;
        counts.extend(rows);
    }
    Ok(counts)
}

/// The libraries of these households that hold one of `games`, each with those it holds.
pub async fn libraries_with(
    conn: &impl ConnectionTrait,
    households: &[Uuid],
    games: &[Uuid],
) -> Result<Vec<(Uuid, Uuid)>, Fault> {
    let mut found = Vec::new();
    for chunk in games.chunks(CHUNK) {
        let rows: Vec<(Uuid, Uuid)> = Entity::find()
            .select_only()
            .columns([Column::LibraryId, Column::GameId])
            .distinct()
            .filter(Column::HouseholdId.is_in(households.iter().copied()))
            .filter(Column::GameId.is_in(chunk.iter().copied()))
            .order_by_asc(Column::GameId)
            .into_tuple()
            .all(conn)
            .await
            .doing("looking for libraries that hold games")?;
        found.extend(rows);
    }
    Ok(found)
}

/// A copy by its own title, which need not be that of the game it belongs to.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Titled {
    /// The copy.
    pub id: Uuid,
    /// The library it is in, or was in.
    pub library_id: Uuid,
    /// The platform.
    pub platform: String,
    /// The title as the platform writes it.
    pub title: String,
    /// The game it was matched to.
    pub game_id: Option<Uuid>,
    /// When it was removed.
    pub removed_at: Option<DateTime<Utc>>,
}

/// How many titles one query brings.
const TITLES: u64 = 5_000;

/// The household's copies after `after` by their titles, removed ones too, a few thousand at a time.
pub async fn titled(
    conn: &impl ConnectionTrait,
    household: Uuid,
    after: Option<Uuid>,
) -> Result<Vec<Titled>, Fault> {
    let find = Entity::find()
        .select_only()
        .columns([
            Column::Id,
            Column::LibraryId,
            Column::Platform,
            Column::Title,
            Column::GameId,
            Column::RemovedAt,
        ])
        .filter(Column::HouseholdId.eq(household));
    let find = match after {
        Some(after) => find.filter(Column::Id.gt(after)),
        None => find,
    };
    find.order_by_asc(Column::Id)
        .limit(TITLES)
        .into_model()
        .all(conn)
        .await
        .doing("reading the titles of copies")
}

/// The copies of a library among `ids`.
pub async fn some(
    conn: &impl ConnectionTrait,
    library: Uuid,
    ids: &[Uuid],
) -> Result<Vec<Model>, Fault> {
    let mut found = Vec::with_capacity(ids.len());
    for chunk in ids.chunks(CHUNK) {
        found.extend(
            Entity::find()
                .filter(Column::LibraryId.eq(library))
                .filter(Column::Id.is_in(chunk.iter().copied()))
                .order_by_asc(Column::Id)
                .all(conn)
                .await
                .doing("loading copies")?,
        );
    }
    Ok(found)
}

/// Says which game each of these copies belongs to, and which revision of metadata's word that is. An
/// update rather than an upsert: a copy that has just been deleted must not come back.
pub async fn set_games(
    txn: &impl ConnectionTrait,
    matches: &[(Uuid, Uuid)],
    revision: i64,
) -> Result<(), Fault> {
    for chunk in matches.chunks(CHUNK) {
        let game = chunk
            .iter()
            .fold(CaseStatement::new(), |games, (copy, game)| {
                games.case(Expr::col(Column::Id).eq(*copy), Expr::value(*game))
            });
        Entity::update_many()
            .col_expr(Column::GameId, game.into())
            .col_expr(Column::MatchRevision, Expr::value(revision))
            .filter(Column::Id.is_in(chunk.iter().map(|(copy, _)| *copy)))
            .exec(txn)
            .await
            .doing("matching copies")?;
    }
    play::store::follow(txn, matches).await
}

/// Deletes some copies of an unlinked library and says whose games they were; `None` when none
/// are left.
pub async fn delete_some(
    txn: &impl ConnectionTrait,
    library: Uuid,
) -> Result<Option<Vec<Uuid>>, Fault> {
    let rows: Vec<(Uuid, Option<Uuid>)> = Entity::find()
        .select_only()
        .columns([Column::Id, Column::GameId])
        .filter(Column::LibraryId.eq(library))
        .limit(CHUNK as u64)
        .into_tuple()
        .all(txn)
        .await
        .doing("listing a library's copies")?;
    if rows.is_empty() {
        return Ok(None);
    }
    Entity::delete_many()
        .filter(Column::Id.is_in(rows.iter().map(|(id, _)| *id)))
        .exec(txn)
        .await
        .doing("deleting a library's copies")?;
    let ids: Vec<Uuid> = rows.iter().map(|(id, _)| *id).collect();
    play::store::delete_of(txn, &ids).await?;
    achievement::store::delete_of(txn, &ids).await?;
    Ok(Some(
        rows.into_iter().filter_map(|(_, game)| game).collect(),
    ))
}
