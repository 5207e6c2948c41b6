//! The only writes of play records.

use super::{
    Growth,
    entity::{ActiveModel, Column, Entity},
};
use crate::household;
use djinn_kernel::{Doing, Fault};
use djinn_subgraph_kit::db::rows_of;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, Set,
    sea_query::{CaseStatement, Expr, ExprTrait, OnConflict},
};
use std::collections::HashSet;
use uuid::Uuid;

/// Rows in one statement: both databases bound the number of variables.
const CHUNK: usize = 500;

/// Writes what grew of a household's copies, in the transaction that changes them: so nothing is
/// counted twice.
pub async fn record(
    txn: &impl ConnectionTrait,
    household: Uuid,
    grown: &[Growth],
) -> Result<(), Fault> {
    if grown.is_empty() {
        return Ok(());
    }
    let zone = household::store::zone(txn, household).await?;
    let rows: Vec<ActiveModel> = grown
        .iter()
        .flat_map(|one| one.days(zone).into_iter().map(move |day| (one, day)))
        .map(|(one, (day, minutes))| ActiveModel {
            copy_id: Set(one.copy),
            day: Set(day),
            household_id: Set(one.household),
            game_id: Set(one.game),
            platform: Set(one.platform.clone()),
            minutes: Set(minutes),
        })
        .collect();
    for chunk in rows.chunks(rows_of::<Entity>()) {
        Entity::insert_many(chunk.to_vec())
            .on_conflict(
                OnConflict::columns([Column::CopyId, Column::Day])
                    .update_column(Column::GameId)
                    .value(Column::Minutes, more())
                    .to_owned(),
            )
            .exec_without_returning(txn)
            .await
            .doing("recording play")?;
    }
    Ok(())
}

/// The minutes of the row that is there and of the one that comes, at most a day's.
fn more() -> Expr {
    let there = Expr::col((Entity, Column::Minutes));
    let sum = there.add(Expr::col(("excluded", Column::Minutes)));
    let over = sum.clone().gt(1440);
    CaseStatement::new().case(over, 1440).finally(sum).into()
}

/// The records of these copies belong to these games now.
pub async fn follow(txn: &impl ConnectionTrait, matches: &[(Uuid, Uuid)]) -> Result<(), Fault> {
    for chunk in matches.chunks(CHUNK) {
        let game = chunk
            .iter()
            .fold(CaseStatement::new(), |games, (copy, game)| {
                games.case(Expr::col(Column::CopyId).eq(*copy), Expr::value(*game))
            });
        Entity::update_many()
            .col_expr(Column::GameId, game.into())
            .filter(Column::CopyId.is_in(chunk.iter().map(|(copy, _)| *copy)))
            .exec(txn)
            .await
            .doing("moving play records")?;
    }
    Ok(())
}

/// Those of these copies that a sync saw being played.
pub async fn recorded(
    conn: &impl ConnectionTrait,
    copies: &[Uuid],
) -> Result<HashSet<Uuid>, Fault> {
    let mut found = HashSet::new();
    for chunk in copies.chunks(CHUNK) {
        let ids: Vec<Uuid> = Entity::find()
            .select_only()
            .column(Column::CopyId)
            .distinct()
            .filter(Column::CopyId.is_in(chunk.iter().copied()))
            .into_tuple()
            .all(conn)
            .await
            .doing("looking for copies that were played")?;
        found.extend(ids);
    }
    Ok(found)
}

/// Removes the records of these copies.
pub async fn delete_of(txn: &impl ConnectionTrait, copies: &[Uuid]) -> Result<(), Fault> {
    for chunk in copies.chunks(CHUNK) {
        Entity::delete_many()
            .filter(Column::CopyId.is_in(chunk.iter().copied()))
            .exec(txn)
            .await
            .doing("deleting play records")?;
    }
    Ok(())
}
