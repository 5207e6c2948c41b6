//! The queries.

use super::entity::{copy, lock, matched};
use chrono::{DateTime, Utc};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait, Set, sea_query::OnConflict,
};
use std::collections::HashMap;
use uuid::Uuid;

/// Rows in one statement; SQLite takes some thirty thousand values.
const CHUNK: usize = 500;

/// From here to the commit, nobody else changes games. On SQLite that is so anyway.
pub async fn lock(txn: &impl ConnectionTrait, now: DateTime<Utc>) -> Result<(), DbErr> {
    lock::Entity::insert(lock::ActiveModel {
        name: Set("games".to_owned()),
        at: Set(now),
    })
    .on_conflict(
        OnConflict::column(lock::Column::Name)
            .update_column(lock::Column::At)
            .to_owned(),
    )
    .exec_without_returning(txn)
    .await?;
    Ok(())
}

/// Matches by identity.
pub async fn by_identity(
    txn: &impl ConnectionTrait,
    identities: &[String],
) -> Result<Vec<matched::Model>, DbErr> {
    let mut all = Vec::new();
    for identities in identities.chunks(CHUNK) {
        all.extend(
            matched::Entity::find()
                .filter(matched::Column::Identity.is_in(identities))
                .all(txn)
                .await?,
        );
    }
    Ok(all)
}

/// All matches of these groups.
pub async fn by_group(
    txn: &impl ConnectionTrait,
    groups: &[String],
) -> Result<Vec<matched::Model>, DbErr> {
    let mut all = Vec::new();
    for groups in groups.chunks(CHUNK) {
        all.extend(
            matched::Entity::find()
                .filter(matched::Column::GroupKey.is_in(groups))
                .all(txn)
                .await?,
        );
    }
    Ok(all)
}

/// The stores' products of these games.
pub async fn products(
    db: &impl ConnectionTrait,
    games: &[Uuid],
) -> Result<HashMap<Uuid, Vec<matched::Model>>, DbErr> {
    let mut all: HashMap<Uuid, Vec<matched::Model>> = HashMap::new();
    for games in games.chunks(CHUNK) {
        let rows = matched::Entity::find()
            .filter(matched::Column::GameId.is_in(games.iter().copied()))
            .filter(matched::Column::StoreId.is_not_null())
            .order_by_asc(matched::Column::Identity)
            .all(db)
            .await?;
        for row in rows {
            all.entry(row.game_id).or_default().push(row);
        }
    }
    Ok(all)
}

/// The copies behind these matches.
pub async fn copies_behind(
    txn: &impl ConnectionTrait,
    matches: &[Uuid],
) -> Result<Vec<copy::Model>, DbErr> {
    let mut all = Vec::new();
    for matches in matches.chunks(CHUNK) {
        all.extend(
            copy::Entity::find()
                .filter(copy::Column::MatchId.is_in(matches.iter().copied()))
                .order_by_asc(copy::Column::CopyId)
                .all(txn)
                .await?,
        );
    }
    Ok(all)
}

/// Writes matches, new or changed.
pub async fn save_matches(
    txn: &impl ConnectionTrait,
    rows: Vec<matched::Model>,
) -> Result<(), DbErr> {
    use matched::Column;
    for rows in rows.chunks(CHUNK) {
        matched::Entity::insert_many(rows.iter().cloned().map(IntoActiveModel::into_active_model))
            .on_conflict(
                OnConflict::column(Column::Id)
                    .update_columns([
                        Column::Identity,
                        Column::Platform,
                        Column::StoreId,
                        Column::Title,
                        Column::GroupKey,
                        Column::Year,
                        Column::StoreYear,
                        Column::GameId,
                        Column::How,
                        Column::At,
                    ])
                    .to_owned(),
            )
            .exec_without_returning(txn)
            .await?;
    }
    Ok(())
}

/// Writes which match each copy stands behind.
pub async fn save_copies(txn: &impl ConnectionTrait, rows: Vec<copy::Model>) -> Result<(), DbErr> {
    for rows in rows.chunks(CHUNK) {
        copy::Entity::insert_many(rows.iter().cloned().map(IntoActiveModel::into_active_model))
            .on_conflict(
                OnConflict::column(copy::Column::CopyId)
                    .update_columns([copy::Column::LibraryId, copy::Column::MatchId])
                    .to_owned(),
            )
            .exec_without_returning(txn)
            .await?;
    }
    Ok(())
}

/// Removes matches that nothing stands behind any more.
pub async fn remove_matches(txn: &impl ConnectionTrait, ids: &[Uuid]) -> Result<(), DbErr> {
    for ids in ids.chunks(CHUNK) {
        matched::Entity::delete_many()
            .filter(matched::Column::Id.is_in(ids.iter().copied()))
            .exec(txn)
            .await?;
    }
    Ok(())
}

/// Forgets the copies of a library, and what only they said. What a store's product is called is
/// nobody's secret and stays.
pub async fn forget_library(txn: &impl ConnectionTrait, library: Uuid) -> Result<(), DbErr> {
    let behind = copy::Entity::find()
        .select_only()
        .column(copy::Column::MatchId)
        .filter(copy::Column::LibraryId.eq(library))
        .into_query();
    matched::Entity::delete_many()
        .filter(matched::Column::StoreId.is_null())
        .filter(matched::Column::Id.in_subquery(behind))
        .exec(txn)
        .await?;
    copy::Entity::delete_many()
        .filter(copy::Column::LibraryId.eq(library))
        .exec(txn)
        .await?;
    Ok(())
}
