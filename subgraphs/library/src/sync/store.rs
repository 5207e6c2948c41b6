//! The only queries on sync runs and their pages.

use super::{
    REMEMBERED, SyncStage, SyncState,
    entity::{page, run},
    schedule,
};
use chrono::{DateTime, Utc};
use djinn_kernel::{Doing, Fault};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel, Order,
    PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait, Query},
};
use uuid::Uuid;

/// Adds a run, and forgets those of its library that are long past.
pub async fn insert(txn: &impl ConnectionTrait, row: run::Model) -> Result<(), Fault> {
    let oldest: Option<Uuid> = run::Entity::find()
        .select_only()
        .column(run::Column::Id)
        .filter(run::Column::LibraryId.eq(row.library_id))
        .order_by_desc(run::Column::Id)
        .offset(REMEMBERED - 1)
        .limit(1)
        .into_tuple()
        .one(txn)
        .await
        .doing("looking for old syncs")?;
    if let Some(oldest) = oldest {
        // All but the newest are over: there is one run of a library at a time.
        run::Entity::delete_many()
            .filter(run::Column::LibraryId.eq(row.library_id))
            .filter(run::Column::Id.lte(oldest))
            .exec(txn)
            .await
            .doing("forgetting old syncs")?;
    }
    run::Entity::insert(row.into_active_model().reset_all())
        .exec_without_returning(txn)
        .await
        .doing("queueing a sync")?;
    Ok(())
}

/// Writes a run that was loaded with [`lock`] in the same transaction.
pub async fn save(txn: &impl ConnectionTrait, row: run::Model) -> Result<(), Fault> {
    run::Entity::update(row.into_active_model().reset_all())
        .exec(txn)
        .await
        .doing("saving a sync")?;
    Ok(())
}

/// A run, locked until the transaction ends.
pub async fn lock(txn: &impl ConnectionTrait, id: Uuid) -> Result<Option<run::Model>, Fault> {
    run::Entity::find_by_id(id)
        .lock_exclusive()
        .one(txn)
        .await
        .doing("locking a sync")
}

/// The newest run of a library, locked until the transaction ends.
pub async fn lock_latest(
    txn: &impl ConnectionTrait,
    library: Uuid,
) -> Result<Option<run::Model>, Fault> {
    run::Entity::find()
        .filter(run::Column::LibraryId.eq(library))
        .order_by_desc(run::Column::Id)
        .limit(1)
        .lock_exclusive()
        .one(txn)
        .await
        .doing("locking a library's last sync")
}

/// The newest run of a library.
pub async fn latest(
    conn: &impl ConnectionTrait,
    library: Uuid,
) -> Result<Option<run::Model>, Fault> {
    run::Entity::find()
        .filter(run::Column::LibraryId.eq(library))
        .order_by_desc(run::Column::Id)
        .limit(1)
        .one(conn)
        .await
        .doing("loading a library's last sync")
}

/// The newest runs of these libraries.
pub async fn latest_of(
    conn: &impl ConnectionTrait,
    libraries: &[Uuid],
) -> Result<Vec<run::Model>, Fault> {
    // PostgreSQL has no max() of a uuid, so not by grouping.
    let other = sea_orm::sea_query::Alias::new("other");
    let newest = Query::select()
        .column((other.clone(), run::Column::Id))
        .from_as(run::Entity, other.clone())
        .and_where(
            Expr::col((other.clone(), run::Column::LibraryId))
                .equals((run::Entity, run::Column::LibraryId)),
        )
        .order_by((other, run::Column::Id), Order::Desc)
        .limit(1)
        .to_owned();
    run::Entity::find()
        .filter(run::Column::LibraryId.is_in(libraries.iter().copied()))
        .filter(run::Column::Id.in_subquery(newest))
        .all(conn)
        .await
        .doing("loading libraries' last syncs")
}

/// A household's run.
pub async fn get(
    conn: &impl ConnectionTrait,
    household: Uuid,
    id: Uuid,
) -> Result<Option<run::Model>, Fault> {
    run::Entity::find_by_id(id)
        .filter(run::Column::HouseholdId.eq(household))
        .one(conn)
        .await
        .doing("loading a sync")
}

/// A page of a library's runs, newest first, with one more than `first`.
pub async fn page(
    conn: &impl ConnectionTrait,
    library: Uuid,
    after: Option<Uuid>,
    first: u32,
) -> Result<Vec<run::Model>, Fault> {
    let mut find = run::Entity::find().filter(run::Column::LibraryId.eq(library));
    if let Some(after) = after {
        find = find.filter(run::Column::Id.lt(after));
    }
    find.order_by_desc(run::Column::Id)
        .limit(u64::from(first) + 1)
        .all(conn)
        .await
        .doing("listing syncs")
}

/// How many runs a library has had.
pub async fn count(conn: &impl ConnectionTrait, library: Uuid) -> Result<u64, Fault> {
    run::Entity::find()
        .filter(run::Column::LibraryId.eq(library))
        .count(conn)
        .await
        .doing("counting syncs")
}

/// Deletes everything about a library's runs.
pub async fn delete_of(txn: &impl ConnectionTrait, library: Uuid) -> Result<(), Fault> {
    schedule::store::delete_of(txn, library).await?;
    let runs: Vec<Uuid> = run::Entity::find()
        .select_only()
        .column(run::Column::Id)
        .filter(run::Column::LibraryId.eq(library))
        .into_tuple()
        .all(txn)
        .await
        .doing("listing a library's syncs")?;
    for chunk in runs.chunks(crate::copy::store::CHUNK) {
        page::Entity::delete_many()
            .filter(page::Column::RunId.is_in(chunk.iter().copied()))
            .exec(txn)
            .await
            .doing("deleting a library's fetched pages")?;
        run::Entity::delete_many()
            .filter(run::Column::Id.is_in(chunk.iter().copied()))
            .exec(txn)
            .await
            .doing("deleting a library's syncs")?;
    }
    Ok(())
}

