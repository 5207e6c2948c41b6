//! The queries.

use super::{Decision, Verdict, entity::decision};
use crate::{duplicate, matching::entity::copy};
use chrono::{DateTime, Utc};
use djinn_kernel::{Doing, Fault};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, sea_query::Expr,
};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// The decisions of these households that hold, oldest first; households without any are left out.
pub async fn standing(
    conn: &impl ConnectionTrait,
    households: &[Uuid],
) -> Result<HashMap<Uuid, Vec<Decision>>, Fault> {
    let mut all: HashMap<Uuid, Vec<Decision>> = HashMap::new();
    if households.is_empty() {
        return Ok(all);
    }
    let rows = decision::Entity::find()
        .filter(decision::Column::HouseholdId.is_in(households.iter().copied()))
        .filter(decision::Column::UndoneAt.is_null())
        .order_by_asc(decision::Column::Id)
        .all(conn)
        .await
        .doing("loading decisions")?;
    for row in rows {
        all.entry(row.household_id).or_default().push(row.into());
    }
    Ok(all)
}

/// The households to which games are one that are not in the catalogue.
pub async fn merging(conn: &impl ConnectionTrait) -> Result<Vec<Uuid>, Fault> {
    decision::Entity::find()
        .select_only()
        .column(decision::Column::HouseholdId)
        .distinct()
        .filter(decision::Column::Verdict.eq(Verdict::Same.as_str()))
        .filter(decision::Column::UndoneAt.is_null())
        .into_tuple()
        .all(conn)
        .await
        .doing("finding who merged games")
}

/// All decisions of a household, the newest first, those taken back among them; at most `limit`.
pub async fn history(
    conn: &impl ConnectionTrait,
    household: Uuid,
    limit: u64,
) -> Result<Vec<Decision>, Fault> {
    let rows = decision::Entity::find()
        .filter(decision::Column::HouseholdId.eq(household))
        .order_by_desc(decision::Column::Id)
        .limit(limit)
        .all(conn)
        .await
        .doing("loading decisions")?;
    Ok(rows.into_iter().map(Decision::from).collect())
}

/// One decision of a household.
pub async fn find(
    conn: &impl ConnectionTrait,
    household: Uuid,
    id: Uuid,
) -> Result<Option<Decision>, Fault> {
    let row = decision::Entity::find_by_id(id)
        .filter(decision::Column::HouseholdId.eq(household))
        .one(conn)
        .await
        .doing("loading a decision")?;
    Ok(row.map(Decision::from))
}

/// How many a household has made.
pub async fn count(conn: &impl ConnectionTrait, household: Uuid) -> Result<u64, Fault> {
    decision::Entity::find()
        .filter(decision::Column::HouseholdId.eq(household))
        .count(conn)
        .await
        .doing("counting decisions")
}

/// Adds one.
pub async fn insert(txn: &impl ConnectionTrait, row: decision::Model) -> Result<(), Fault> {
    decision::Entity::insert(row.into_active_model())
        .exec_without_returning(txn)
        .await
        .doing("writing a decision")?;
    Ok(())
}

/// Notes that one was taken back.
pub async fn undo(txn: &impl ConnectionTrait, id: Uuid, now: DateTime<Utc>) -> Result<(), Fault> {
    decision::Entity::update_many()
        .col_expr(decision::Column::UndoneAt, Expr::value(now))
        .filter(decision::Column::Id.eq(id))
        .exec(txn)
        .await
        .doing("taking a decision back")?;
    Ok(())
}

/// Forgets what a household decided about games of which a whole side is gone with a library.
pub async fn prune(txn: &impl ConnectionTrait, household: Uuid) -> Result<(), Fault> {
    let rows = decision::Entity::find()
        .filter(decision::Column::HouseholdId.eq(household))
        .all(txn)
        .await
        .doing("loading decisions")?;
    let held: Vec<Uuid> = copy::Entity::find()
        .select_only()
        .column(copy::Column::MatchId)
        .filter(copy::Column::HouseholdId.eq(household))
        .into_tuple()
        .all(txn)
        .await
        .doing("loading what is held")?;
    if held.is_empty() {
        duplicate::store::forget(txn, household).await?;
    }
    let held: HashSet<Uuid> = held.into_iter().collect();
    let gone: Vec<Uuid> = rows
        .into_iter()
        .filter(|row| {
            let sides = &row.sides.0;
            sides.kept.iter().all(|id| !held.contains(id))
                || sides.others.iter().all(|id| !held.contains(id))
        })
        .map(|row| row.id)
        .collect();
    for gone in gone.chunks(500) {
        decision::Entity::delete_many()
            .filter(decision::Column::Id.is_in(gone.iter().copied()))
            .exec(txn)
            .await
            .doing("forgetting decisions")?;
    }
    Ok(())
}
