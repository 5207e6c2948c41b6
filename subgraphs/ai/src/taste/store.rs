//! The only queries.

use super::{
    Facts, Held, Play,
    entity::{game, holding, household},
};
use djinn_kernel::{
    Doing, Fault,
    event::{GameChanged, HoldingChanged},
    ids::{GameId, PlayerId},
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait, Set,
    sea_query::{Alias, Expr, ExprTrait, OnConflict},
};
use std::collections::HashMap;

/// Writes what metadata says, unless something newer is there. Returns whether it was written.
pub async fn put_game(txn: &impl ConnectionTrait, changed: &GameChanged) -> Result<bool, Fault> {
    use game::Column;
    let json = |names: &[String]| serde_json::Value::from(names);
    let written = game::Entity::insert(game::ActiveModel {
        id: Set(changed.game.0),
        revision: Set(changed.revision),
        title: Set(changed.title.clone()),
        kind: Set(serde_json::to_value(changed.kind)
            .ok()
            .and_then(|kind| kind.as_str().map(str::to_owned))
            .doing("naming a kind of game")?),
        genres: Set(json(&changed.genres)),
        tags: Set(json(&changed.tags)),
        developers: Set(json(&changed.developers)),
        esrb: Set(changed.esrb.map(djinn_kernel::Esrb::level)),
        critic_score: Set(changed.critic_score),
        main_story_minutes: Set(changed.main_story_minutes),
    })
    .on_conflict(
        OnConflict::column(Column::Id)
            .update_columns([
                Column::Revision,
                Column::Title,
                Column::Kind,
                Column::Genres,
                Column::Tags,
                Column::Developers,
                Column::Esrb,
                Column::CriticScore,
                Column::MainStoryMinutes,
            ])
            .action_and_where(
                Expr::col((game::Entity, Column::Revision))
                    .lt(Expr::col((Alias::new("excluded"), Column::Revision))),
            )
            .to_owned(),
    )
    .exec_without_returning(txn)
    .await
    .doing("remembering a game")?;
    Ok(written > 0)
}

/// Writes what library says, unless something newer is there. Returns whether it was written.
/// Of a game that is no longer held, nothing is kept but the revision.
pub async fn put_holding(
    txn: &impl ConnectionTrait,
    changed: &HoldingChanged,
) -> Result<bool, Fault> {
    use holding::Column;
    let kept = |status: &Option<String>| status.clone().filter(|_| changed.held);
    let written = holding::Entity::insert(holding::ActiveModel {
        household: Set(changed.household.0),
        game_id: Set(changed.game.0),
        revision: Set(changed.revision),
        held: Set(changed.held),
        hidden: Set(changed.hidden),
        playtime_minutes: Set(if changed.held {
            changed.playtime_minutes
        } else {
            0
        }),
        last_played_at: Set(changed.last_played_at.filter(|_| changed.held)),
        status: Set(kept(&changed.status)),
    })
    .on_conflict(
        OnConflict::columns([Column::Household, Column::GameId])
            .update_columns([
                Column::Revision,
                Column::Held,
                Column::Hidden,
                Column::PlaytimeMinutes,
                Column::LastPlayedAt,
                Column::Status,
            ])
            .action_and_where(
                Expr::col((holding::Entity, Column::Revision))
                    .lt(Expr::col((Alias::new("excluded"), Column::Revision))),
            )
            .to_owned(),
    )
    .exec_without_returning(txn)
    .await
    .doing("remembering a holding")?;
    Ok(written > 0)
}

/// Says that something changed for a household.
pub async fn touch(txn: &impl ConnectionTrait, who: PlayerId) -> Result<(), Fault> {
    household::Entity::insert(household::ActiveModel {
        id: Set(who.0),
        rev: Set(1),
    })
    .on_conflict(
        OnConflict::column(household::Column::Id)
            .value(
                household::Column::Rev,
                Expr::col((household::Entity, household::Column::Rev)).add(1_i64),
            )
            .to_owned(),
    )
    .exec_without_returning(txn)
    .await
    .map(|_| ())
    .doing("counting a household's change")
}

/// Says that something changed for every household that holds `game`.
pub async fn touch_holders(txn: &impl ConnectionTrait, game: GameId) -> Result<(), Fault> {
    let holders = holding::Entity::find()
        .select_only()
        .column(holding::Column::Household)
        .filter(holding::Column::GameId.eq(game.0))
        .filter(holding::Column::Held.eq(true))
        .into_query();
    household::Entity::update_many()
        .col_expr(
            household::Column::Rev,
            Expr::col(household::Column::Rev).add(1_i64),
        )
        .filter(household::Column::Id.in_subquery(holders))
        .exec(txn)
        .await
        .map(|_| ())
        .doing("counting a change for the holders of a game")
}

/// How often something changed for a household; 0 when nothing ever did.
pub async fn rev(db: &impl ConnectionTrait, who: PlayerId) -> Result<i64, Fault> {
    let row = household::Entity::find_by_id(who.0)
        .one(db)
        .await
        .doing("reading a household's revision")?;
    Ok(row.map_or(0, |row| row.rev))
}

/// Everything a household holds and does not hide, in no order.
pub async fn held(db: &impl ConnectionTrait, who: PlayerId) -> Result<Vec<Held>, Fault> {
    let holdings = || {
        holding::Entity::find()
            .filter(holding::Column::Household.eq(who.0))
            .filter(holding::Column::Held.eq(true))
            .filter(holding::Column::Hidden.eq(false))
    };
    let held = holdings()
        .select_only()
        .column(holding::Column::GameId)
        .into_query();
    let games = game::Entity::find()
        .filter(game::Column::Id.in_subquery(held))
        .filter(game::Column::Kind.eq(game::WHOLE));
    // Two connections at once: of a large library this is where the time goes.
    let (rows, games) =
        tokio::try_join!(holdings().all(db), games.all(db)).doing("loading a household's games")?;
    let plays: HashMap<_, _> = rows
        .iter()
        .map(|row| (row.game_id, Play::from(row)))
        .collect();
    let held = games.into_iter().filter_map(|row| {
        let play = plays.get(&row.id)?.clone();
        Some(Held {
            facts: Facts::from(row),
            play,
        })
    });
    Ok(held.collect())
}

/// The facts of games, whoever holds them.
pub async fn games(db: &impl ConnectionTrait, ids: &[GameId]) -> Result<Vec<Facts>, Fault> {
    let mut found = Vec::with_capacity(ids.len());
    for ids in ids.chunks(500) {
        let rows = game::Entity::find()
            .filter(game::Column::Id.is_in(ids.iter().map(|id| id.0)))
            .all(db)
            .await
            .doing("loading games")?;
        found.extend(rows.into_iter().map(Facts::from));
    }
    Ok(found)
}