/// The runs a worker may take: queued, waited long enough, or left by a worker that is gone.
pub fn due(now: DateTime<Utc>) -> Condition {
    Condition::any()
        .add(run::Column::State.eq(SyncState::Queued))
        .add(
            Condition::all()
                .add(run::Column::State.eq(SyncState::Waiting))
                .add(run::Column::NextAttemptAt.lte(now)),
        )
        .add(
            Condition::all()
                .add(run::Column::State.eq(SyncState::Running))
                .add(run::Column::Stage.eq(SyncStage::Listing))
                .add(run::Column::LeaseUntil.lt(now)),
        )
}

/// One that is due, the oldest first.
pub async fn one_due(
    conn: &impl ConnectionTrait,
    now: DateTime<Utc>,
) -> Result<Option<Uuid>, Fault> {
    run::Entity::find()
        .select_only()
        .column(run::Column::Id)
        .filter(due(now))
        .order_by_asc(run::Column::Id)
        .limit(1)
        .into_tuple()
        .one(conn)
        .await
        .doing("looking for a sync to do")
}

/// How many runs have not ended, by state; a state that none is in is not there.
pub async fn open(conn: &impl ConnectionTrait) -> Result<Vec<(SyncState, i64)>, Fault> {
    let open = [SyncState::Queued, SyncState::Running, SyncState::Waiting];
    run::Entity::find()
        .select_only()
        .column(run::Column::State)
        .column_as(run::Column::Id.count(), "runs")
        .filter(run::Column::State.is_in(open))
        .group_by(run::Column::State)
        .into_tuple()
        .all(conn)
        .await
        .doing("counting syncs")
}

/// A run, locked, if it still is due.
pub async fn lock_due(
    txn: &impl ConnectionTrait,
    id: Uuid,
    now: DateTime<Utc>,
) -> Result<Option<run::Model>, Fault> {
    run::Entity::find_by_id(id)
        .filter(due(now))
        .lock_exclusive()
        .one(txn)
        .await
        .doing("claiming a sync")
}

/// Runs whose copies were matched or whose games changed since they were looked at.
pub async fn dirty(conn: &impl ConnectionTrait) -> Result<Vec<Uuid>, Fault> {
    run::Entity::find()
        .select_only()
        .column(run::Column::Id)
        .filter(run::Column::State.eq(SyncState::Running))
        .filter(run::Column::Dirty.eq(true))
        .order_by_asc(run::Column::Id)
        .limit(100)
        .into_tuple()
        .all(conn)
        .await
        .doing("looking for syncs that may move on")
}

/// Runs that are enriching, the oldest first, at most 200.
pub async fn enriching(conn: &impl ConnectionTrait) -> Result<Vec<run::Model>, Fault> {
    run::Entity::find()
        .filter(run::Column::State.eq(SyncState::Running))
        .filter(run::Column::Stage.eq(SyncStage::Enriching))
        .order_by_asc(run::Column::Id)
        .limit(200)
        .all(conn)
        .await
        .doing("looking for syncs that are enriching")
}

/// Says that a worker is alive and still has its runs.
pub async fn renew(
    txn: &impl ConnectionTrait,
    owner: Uuid,
    until: DateTime<Utc>,
) -> Result<(), Fault> {
    run::Entity::update_many()
        .col_expr(run::Column::LeaseUntil, Expr::value(until))
        .filter(run::Column::LeaseOwner.eq(owner))
        .filter(run::Column::State.eq(SyncState::Running))
        .filter(run::Column::Stage.eq(SyncStage::Listing))
        .exec(txn)
        .await
        .doing("renewing a worker's leases")?;
    Ok(())
}

/// Gives up the runs of a worker that stops, so that the next takes them at once.
pub async fn release(txn: &impl ConnectionTrait, owner: Uuid) -> Result<(), Fault> {
    run::Entity::update_many()
        .col_expr(
            run::Column::LeaseUntil,
            Expr::value(DateTime::<Utc>::UNIX_EPOCH),
        )
        .filter(run::Column::LeaseOwner.eq(owner))
        .filter(run::Column::State.eq(SyncState::Running))
        .exec(txn)
        .await
        .doing("releasing syncs")?;
    Ok(())
}

/// Stages pages, from `seq` on.
pub async fn stage(
    txn: &impl ConnectionTrait,
    run: Uuid,
    seq: i32,
    bodies: Vec<serde_json::Value>,
) -> Result<(), Fault> {
    for (at, body) in (seq..).zip(bodies) {
        let row = page::Model {
            run_id: run,
            seq: at,
            body,
        };
        page::Entity::insert(row.into_active_model().reset_all())
            .exec_without_returning(txn)
            .await
            .doing("staging a page")?;
    }
    Ok(())
}

/// A staged page.
pub async fn staged(
    conn: &impl ConnectionTrait,
    run: Uuid,
    seq: i32,
) -> Result<Option<serde_json::Value>, Fault> {
    let row = page::Entity::find_by_id((run, seq))
        .one(conn)
        .await
        .doing("loading a staged page")?;
    Ok(row.map(|row| row.body))
}

/// Drops all pages of a run.
pub async fn unstage(txn: &impl ConnectionTrait, run: Uuid) -> Result<(), Fault> {
    page::Entity::delete_many()
        .filter(page::Column::RunId.eq(run))
        .exec(txn)
        .await
        .doing("dropping staged pages")?;
    Ok(())
}
