//! The only queries.

use super::{
    Facts, Held, Play, Status,
    entity::{Names, game, holding, household},
    part,
};
use djinn_kernel::{
    Doing, Esrb, Fault, Rated,
    event::{GameChanged, HoldingChanged},
    ids::{GameId, PlayerId},
};
use djinn_subgraph_kit::db::rows_of;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseConnection, EntityTrait, Iterable, QueryFilter,
    QuerySelect, QueryTrait, Set,
    sea_query::{Alias, Expr, ExprTrait, OnConflict, Query},
};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use tracing::Instrument;
use uuid::Uuid;

/// Rows in one statement: both databases bound the number of variables.
const CHUNK: usize = 500;

/// Writes what metadata says of games, unless something newer is there. Returns which were written.
pub async fn put_games(
    txn: &impl ConnectionTrait,
    changed: &[GameChanged],
) -> Result<Vec<Uuid>, Fault> {
    use game::Column;
    // One statement can write a game once only; by id, so that two never wait for each other.
    let mut newest: BTreeMap<Uuid, &GameChanged> = BTreeMap::new();
    for one in changed {
        let known = newest.entry(one.game.0).or_insert(one);
        if known.revision < one.revision {
            *known = one;
        }
    }
    let rows: Vec<game::ActiveModel> = newest
        .into_values()
        .map(game_row)
        .collect::<Result<_, Fault>>()?;
    let mut written = Vec::with_capacity(rows.len());
    for rows in rows.chunks(rows_of::<game::Entity>()) {
        let mut insert = game::Entity::insert_many(rows.to_vec())
            .on_conflict(
                OnConflict::column(Column::Id)
                    .update_columns(Column::iter().filter(|own| !matches!(own, Column::Id)))
                    .action_and_where(
                        Expr::col((game::Entity, Column::Revision))
                            .lt(Expr::col((Alias::new("excluded"), Column::Revision))),
                    )
                    .to_owned(),
            )
            .into_query();
        insert.returning(Query::returning().column(Column::Id));
        let ids = txn.query_all(&insert).await.doing("remembering games")?;
        for row in ids {
            written.push(row.try_get_by_index(0).doing("remembering games")?);
        }
    }
    Ok(written)
}

/// Forgets games that nobody has any more.
pub async fn forget_games(txn: &impl ConnectionTrait, games: &[GameId]) -> Result<(), Fault> {
    for chunk in games.chunks(CHUNK) {
        game::Entity::delete_many()
            .filter(game::Column::Id.is_in(chunk.iter().map(|game| game.0)))
            .exec(txn)
            .await
            .doing("forgetting games")?;
    }
    Ok(())
}

fn game_row(changed: &GameChanged) -> Result<game::ActiveModel, Fault> {
    Ok(game::ActiveModel {
        id: Set(changed.game.0),
        revision: Set(changed.revision),
        title: Set(changed.title.clone()),
        kind: Set(serde_json::to_value(changed.kind)
            .ok()
            .and_then(|kind| kind.as_str().map(str::to_owned))
            .doing("naming a kind of game")?),
        genres: Set(Names(changed.genres.clone())),
        tags: Set(Names(changed.tags.clone())),
        developers: Set(Names(changed.developers.clone())),
        esrb: Set(changed.esrb.map(Esrb::level)),
        boards: Set(changed.boards),
        critic_score: Set(changed.critic_score),
        main_story_minutes: Set(changed.main_story_minutes),
    })
}

/// Writes what library says of holdings, unless something newer is there. Returns whose were
/// written. Of a game that is no longer held, nothing is kept but the revision.
pub async fn put_holdings(
    txn: &impl ConnectionTrait,
    changed: &[HoldingChanged],
) -> Result<BTreeSet<PlayerId>, Fault> {
    use holding::Column;
    let mut newest: BTreeMap<(PlayerId, Uuid), &HoldingChanged> = BTreeMap::new();
    for one in changed {
        let known = newest.entry((one.household, one.game.0)).or_insert(one);
        if known.revision < one.revision {
            *known = one;
        }
    }
    let rows: Vec<holding::ActiveModel> = newest.into_values().map(holding_row).collect();
    let mut touched = BTreeSet::new();
    for rows in rows.chunks(rows_of::<holding::Entity>()) {
        let mut insert = holding::Entity::insert_many(rows.to_vec())
            .on_conflict(
                OnConflict::columns([Column::Household, Column::GameId])
                    .update_columns(
                        Column::iter()
                            .filter(|own| !matches!(own, Column::Household | Column::GameId)),
                    )
                    .action_and_where(
                        Expr::col((holding::Entity, Column::Revision))
                            .lt(Expr::col((Alias::new("excluded"), Column::Revision))),
                    )
                    .to_owned(),
            )
            .into_query();
        insert.returning(Query::returning().column(Column::Household));
        let whose = txn.query_all(&insert).await.doing("remembering holdings")?;
        for row in whose {
            let household = row.try_get_by_index(0).doing("remembering holdings")?;
            touched.insert(PlayerId(household));
        }
    }
    Ok(touched)
}

