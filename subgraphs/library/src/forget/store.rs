//! The queries of forgetting, beside those it shares with unlinking.

use crate::{
    account::entity::secret,
    achievement::entity::{achievement, set},
    collection::entity::{collection, member},
    copy::entity as copy,
    game::{entity::holding, joined::row as joined},
    import::waiting::entity as word,
    play::entity as play,
    status::entity as change,
};
use djinn_kernel::{Doing, Fault};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect,
    QueryTrait,
    sea_query::{Expr, ExprTrait, Query, SelectStatement},
};
use std::collections::BTreeSet;
use uuid::Uuid;

/// Rows in one statement: both databases bound the number of variables.
const CHUNK: usize = 500;

/// How many copies a library has, removed ones too.
pub async fn copies(conn: &impl ConnectionTrait, library: Uuid) -> Result<u64, Fault> {
    copy::Entity::find()
        .filter(copy::Column::LibraryId.eq(library))
        .count(conn)
        .await
        .doing("counting what is forgotten")
}

/// Deletes a library's copies.
pub async fn delete_copies(txn: &impl ConnectionTrait, library: Uuid) -> Result<(), Fault> {
    copy::Entity::delete_many()
        .filter(copy::Column::LibraryId.eq(library))
        .exec(txn)
        .await
        .doing("forgetting copies")?;
    Ok(())
}

fn of_library(library: Uuid) -> SelectStatement {
    Query::select()
        .column(copy::Column::Id)
        .from(copy::Entity)
        .and_where(copy::Column::LibraryId.eq(library))
        .to_owned()
}

/// Deletes the days on which a library's copies were played; how many there were.
pub async fn play(txn: &impl ConnectionTrait, library: Uuid) -> Result<u64, Fault> {
    let gone = play::Entity::delete_many()
        .filter(Expr::col(play::Column::CopyId).in_subquery(of_library(library)))
        .exec(txn)
        .await
        .doing("forgetting play records")?;
    Ok(gone.rows_affected)
}

/// Deletes what was unlocked of a library's copies, and what is known of it.
pub async fn achievements(txn: &impl ConnectionTrait, library: Uuid) -> Result<(), Fault> {
    achievement::Entity::delete_many()
        .filter(Expr::col(achievement::Column::CopyId).in_subquery(of_library(library)))
        .exec(txn)
        .await
        .doing("forgetting achievements")?;
    set::Entity::delete_many()
        .filter(Expr::col(set::Column::CopyId).in_subquery(of_library(library)))
        .exec(txn)
        .await
        .doing("forgetting what is known of achievements")?;
    Ok(())
}

/// Deletes what files said of a library's copies.
pub async fn words(txn: &impl ConnectionTrait, library: Uuid) -> Result<u64, Fault> {
    let gone = word::Entity::delete_many()
        .filter(word::Column::LibraryId.eq(library))
        .exec(txn)
        .await
        .doing("forgetting what files said")?;
    Ok(gone.rows_affected)
}

/// The sealed secrets of a library, by field.
pub async fn secrets(
    conn: &impl ConnectionTrait,
    library: Uuid,
) -> Result<Vec<secret::Model>, Fault> {
    secret::Entity::find()
        .filter(secret::Column::LibraryId.eq(library))
        .lock_exclusive()
        .all(conn)
        .await
        .doing("finding the secrets of a library")
}

/// Writes a secret whose key is destroyed over the one that was there.
pub async fn overwrite(
    txn: &impl ConnectionTrait,
    row: secret::Model,
    shredded: Vec<u8>,
) -> Result<(), Fault> {
    secret::Entity::update_many()
        .col_expr(secret::Column::Sealed, Expr::value(shredded))
        .filter(secret::Column::LibraryId.eq(row.library_id))
        .filter(secret::Column::Field.eq(row.field))
        .exec(txn)
        .await
        .doing("destroying the key of a secret")?;
    Ok(())
}

/// The games that the household holds nowhere but in this library, or held there last.
pub async fn only_here(
    conn: &impl ConnectionTrait,
    household: Uuid,
    library: Uuid,
) -> Result<Vec<Uuid>, Fault> {
    let elsewhere = Query::select()
        .column(copy::Column::GameId)
        .from(copy::Entity)
        .and_where(copy::Column::HouseholdId.eq(household))
        .and_where(copy::Column::LibraryId.ne(library))
        .and_where(copy::Column::GameId.is_not_null())
        .to_owned();
    copy::Entity::find()
        .select_only()
        .column(copy::Column::GameId)
        .distinct()
        .filter(copy::Column::LibraryId.eq(library))
        .filter(copy::Column::GameId.is_not_null())
        .filter(Expr::col(copy::Column::GameId).not_in_subquery(elsewhere))
        .into_tuple()
        .all(conn)
        .await
        .doing("finding games that are nowhere else")
}

