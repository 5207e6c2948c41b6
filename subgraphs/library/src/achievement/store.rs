//! The only queries on achievements.

use super::{
    STALE, Wanted,
    entity::{achievement, set},
};
use crate::{copy::entity as copy, platform::AchievementListed};
use chrono::{DateTime, Utc};
use djinn_kernel::{Doing, Fault};
use djinn_subgraph_kit::db::rows_of;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel,
    JoinType, Order, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Set,
    sea_query::{CaseStatement, Expr, OnConflict},
};
use std::{
    collections::{HashMap, HashSet},
    time::Duration,
};
use uuid::Uuid;

/// Rows in one statement: both databases bound the number of variables.
const CHUNK: usize = 500;
/// How long one copy's may take to be asked for; then another worker may.
const LEASE: Duration = Duration::from_mins(2);

/// Notes which listed copies there are: new ones are asked for, and those that were played on
/// since. Says whether there is anything to ask.
pub async fn want(
    txn: &impl ConnectionTrait,
    wanted: &[Wanted],
    now: DateTime<Utc>,
) -> Result<bool, Fault> {
    let mut changed = Vec::new();
    for chunk in wanted.chunks(CHUNK) {
        let known: HashMap<Uuid, set::Model> = set::Entity::find()
            .filter(set::Column::CopyId.is_in(chunk.iter().map(|one| one.copy)))
            .all(txn)
            .await
            .doing("loading which achievements are known")?
            .into_iter()
            .map(|row| (row.copy_id, row))
            .collect();
        for one in chunk {
            let before = known.get(&one.copy);
            let after = asked(before, one, now);
            if before != Some(&after) {
                changed.push(after);
            }
        }
    }
    let any = changed.iter().any(|row| row.next_at.is_some());
    save(txn, changed).await?;
    Ok(any)
}

fn asked(before: Option<&set::Model>, one: &Wanted, now: DateTime<Utc>) -> set::Model {
    let Some(before) = before else {
        return set::Model {
            copy_id: one.copy,
            library_id: one.library,
            household_id: one.household,
            playtime_minutes: one.minutes,
            last_played_at: one.last_played_at,
            fetched_minutes: None,
            fetched_at: None,
            total: 0,
            unlocked: 0,
            attempts: 0,
            next_at: Some(now),
            lease_until: None,
        };
    };
    let mut row = set::Model {
        playtime_minutes: one.minutes,
        last_played_at: one.last_played_at,
        ..before.clone()
    };
    let played_on = row.fetched_minutes.is_none_or(|then| one.minutes > then);
    let stale = one.minutes > 0 && row.fetched_at.is_some_and(|at| now - at >= STALE);
    if row.next_at.is_none() && (played_on || stale) {
        row.next_at = Some(now);
        row.attempts = 0;
    }
    row
}

async fn save(txn: &impl ConnectionTrait, rows: Vec<set::Model>) -> Result<(), Fault> {
    let mut rows = rows.into_iter().peekable();
    while rows.peek().is_some() {
        let chunk: Vec<_> = rows
            .by_ref()
            .take(rows_of::<set::Entity>())
            .map(|row| row.into_active_model().reset_all())
            .collect();
        set::Entity::insert_many(chunk)
            .on_conflict(
                OnConflict::column(set::Column::CopyId)
                    .update_columns([
                        set::Column::PlaytimeMinutes,
                        set::Column::LastPlayedAt,
                        set::Column::Attempts,
                        set::Column::NextAt,
                    ])
                    .to_owned(),
            )
            .exec_without_returning(txn)
            .await
            .doing("noting which achievements are wanted")?;
    }
    Ok(())
}

fn due(now: DateTime<Utc>) -> Condition {
    Condition::all().add(set::Column::NextAt.lte(now)).add(
        Condition::any()
            .add(set::Column::LeaseUntil.is_null())
            .add(set::Column::LeaseUntil.lte(now)),
    )
}

/// Libraries with something to ask for, at most 50.
pub async fn due_libraries(
    conn: &impl ConnectionTrait,
    now: DateTime<Utc>,
) -> Result<Vec<(Uuid, Uuid)>, Fault> {
    set::Entity::find()
        .select_only()
        .columns([set::Column::LibraryId, set::Column::HouseholdId])
        .distinct()
        .filter(due(now))
        .order_by_asc(set::Column::LibraryId)
        .limit(50)
        .into_tuple()
        .all(conn)
        .await
        .doing("looking for achievements to fetch")
}

