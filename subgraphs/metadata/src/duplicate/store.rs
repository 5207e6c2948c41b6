//! The queries.

use super::entity::dismissal;
use crate::{
    game::entity::{Names, game},
    matching::entity::{copy, matched},
};
use chrono::{DateTime, Utc};
use djinn_kernel::{Doing, Fault, Rated};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait, sea_query::OnConflict,
};
use std::collections::HashSet;
use uuid::Uuid;

fn sorted((one, other): (Uuid, Uuid)) -> (Uuid, Uuid) {
    (one.min(other), one.max(other))
}

/// Notes that a household does not want to be asked about two games.
pub async fn dismiss(
    txn: &impl ConnectionTrait,
    household: Uuid,
    pair: (Uuid, Uuid),
    now: DateTime<Utc>,
) -> Result<(), Fault> {
    use dismissal::Column;
    let (one, other) = sorted(pair);
    let row = dismissal::Model {
        household_id: household,
        one,
        other,
        at: now,
    };
    dismissal::Entity::insert(row.into_active_model())
        .on_conflict(
            OnConflict::columns([Column::HouseholdId, Column::One, Column::Other])
                .update_column(Column::At)
                .to_owned(),
        )
        .exec_without_returning(txn)
        .await
        .doing("dismissing a suggestion")?;
    Ok(())
}

/// Forgets that it said so.
pub async fn restore(
    txn: &impl ConnectionTrait,
    household: Uuid,
    pair: (Uuid, Uuid),
) -> Result<(), Fault> {
    let (one, other) = sorted(pair);
    dismissal::Entity::delete_by_id((household, one, other))
        .exec(txn)
        .await
        .doing("restoring a suggestion")?;
    Ok(())
}

/// Forgets all of a household.
pub async fn forget(txn: &impl ConnectionTrait, household: Uuid) -> Result<(), Fault> {
    dismissal::Entity::delete_many()
        .filter(dismissal::Column::HouseholdId.eq(household))
        .exec(txn)
        .await
        .doing("forgetting suggestions")?;
    Ok(())
}

/// How many a household has dismissed.
pub async fn count(conn: &impl ConnectionTrait, household: Uuid) -> Result<u64, Fault> {
    dismissal::Entity::find()
        .filter(dismissal::Column::HouseholdId.eq(household))
        .count(conn)
        .await
        .doing("counting suggestions")
}

/// What a household does not want to be asked about.
pub async fn dismissed(
    conn: &impl ConnectionTrait,
    household: Uuid,
) -> Result<HashSet<(Uuid, Uuid)>, Fault> {
    let rows = dismissal::Entity::find()
        .filter(dismissal::Column::HouseholdId.eq(household))
        .all(conn)
        .await
        .doing("loading dismissed suggestions")?;
    Ok(rows.into_iter().map(|row| (row.one, row.other)).collect())
}

/// Everything a household has: the game each of its matches is to it.
pub async fn shelf(
    conn: &impl ConnectionTrait,
    household: Uuid,
) -> Result<Vec<(Uuid, matched::Model)>, Fault> {
    let mine = copy::Entity::find()
        .select_only()
        .column(copy::Column::MatchId)
        .filter(copy::Column::HouseholdId.eq(household))
        .into_query();
    let rows = matched::Entity::find()
        .filter(matched::Column::Id.in_subquery(mine))
        .order_by_asc(matched::Column::Id);
    let games = copy::Entity::find()
        .select_only()
        .columns([copy::Column::MatchId, copy::Column::GameId])
        .filter(copy::Column::HouseholdId.eq(household))
        .distinct()
        .into_tuple::<(Uuid, Option<Uuid>)>();
    let (rows, games) =
        tokio::try_join!(rows.all(conn), games.all(conn)).doing("loading what is held")?;
    let games: std::collections::HashMap<Uuid, Uuid> = games
        .into_iter()
        .filter_map(|(id, game)| Some((id, game?)))
        .collect();
    Ok(rows
        .into_iter()
        .filter_map(|row| Some((*games.get(&row.id)?, row)))
        .collect())
}

/// What is compared of a game besides its names.
pub struct Facts {
    /// The game.
    pub id: Uuid,
    /// The year of release.
    pub year: Option<i32>,
    /// Who made it.
    pub developers: Vec<String>,
    /// How it is rated.
    pub rated: Rated,
}

/// What is read of one.
type Row = (Uuid, Option<i32>, Names, Option<i16>, Option<i32>);

/// What is compared of every game a household has.
pub async fn facts(conn: &impl ConnectionTrait, household: Uuid) -> Result<Vec<Facts>, Fault> {
    let mine = copy::Entity::find()
        .select_only()
        .column(copy::Column::GameId)
        .filter(copy::Column::HouseholdId.eq(household))
        .filter(copy::Column::GameId.is_not_null())
        .into_query();
    let rows: Vec<Row> = game::Entity::find()
        .select_only()
        .columns([
            game::Column::Id,
            game::Column::ReleaseYear,
            game::Column::Developers,
            game::Column::Esrb,
            game::Column::Boards,
        ])
        .filter(game::Column::Id.in_subquery(mine))
        .into_tuple()
        .all(conn)
        .await
        .doing("loading games")?;
    let facts = |(id, year, developers, esrb, boards): Row| Facts {
        id,
        year,
        developers: developers.0,
        rated: Rated::stored(esrb, boards),
    };
    Ok(rows.into_iter().map(facts).collect())
}