fn holding_row(changed: &HoldingChanged) -> holding::ActiveModel {
    let held = changed.held;
    holding::ActiveModel {
        household: Set(changed.household.0),
        game_id: Set(changed.game.0),
        revision: Set(changed.revision),
        held: Set(held),
        hidden: Set(changed.hidden),
        playtime_minutes: Set(if held { changed.playtime_minutes } else { 0 }),
        last_played_at: Set(changed.last_played_at.filter(|_| held)),
        status: Set(changed.status.clone().filter(|_| held)),
        favourite: Set(changed.favourite && held),
        my_rating: Set(changed.my_rating.filter(|_| held)),
    }
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

/// Every household that holds one of `games`.
pub async fn holders(
    txn: &impl ConnectionTrait,
    games: &[Uuid],
) -> Result<BTreeSet<PlayerId>, Fault> {
    let mut holders = BTreeSet::new();
    for games in games.chunks(CHUNK) {
        let some: Vec<Uuid> = holding::Entity::find()
            .select_only()
            .column(holding::Column::Household)
            .distinct()
            .filter(holding::Column::GameId.is_in(games.iter().copied()))
            .filter(holding::Column::Held.eq(true))
            .into_tuple()
            .all(txn)
            .await
            .doing("finding who holds games")?;
        holders.extend(some.into_iter().map(PlayerId));
    }
    Ok(holders)
}

/// How often something changed for a household; 0 when nothing ever did.
pub async fn rev(db: &impl ConnectionTrait, who: PlayerId) -> Result<i64, Fault> {
    let row = household::Entity::find_by_id(who.0)
        .one(db)
        .await
        .doing("reading a household's revision")?;
    Ok(row.map_or(0, |row| row.rev))
}

/// What is read of a game: its id, title, genres, tags, developers, ratings, score and length.
type GameRow = (
    Uuid,
    String,
    Names,
    Names,
    Names,
    Option<i16>,
    Option<i32>,
    Option<i16>,
    Option<i32>,
);
/// What is read of a holding: its game, minutes, status, whether it is a favourite, and a rating.
type HoldingRow = (Uuid, i32, Option<String>, bool, Option<i16>);

/// Everything a household holds and does not hide, in no order, each rated as the strictest of what
/// was made one with it: three statements, however many games there are.
pub async fn held(db: &DatabaseConnection, who: PlayerId) -> Result<Vec<Held>, Fault> {
    let holdings = || {
        holding::Entity::find()
            .select_only()
            .filter(holding::Column::Household.eq(who.0))
            .filter(holding::Column::Held.eq(true))
            .filter(holding::Column::Hidden.eq(false))
    };
    let ids = holdings().column(holding::Column::GameId).into_query();
    let games = game::Entity::find()
        .select_only()
        .columns([
            game::Column::Id,
            game::Column::Title,
            game::Column::Genres,
            game::Column::Tags,
            game::Column::Developers,
            game::Column::Esrb,
            game::Column::Boards,
            game::Column::CriticScore,
            game::Column::MainStoryMinutes,
        ])
        .filter(game::Column::Id.in_subquery(ids))
        .filter(game::Column::Kind.eq(game::WHOLE))
        .into_tuple::<GameRow>();
    let plays = holdings()
        .columns([
            holding::Column::GameId,
            holding::Column::PlaytimeMinutes,
            holding::Column::Status,
            holding::Column::Favourite,
            holding::Column::MyRating,
        ])
        .into_tuple::<HoldingRow>();
    // Of a large library this is where the time goes: two connections at once, and a task of its
    // own for the larger half, because reading rows out of an answer is work as well.
    let of_games = db.clone();
    let reading = async move { games.all(&of_games).await }.in_current_span();
    let reading = tokio::spawn(reading);
    let plays = plays.all(db).await.doing("loading a household's games")?;
    let parts = part::strictest(db, who).await?;
    let games = reading
        .await
        .doing("loading a household's games")?
        .doing("loading a household's games")?;
    let mut plays: HashMap<Uuid, Play> = plays.into_iter().map(play).collect();
    let held = games.into_iter().filter_map(|row| {
        let play = plays.remove(&row.0)?;
        let mut facts = facts(row);
        let part = parts.get(&facts.game.0).copied().unwrap_or_default();
        facts.rated = facts.rated.strictest(part);
        Some(Held { facts, play })
    });
    Ok(held.collect())
}

/// What a household holds and hides.
pub async fn hidden(db: &impl ConnectionTrait, who: PlayerId) -> Result<HashSet<GameId>, Fault> {
    let games: Vec<Uuid> = holding::Entity::find()
        .select_only()
        .column(holding::Column::GameId)
        .filter(holding::Column::Household.eq(who.0))
        .filter(holding::Column::Hidden.eq(true))
        .into_tuple()
        .all(db)
        .await
        .doing("reading what is hidden")?;
    Ok(games.into_iter().map(GameId).collect())
}

fn play((game, minutes, status, favourite, rating): HoldingRow) -> (Uuid, Play) {
    let play = Play {
        minutes: Ord::max(minutes, 0),
        status: Status::of(status.as_deref()),
        favourite,
        rating: rating.filter(|rating| (0..=100).contains(rating)),
    };
    (game, play)
}

fn facts(
    (id, title, genres, tags, developers, esrb, boards, critic_score, story): GameRow,
) -> Facts {
    Facts {
        game: GameId(id),
        title,
        whole: true,
        genres: genres.0,
        tags: tags.0,
        developers: developers.0,
        rated: Rated::stored(esrb, boards),
        critic_score,
        main_story_minutes: story,
    }
}

/// The facts of games, whoever holds them.
pub async fn games(db: &impl ConnectionTrait, ids: &[GameId]) -> Result<Vec<Facts>, Fault> {
    let mut found = Vec::with_capacity(ids.len());
    for ids in ids.chunks(CHUNK) {
        let rows = game::Entity::find()
            .filter(game::Column::Id.is_in(ids.iter().map(|id| id.0)))
            .all(db)
            .await
            .doing("loading games")?;
        found.extend(rows.into_iter().map(Facts::from));
    }
    Ok(found)
}