/// Takes the next copy of a library to ask for: what was played last comes first, what was never
/// played last.
pub async fn take(
    txn: &impl ConnectionTrait,
    library: Uuid,
    now: DateTime<Utc>,
) -> Result<Option<set::Model>, Fault> {
    let last = |is: Condition| -> Expr { CaseStatement::new().case(is, 1).finally(0).into() };
    let unplayed = Condition::all().add(set::Column::PlaytimeMinutes.lte(0));
    let unsaid = Condition::all().add(set::Column::LastPlayedAt.is_null());
    let row = set::Entity::find()
        .filter(set::Column::LibraryId.eq(library))
        .filter(due(now))
        .order_by(last(unplayed), Order::Asc)
        .order_by(last(unsaid), Order::Asc)
        .order_by_desc(set::Column::LastPlayedAt)
        .order_by_asc(set::Column::CopyId)
        .limit(1)
        .lock_exclusive()
        .one(txn)
        .await
        .doing("taking the next achievements to fetch")?;
    if let Some(row) = &row {
        set::Entity::update_many()
            .col_expr(set::Column::LeaseUntil, Expr::value(now + LEASE))
            .filter(set::Column::CopyId.eq(row.copy_id))
            .exec(txn)
            .await
            .doing("taking the next achievements to fetch")?;
    }
    Ok(row)
}

/// A copy's row, locked until the transaction ends.
pub async fn lock(txn: &impl ConnectionTrait, copy: Uuid) -> Result<Option<set::Model>, Fault> {
    set::Entity::find_by_id(copy)
        .lock_exclusive()
        .one(txn)
        .await
        .doing("locking what is known of achievements")
}

/// Writes a row that was loaded with [`lock`] in the same transaction.
pub async fn update(txn: &impl ConnectionTrait, row: set::Model) -> Result<(), Fault> {
    set::Entity::update(row.into_active_model().reset_all())
        .exec(txn)
        .await
        .doing("noting what is known of achievements")?;
    Ok(())
}

/// Nothing of this library is asked for before then.
pub async fn postpone(
    txn: &impl ConnectionTrait,
    library: Uuid,
    until: DateTime<Utc>,
) -> Result<(), Fault> {
    set::Entity::update_many()
        .col_expr(set::Column::NextAt, Expr::value(until))
        .filter(set::Column::LibraryId.eq(library))
        .filter(set::Column::NextAt.lt(until))
        .exec(txn)
        .await
        .doing("putting achievements off")?;
    Ok(())
}

/// Nothing of this library is asked for before it is listed again.
pub async fn give_up(txn: &impl ConnectionTrait, library: Uuid) -> Result<(), Fault> {
    set::Entity::update_many()
        .col_expr(set::Column::NextAt, Expr::value(None::<DateTime<Utc>>))
        .filter(set::Column::LibraryId.eq(library))
        .filter(set::Column::NextAt.is_not_null())
        .exec(txn)
        .await
        .doing("giving achievements up")?;
    Ok(())
}

/// Writes all achievements of a copy in the place of those that were known.
pub async fn replace(
    txn: &impl ConnectionTrait,
    of: &set::Model,
    kept: Vec<AchievementListed>,
) -> Result<(), Fault> {
    achievement::Entity::delete_many()
        .filter(achievement::Column::CopyId.eq(of.copy_id))
        .exec(txn)
        .await
        .doing("replacing achievements")?;
    insert(txn, listed(of, kept).collect()).await
}

fn listed(
    of: &set::Model,
    kept: Vec<AchievementListed>,
) -> impl Iterator<Item = achievement::ActiveModel> {
    let (copy, household) = (of.copy_id, of.household_id);
    (0..)
        .zip(kept)
        .map(move |(position, one)| achievement::ActiveModel {
            copy_id: Set(copy),
            position: Set(position),
            household_id: Set(household),
            key: Set(one.id),
            name: Set(one.name),
            description: Set(one.description),
            icon_url: Set(one.icon_url),
            hidden: Set(one.hidden),
            unlocked: Set(one.unlocked),
            unlocked_at: Set(one.unlocked_at),
            rarity_percent: Set(one.rarity_percent),
            points: Set(one.points),
        })
}