/// These games, and those that became part of them and that nobody holds: their marks went along, and
/// stayed behind as well.
pub async fn with_merged(
    conn: &impl ConnectionTrait,
    household: Uuid,
    games: Vec<Uuid>,
) -> Result<Vec<Uuid>, Fault> {
    let mut all: BTreeSet<Uuid> = games.iter().copied().collect();
    let mut fresh = games;
    while !fresh.is_empty() {
        let mut found = Vec::new();
        for chunk in fresh.chunks(CHUNK) {
            let held = Query::select()
                .column(holding::Column::GameId)
                .from(holding::Entity)
                .and_where(holding::Column::HouseholdId.eq(household))
                .and_where(holding::Column::Held.eq(true))
                .to_owned();
            let from: Vec<Uuid> = joined::Entity::find()
                .select_only()
                .column(joined::Column::FromGame)
                .filter(joined::Column::HouseholdId.eq(household))
                .filter(joined::Column::ToGame.is_in(chunk.iter().copied()))
                .filter(Expr::col(joined::Column::FromGame).not_in_subquery(held))
                .into_tuple()
                .all(conn)
                .await
                .doing("finding games that were merged")?;
            found.extend(from);
        }
        fresh = found.into_iter().filter(|game| all.insert(*game)).collect();
    }
    Ok(all.into_iter().collect())
}

/// Those of these games that are hidden, with their holdings' revisions.
pub async fn hidden(
    conn: &impl ConnectionTrait,
    household: Uuid,
    games: &[Uuid],
) -> Result<Vec<(Uuid, i64)>, Fault> {
    let mut found = Vec::new();
    for chunk in games.chunks(CHUNK) {
        let rows: Vec<(Uuid, i64)> = holding::Entity::find()
            .select_only()
            .columns([holding::Column::GameId, holding::Column::Revision])
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

/// Forgets what was said of these games; of how many something had been said.
pub async fn said(
    txn: &impl ConnectionTrait,
    household: Uuid,
    games: &[Uuid],
    rev: i64,
) -> Result<u64, Fault> {
    let mut said = 0;
    let theirs = collection::Entity::find()
        .select_only()
        .column(collection::Column::Id)
        .filter(collection::Column::HouseholdId.eq(household))
        .into_query();
    for chunk in games.chunks(CHUNK) {
        let these = || chunk.iter().copied();
        let something = Condition::any()
            .add(holding::Column::Status.is_not_null())
            .add(holding::Column::Favourite.eq(true))
            .add(holding::Column::Hidden.eq(true))
            .add(holding::Column::Notes.is_not_null())
            .add(holding::Column::MyRating.is_not_null())
            .add(holding::Column::MyTags.is_not_null());
        let changed = holding::Entity::update_many()
            .col_expr(holding::Column::Status, Expr::value(None::<String>))
            .col_expr(holding::Column::StatusBy, Expr::value(None::<String>))
            .col_expr(holding::Column::Favourite, Expr::value(false))
            .col_expr(holding::Column::Hidden, Expr::value(false))
            .col_expr(holding::Column::Notes, Expr::value(None::<String>))
            .col_expr(holding::Column::MyRating, Expr::value(None::<i16>))
            .col_expr(holding::Column::MyTags, Expr::value(None::<String>))
            .col_expr(
                holding::Column::Revision,
                Expr::col(holding::Column::Revision).add(1_i64),
            )
            .col_expr(holding::Column::IndexRev, Expr::value(rev))
            .filter(holding::Column::HouseholdId.eq(household))
            .filter(holding::Column::GameId.is_in(these()))
            .filter(something)
            .exec(txn)
            .await
            .doing("forgetting what was said of games")?;
        said += changed.rows_affected;
        change::Entity::delete_many()
            .filter(change::Column::HouseholdId.eq(household))
            .filter(change::Column::GameId.is_in(these()))
            .exec(txn)
            .await
            .doing("forgetting how statuses changed")?;
        // What these had said before they were merged, or had brought along.
        joined::Entity::delete_many()
            .filter(joined::Column::HouseholdId.eq(household))
            .filter(
                Condition::any()
                    .add(joined::Column::FromGame.is_in(these()))
                    .add(joined::Column::ToGame.is_in(these())),
            )
            .exec(txn)
            .await
            .doing("forgetting marks of merged games")?;
        member::Entity::delete_many()
            .filter(member::Column::GameId.is_in(these()))
            .filter(Expr::col(member::Column::CollectionId).in_subquery(theirs.clone()))
            .exec(txn)
            .await
            .doing("taking forgotten games out of collections")?;
    }
    Ok(said)
}
