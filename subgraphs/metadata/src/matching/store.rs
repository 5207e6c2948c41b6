//! The queries.

use super::entity::{copy, external, gone, kept, lock, matched};
use chrono::{DateTime, Utc};
use djinn_kernel::event::FileEntry;
use djinn_subgraph_kit::db::rows_of;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait, Set,
    sea_query::{Expr, ExprTrait, OnConflict},
};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use uuid::Uuid;

/// Rows in one statement; SQLite takes some thirty thousand values.
const CHUNK: usize = 500;

/// The one lock there is.
const GAMES: &str = "games";

/// Counts one more telling of copies, and returns how many there have been. The caller holds the
/// lock.
pub async fn next_rev(txn: &impl ConnectionTrait) -> Result<i64, DbErr> {
    lock::Entity::update_many()
        .col_expr(lock::Column::Rev, Expr::col(lock::Column::Rev).add(1))
        .filter(lock::Column::Name.eq(GAMES))
        .exec(txn)
        .await?;
    let row = lock::Entity::find_by_id(GAMES).one(txn).await?;
    Ok(row.map_or(0, |row| row.rev))
}

/// From here to the commit, nobody else changes games. On SQLite that is so anyway.
pub async fn lock(txn: &impl ConnectionTrait, now: DateTime<Utc>) -> Result<(), DbErr> {
    lock::Entity::insert(lock::ActiveModel {
        name: Set(GAMES.to_owned()),
        at: Set(now),
        ..Default::default()
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

/// Matches by id.
pub async fn by_id(txn: &impl ConnectionTrait, ids: &[Uuid]) -> Result<Vec<matched::Model>, DbErr> {
    let mut all = Vec::new();
    for ids in ids.chunks(CHUNK) {
        all.extend(
            matched::Entity::find()
                .filter(matched::Column::Id.is_in(ids.iter().copied()))
                .all(txn)
                .await?,
        );
    }
    Ok(all)
}

/// The matches that belong to these games in the catalogue.
pub async fn of_games(
    txn: &impl ConnectionTrait,
    games: &[Uuid],
) -> Result<Vec<matched::Model>, DbErr> {
    let mut all = Vec::new();
    for games in games.chunks(CHUNK) {
        all.extend(
            matched::Entity::find()
                .filter(matched::Column::GameId.is_in(games.iter().copied()))
                .order_by_asc(matched::Column::Id)
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

/// Copies by id.
pub async fn copies(conn: &impl ConnectionTrait, ids: &[Uuid]) -> Result<Vec<copy::Model>, DbErr> {
    let mut all = Vec::new();
    for ids in ids.chunks(CHUNK) {
        all.extend(
            copy::Entity::find()
                .filter(copy::Column::CopyId.is_in(ids.iter().copied()))
                .order_by_asc(copy::Column::CopyId)
                .all(conn)
                .await?,
        );
    }
    Ok(all)
}

/// Which of these copies were heard of before.
pub async fn known_copies(
    conn: &impl ConnectionTrait,
    copies: &[Uuid],
) -> Result<HashSet<Uuid>, DbErr> {
    let mut known = HashSet::new();
    for copies in copies.chunks(CHUNK) {
        let found: Vec<Uuid> = copy::Entity::find()
            .select_only()
            .column(copy::Column::CopyId)
            .filter(copy::Column::CopyId.is_in(copies.iter().copied()))
            .into_tuple()
            .all(conn)
            .await?;
        known.extend(found);
    }
    Ok(known)
}

/// Writes matches, new or changed.
pub async fn save_matches(
    txn: &impl ConnectionTrait,
    rows: Vec<matched::Model>,
) -> Result<(), DbErr> {
    use matched::Column;
    for rows in rows.chunks(rows_of::<matched::Entity>()) {
        matched::Entity::insert_many(rows.iter().cloned().map(IntoActiveModel::into_active_model))
            .on_conflict(
                OnConflict::column(Column::Id)
                    .update_columns([
                        Column::Identity,
                        Column::Platform,
                        Column::StoreId,
                        Column::Title,
                        Column::GroupKey,
                        Column::BaseKey,
                        Column::Year,
                        Column::StoreYear,
                        Column::Vouched,
                        Column::Imported,
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
    for rows in rows.chunks(rows_of::<copy::Entity>()) {
        copy::Entity::insert_many(rows.iter().cloned().map(IntoActiveModel::into_active_model))
            .on_conflict(
                OnConflict::column(copy::Column::CopyId)
                    .update_columns([
                        copy::Column::LibraryId,
                        copy::Column::MatchId,
                        copy::Column::HouseholdId,
                        copy::Column::GameId,
                        copy::Column::FileId,
                        copy::Column::FileEntry,
                    ])
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

/// Notes that a library is gone.
pub async fn note_gone(txn: &impl ConnectionTrait, library: Uuid) -> Result<(), DbErr> {
    gone::Entity::insert(gone::ActiveModel {
        library_id: Set(library),
    })
    .on_conflict(
        OnConflict::column(gone::Column::LibraryId)
            .do_nothing()
            .to_owned(),
    )
    .exec_without_returning(txn)
    .await?;
    Ok(())
}

/// Which of these libraries are gone.
pub async fn gone(
    txn: &impl ConnectionTrait,
    libraries: &BTreeSet<Uuid>,
) -> Result<BTreeSet<Uuid>, DbErr> {
    let gone = gone::Entity::find()
        .filter(gone::Column::LibraryId.is_in(libraries.iter().copied()))
        .all(txn)
        .await?;
    Ok(gone.into_iter().map(|row| row.library_id).collect())
}

/// Lets go of the copies of a library that a household unlinks, and keeps what they were, unless
/// another of its libraries says so too: then that one decides how long it is known.
pub async fn keep_library(
    txn: &impl ConnectionTrait,
    household: Uuid,
    library: Uuid,
) -> Result<(), DbErr> {
    use kept::Column;
    let elsewhere = copy::Entity::find()
        .select_only()
        .column(copy::Column::MatchId)
        .filter(copy::Column::HouseholdId.eq(household))
        .filter(copy::Column::LibraryId.ne(library))
        .into_query();
    let matches: Vec<Uuid> = copy::Entity::find()
        .select_only()
        .column(copy::Column::MatchId)
        .distinct()
        .filter(copy::Column::LibraryId.eq(library))
        .filter(copy::Column::MatchId.not_in_subquery(elsewhere))
        .into_tuple()
        .all(txn)
        .await?;
    for matches in matches.chunks(rows_of::<kept::Entity>()) {
        let rows = matches.iter().map(|id| kept::ActiveModel {
            household_id: Set(household),
            match_id: Set(*id),
        });
        kept::Entity::insert_many(rows)
            .on_conflict(
                OnConflict::columns([Column::HouseholdId, Column::MatchId])
                    .do_nothing()
                    .to_owned(),
            )
            .exec_without_returning(txn)
            .await?;
    }
    copy::Entity::delete_many()
        .filter(copy::Column::LibraryId.eq(library))
        .exec(txn)
        .await?;
    Ok(())
}

/// Which of these households unlinked a library of which something has not come back.
pub async fn keepers(
    txn: &impl ConnectionTrait,
    households: &BTreeSet<Uuid>,
) -> Result<Vec<Uuid>, DbErr> {
    if households.is_empty() {
        return Ok(Vec::new());
    }
    kept::Entity::find()
        .select_only()
        .column(kept::Column::HouseholdId)
        .distinct()
        .filter(kept::Column::HouseholdId.is_in(households.iter().copied()))
        .order_by_asc(kept::Column::HouseholdId)
        .into_tuple()
        .all(txn)
        .await
}

/// What a household keeps of these groups, and knows by no store's id; the oldest first.
pub async fn kept_loose(
    txn: &impl ConnectionTrait,
    household: Uuid,
    groups: &[String],
) -> Result<Vec<matched::Model>, DbErr> {
    let mut all = Vec::new();
    for groups in groups.chunks(CHUNK) {
        let kept = kept::Entity::find()
            .select_only()
            .column(kept::Column::MatchId)
            .filter(kept::Column::HouseholdId.eq(household))
            .into_query();
        all.extend(
            matched::Entity::find()
                .filter(matched::Column::GroupKey.is_in(groups))
                .filter(matched::Column::StoreId.is_null())
                .filter(matched::Column::Id.in_subquery(kept))
                .order_by_asc(matched::Column::Id)
                .all(txn)
                .await?,
        );
    }
    Ok(all)
}

/// What came back is held again, and no longer only kept.
pub async fn let_go(
    txn: &impl ConnectionTrait,
    household: Uuid,
    matches: &[Uuid],
) -> Result<(), DbErr> {
    for matches in matches.chunks(CHUNK) {
        kept::Entity::delete_many()
            .filter(kept::Column::HouseholdId.eq(household))
            .filter(kept::Column::MatchId.is_in(matches.iter().copied()))
            .exec(txn)
            .await?;
    }
    Ok(())
}

/// Forgets the copies of a library, and what only they said. What a store's product is called is
/// nobody's secret and stays. Returns the games that they were.
pub async fn forget_library(
    txn: &impl ConnectionTrait,
    library: Uuid,
) -> Result<BTreeSet<Uuid>, DbErr> {
    let told: Vec<Uuid> = copy::Entity::find()
        .select_only()
        .column(copy::Column::GameId)
        .distinct()
        .filter(copy::Column::LibraryId.eq(library))
        .filter(copy::Column::GameId.is_not_null())
        .into_tuple()
        .all(txn)
        .await?;
    let behind = copy::Entity::find()
        .select_only()
        .column(copy::Column::MatchId)
        .filter(copy::Column::LibraryId.eq(library))
        .into_query();
    let meant: Vec<Uuid> = matched::Entity::find()
        .select_only()
        .column(matched::Column::GameId)
        .distinct()
        .filter(matched::Column::Id.in_subquery(behind.clone()))
        .into_tuple()
        .all(txn)
        .await?;
    matched::Entity::delete_many()
        .filter(matched::Column::StoreId.is_null())
        .filter(matched::Column::Id.in_subquery(behind))
        .exec(txn)
        .await?;
    copy::Entity::delete_many()
        .filter(copy::Column::LibraryId.eq(library))
        .exec(txn)
        .await?;
    Ok(told.into_iter().chain(meant).collect())
}

/// Those of these games that a match or a copy is of.
pub async fn held_games(txn: &impl ConnectionTrait, games: &[Uuid]) -> Result<Vec<Uuid>, DbErr> {
    let mut held: Vec<Uuid> = Vec::new();
    for games in games.chunks(CHUNK) {
        let matches: Vec<Uuid> = matched::Entity::find()
            .select_only()
            .column(matched::Column::GameId)
            .distinct()
            .filter(matched::Column::GameId.is_in(games.iter().copied()))
            .into_tuple()
            .all(txn)
            .await?;
        let copies: Vec<Uuid> = copy::Entity::find()
            .select_only()
            .column(copy::Column::GameId)
            .distinct()
            .filter(copy::Column::GameId.is_in(games.iter().copied()))
            .into_tuple()
            .all(txn)
            .await?;
        held.extend(matches.into_iter().chain(copies));
    }
    Ok(held)
}

/// What other catalogues say of these products, as their identity, the source and its work.
pub async fn works_of(
    txn: &impl ConnectionTrait,
    rows: &[&matched::Model],
) -> Result<Vec<external::Model>, DbErr> {
    let mut all = Vec::new();
    let mut ids: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for row in rows {
        if let Some(store_id) = row.store_id.as_deref() {
            ids.entry(&row.platform).or_default().push(store_id);
        }
    }
    for (platform, ids) in ids {
        for ids in ids.chunks(CHUNK) {
            all.extend(
                external::Entity::find()
                    .filter(external::Column::Platform.eq(platform))
                    .filter(external::Column::StoreId.is_in(ids.iter().copied()))
                    .all(txn)
                    .await?,
            );
        }
    }
    Ok(all)
}

/// The products of these works.
pub async fn of_works(
    txn: &impl ConnectionTrait,
    works: &[(String, String)],
) -> Result<Vec<external::Model>, DbErr> {
    let mut all = Vec::new();
    let mut by_source: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (source, work) in works {
        by_source.entry(source).or_default().push(work);
    }
    for (source, works) in by_source {
        for works in works.chunks(CHUNK) {
            all.extend(
                external::Entity::find()
                    .filter(external::Column::Source.eq(source))
                    .filter(external::Column::Work.is_in(works.iter().copied()))
                    .all(txn)
                    .await?,
            );
        }
    }
    Ok(all)
}

/// Writes which work of `source` these products are.
pub async fn save_external(
    txn: &impl ConnectionTrait,
    rows: Vec<external::Model>,
) -> Result<(), DbErr> {
    use external::Column;
    if rows.is_empty() {
        return Ok(());
    }
    external::Entity::insert_many(rows.into_iter().map(IntoActiveModel::into_active_model))
        .on_conflict(
            OnConflict::columns([Column::Platform, Column::StoreId, Column::Source])
                .update_columns([Column::Work, Column::At])
                .to_owned(),
        )
        .exec_without_returning(txn)
        .await?;
    Ok(())
}

/// Whether any catalogue has said anything: most hubs ask none.
pub async fn knows_works(txn: &impl ConnectionTrait) -> Result<bool, DbErr> {
    Ok(external::Entity::find().one(txn).await?.is_some())
}

/// The copies of a household that it has these games as.
pub async fn held_as(
    conn: &impl ConnectionTrait,
    household: Uuid,
    games: &[Uuid],
) -> Result<Vec<copy::Model>, DbErr> {
    let mut all = Vec::new();
    for games in games.chunks(CHUNK) {
        all.extend(
            copy::Entity::find()
                .filter(copy::Column::HouseholdId.eq(household))
                .filter(copy::Column::GameId.is_in(games.iter().copied()))
                .order_by_asc(copy::Column::CopyId)
                .all(conn)
                .await?,
        );
    }
    Ok(all)
}

/// The copies of a household that these entries of files brought.
pub async fn of_entries(
    conn: &impl ConnectionTrait,
    household: Uuid,
    entries: &BTreeSet<FileEntry>,
) -> Result<Vec<copy::Model>, DbErr> {
    let mut of: BTreeMap<Uuid, Vec<i32>> = BTreeMap::new();
    for FileEntry { file, entry } in entries {
        of.entry(*file).or_default().push(*entry);
    }
    let mut all = Vec::new();
    for (file, entries) in of {
        for entries in entries.chunks(CHUNK) {
            all.extend(
                copy::Entity::find()
                    .filter(copy::Column::HouseholdId.eq(household))
                    .filter(copy::Column::FileId.eq(file))
                    .filter(copy::Column::FileEntry.is_in(entries.iter().copied()))
                    .all(conn)
                    .await?,
            );
        }
    }
    Ok(all)
}