async fn insert(
    txn: &impl ConnectionTrait,
    rows: Vec<achievement::ActiveModel>,
) -> Result<(), Fault> {
    for chunk in rows.chunks(rows_of::<achievement::Entity>()) {
        achievement::Entity::insert_many(chunk.to_vec())
            .exec_without_returning(txn)
            .await
            .doing("keeping achievements")?;
    }
    Ok(())
}

/// How many copies' achievements were fetched since then, and how many can be asked for now.
pub async fn progress(
    conn: &impl ConnectionTrait,
    library: Uuid,
    since: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<(u64, u64), Fault> {
    let of = set::Entity::find().filter(set::Column::LibraryId.eq(library));
    let done = of
        .clone()
        .filter(set::Column::FetchedAt.gte(since))
        .filter(set::Column::NextAt.is_null())
        .count(conn)
        .await
        .doing("counting fetched achievements")?;
    let due = of
        .filter(set::Column::NextAt.lte(now))
        .count(conn)
        .await
        .doing("counting achievements to fetch")?;
    Ok((done, due))
}

/// How many achievements the household's copies of each game have, and how many are unlocked.
pub async fn sums(
    conn: &impl ConnectionTrait,
    household: Uuid,
    games: &[Uuid],
) -> Result<HashMap<Uuid, (i64, i64)>, Fault> {
    let mut sums = HashMap::with_capacity(games.len());
    for chunk in games.chunks(CHUNK) {
        let rows: Vec<(Uuid, i32, i32)> = set::Entity::find()
            .select_only()
            .column(copy::Column::GameId)
            .columns([set::Column::Total, set::Column::Unlocked])
            .join(
                JoinType::InnerJoin,
                set::Entity::belongs_to(copy::Entity)
                    .from(set::Column::CopyId)
                    .to(copy::Column::Id)
                    .into(),
            )
            .filter(copy::Column::HouseholdId.eq(household))
            .filter(copy::Column::GameId.is_in(chunk.iter().copied()))
            .filter(copy::Column::RemovedAt.is_null())
            .into_tuple()
            .all(conn)
            .await
            .doing("counting the achievements of games")?;
        for (game, total, unlocked) in rows {
            let sum: &mut (i64, i64) = sums.entry(game).or_default();
            sum.0 += i64::from(total);
            sum.1 += i64::from(unlocked);
        }
    }
    Ok(sums)
}

/// One achievement and the platform its copy is on.
pub type Shown = (achievement::Model, String);

/// Where an achievement stands: its copy, and its position there.
pub type Place = (Uuid, i32);

/// A page of the achievements of each of these games, the oldest copy's first, with one more than
/// `first`. `after` is the copy and position the page before ended with.
pub async fn pages(
    conn: &impl ConnectionTrait,
    household: Uuid,
    games: &[Uuid],
    after: Option<Place>,
    first: u32,
) -> Result<HashMap<Uuid, Vec<Shown>>, Fault> {
    let copies: Vec<(Uuid, Uuid, String)> = copy::Entity::find()
        .select_only()
        .columns([
            copy::Column::Id,
            copy::Column::GameId,
            copy::Column::Platform,
        ])
        .filter(copy::Column::HouseholdId.eq(household))
        .filter(copy::Column::GameId.is_in(games.iter().copied()))
        .filter(copy::Column::RemovedAt.is_null())
        .into_tuple()
        .all(conn)
        .await
        .doing("loading the copies of games")?;
    let of: HashMap<Uuid, (Uuid, String)> = copies
        .into_iter()
        .map(|(copy, game, platform)| (copy, (game, platform)))
        .collect();
    let most = i32::try_from(first).unwrap_or(i32::MAX).saturating_add(1);
    // No copy gives more than a page has room for.
    let from_start = achievement::Column::Position.lt(most);
    let wanted = match after {
        None => Condition::all().add(from_start),
        Some((copy, position)) => Condition::any()
            .add(
                Condition::all()
                    .add(achievement::Column::CopyId.gt(copy))
                    .add(from_start),
            )
            .add(
                Condition::all()
                    .add(achievement::Column::CopyId.eq(copy))
                    .add(achievement::Column::Position.gt(position))
                    .add(achievement::Column::Position.lte(position.saturating_add(most))),
            ),
    };
    let ids: Vec<Uuid> = of.keys().copied().collect();
    let mut pages: HashMap<Uuid, Vec<Shown>> = HashMap::with_capacity(games.len());
    for chunk in ids.chunks(CHUNK) {
        let rows = achievement::Entity::find()
            .filter(achievement::Column::CopyId.is_in(chunk.iter().copied()))
            .filter(wanted.clone())
            .all(conn)
            .await
            .doing("loading achievements")?;
        for row in rows {
            if let Some((game, platform)) = of.get(&row.copy_id) {
                pages
                    .entry(*game)
                    .or_default()
                    .push((row, platform.clone()));
            }
        }
    }
    for page in pages.values_mut() {
        page.sort_by_key(|(row, _)| (row.copy_id, row.position));
        page.truncate(first as usize + 1);
    }
    Ok(pages)
}

/// What is known of these copies' achievements, with those that are unlocked, in their order.
pub async fn unlocked(
    conn: &impl ConnectionTrait,
    copies: &[Uuid],
) -> Result<HashMap<Uuid, (set::Model, Vec<achievement::Model>)>, Fault> {
    let mut found = HashMap::new();
    for chunk in copies.chunks(CHUNK) {
        let sets = set::Entity::find()
            .filter(set::Column::CopyId.is_in(chunk.iter().copied()))
            .filter(set::Column::FetchedAt.is_not_null())
            .all(conn)
            .await
            .doing("loading what is known of achievements")?;
        found.extend(sets.into_iter().map(|set| (set.copy_id, (set, Vec::new()))));
        let rows = achievement::Entity::find()
            .filter(achievement::Column::CopyId.is_in(chunk.iter().copied()))
            .filter(achievement::Column::Unlocked.eq(true))
            .order_by_asc(achievement::Column::CopyId)
            .order_by_asc(achievement::Column::Position)
            .all(conn)
            .await
            .doing("loading unlocked achievements")?;
        for row in rows {
            if let Some((_, unlocked)) = found.get_mut(&row.copy_id) {
                unlocked.push(row);
            }
        }
    }
    Ok(found)
}

/// Takes over what a file knows of copies of which nothing was fetched yet. A sync asks again when
/// one is played on.
pub async fn restore(
    txn: &impl ConnectionTrait,
    known: Vec<(set::Model, Vec<AchievementListed>)>,
) -> Result<(), Fault> {
    for chunk in known.chunks(CHUNK) {
        let copies: Vec<Uuid> = chunk.iter().map(|(set, _)| set.copy_id).collect();
        let there: HashSet<Uuid> = set::Entity::find()
            .select_only()
            .column(set::Column::CopyId)
            .filter(set::Column::CopyId.is_in(copies))
            .filter(set::Column::FetchedAt.is_not_null())
            .into_tuple()
            .all(txn)
            .await
            .doing("loading which achievements are known")?
            .into_iter()
            .collect();
        let fresh: Vec<_> = chunk
            .iter()
            .filter(|(set, _)| !there.contains(&set.copy_id))
            .cloned()
            .collect();
        if fresh.is_empty() {
            continue;
        }
        for fresh in fresh.chunks(rows_of::<set::Entity>()) {
            let sets = fresh
                .iter()
                .map(|(set, _)| set.clone().into_active_model().reset_all());
            set::Entity::insert_many(sets)
                .on_conflict(
                    OnConflict::column(set::Column::CopyId)
                        .update_columns([
                            set::Column::FetchedMinutes,
                            set::Column::FetchedAt,
                            set::Column::Total,
                            set::Column::Unlocked,
                        ])
                        .to_owned(),
                )
                .exec_without_returning(txn)
                .await
                .doing("restoring what is known of achievements")?;
        }
        let rows = fresh
            .into_iter()
            .flat_map(|(set, unlocked)| listed(&set, unlocked).collect::<Vec<_>>());
        insert(txn, rows.collect()).await?;
    }
    Ok(())
}

/// Removes everything about these copies.
pub async fn delete_of(txn: &impl ConnectionTrait, copies: &[Uuid]) -> Result<(), Fault> {
    for chunk in copies.chunks(CHUNK) {
        achievement::Entity::delete_many()
            .filter(achievement::Column::CopyId.is_in(chunk.iter().copied()))
            .exec(txn)
            .await
            .doing("deleting achievements")?;
        set::Entity::delete_many()
            .filter(set::Column::CopyId.is_in(chunk.iter().copied()))
            .exec(txn)
            .await
            .doing("deleting what is known of achievements")?;
    }
    Ok(())
}
