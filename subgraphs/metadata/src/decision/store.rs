//! The queries.

use super::{Decision, Verdict, entity::decision};
use crate::{
    duplicate,
    game::title,
    matching::{
        entity::{copy, kept, matched},
        proof::ProofKind,
    },
};
use chrono::{DateTime, Utc};
use djinn_kernel::{Doing, Fault};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect, sea_query::Expr,
};
use std::collections::{BTreeSet, HashMap, HashSet};
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

/// Those of these games that anybody's decision kept or made.
pub async fn decided_games(txn: &impl ConnectionTrait, games: &[Uuid]) -> Result<Vec<Uuid>, Fault> {
    let mut decided: Vec<Uuid> = Vec::new();
    for games in games.chunks(500) {
        let found: Vec<Uuid> = decision::Entity::find()
            .select_only()
            .column(decision::Column::GameId)
            .filter(decision::Column::GameId.is_in(games.iter().copied()))
            .into_tuple()
            .all(txn)
            .await
            .doing("loading games that were decided about")?;
        decided.extend(found);
    }
    Ok(decided)
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

/// Forgets what a household decided about games of which a whole side is gone with a library, and
/// of what is left of other decisions the part that is gone. Returns the matches that these named.
/// What is kept of an unlinked library is not gone.
pub async fn prune(txn: &impl ConnectionTrait, household: Uuid) -> Result<Vec<Uuid>, Fault> {
    let rows = decision::Entity::find()
        .filter(decision::Column::HouseholdId.eq(household))
        .all(txn)
        .await
        .doing("loading decisions")?;
    let mut held: Vec<Uuid> = copy::Entity::find()
        .select_only()
        .column(copy::Column::MatchId)
        .filter(copy::Column::HouseholdId.eq(household))
        .into_tuple()
        .all(txn)
        .await
        .doing("loading what is held")?;
    let kept: Vec<Uuid> = kept::Entity::find()
        .select_only()
        .column(kept::Column::MatchId)
        .filter(kept::Column::HouseholdId.eq(household))
        .into_tuple()
        .all(txn)
        .await
        .doing("loading what is kept")?;
    held.extend(kept);
    if held.is_empty() {
        duplicate::store::forget(txn, household).await?;
    }
    let held: HashSet<Uuid> = held.into_iter().collect();
    let is_gone = |side: &BTreeSet<Uuid>| side.iter().all(|id| !held.contains(id));
    let (gone, left): (Vec<decision::Model>, Vec<decision::Model>) = rows
        .into_iter()
        .partition(|row| is_gone(&row.sides.0.kept) || is_gone(&row.sides.0.others));
    let gone: Vec<Decision> = gone.into_iter().map(Decision::from).collect();
    let mut named: Vec<Uuid> = gone.iter().flat_map(Decision::named).collect();
    for gone in gone.chunks(500) {
        decision::Entity::delete_many()
            .filter(decision::Column::Id.is_in(gone.iter().map(|decision| decision.id)))
            .exec(txn)
            .await
            .doing("forgetting decisions")?;
    }
    for row in left {
        let sides = &row.sides.0;
        if sides
            .kept
            .iter()
            .chain(&sides.others)
            .any(|id| !held.contains(id))
        {
            named.extend(sides.kept.iter().chain(&sides.others));
            narrow(txn, row, &held).await?;
        }
    }
    Ok(named)
}

/// Takes out of a decision what is not held any more, and what was said of that.
async fn narrow(
    txn: &impl ConnectionTrait,
    mut row: decision::Model,
    held: &HashSet<Uuid>,
) -> Result<(), Fault> {
    let sides = &mut row.sides.0;
    sides.kept.retain(|id| held.contains(id));
    sides.others.retain(|id| held.contains(id));
    let others = matched::Entity::find()
        .filter(matched::Column::Id.is_in(sides.others.iter().copied()))
        .order_by_asc(matched::Column::Id)
        .all(txn)
        .await
        .doing("loading what a decision is about")?;
    sides.titles = others.iter().map(|row| title::clean(&row.title)).collect();
    // Evidence speaks of both sides by their titles.
    sides.proof.retain(|proof| proof.kind == ProofKind::Person);
    decision::Entity::update(row.into_active_model().reset_all())
        .exec(txn)
        .await
        .doing("forgetting a part of a decision")?;
    Ok(())
}
