//! The queries.

use super::{
    Dossier, Field, Said, Source,
    entity::{Names, fact, game, rating, said},
    rating::Rating,
};
use crate::artwork;
use djinn_subgraph_kit::db::rows_of;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, Iterable, QueryFilter,
    QueryOrder, QuerySelect, sea_query::OnConflict,
};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use uuid::Uuid;

/// Rows in one statement; SQLite takes some thirty thousand values.
const CHUNK: usize = 500;

/// Games by id.
pub async fn games(db: &impl ConnectionTrait, ids: &[Uuid]) -> Result<Vec<game::Model>, DbErr> {
    let mut all = Vec::with_capacity(ids.len());
    for ids in ids.chunks(CHUNK) {
        all.extend(
            game::Entity::find()
                .filter(game::Column::Id.is_in(ids.iter().copied()))
                .all(db)
                .await?,
        );
    }
    Ok(all)
}

/// The next games after this one of which nobody has worked out how they stand for every board.
pub async fn unrated_by_boards(
    db: &impl ConnectionTrait,
    after: Option<Uuid>,
    limit: u64,
) -> Result<Vec<Uuid>, DbErr> {
    let mut find = game::Entity::find()
        .select_only()
        .column(game::Column::Id)
        .filter(game::Column::Boards.is_null());
    if let Some(after) = after {
        find = find.filter(game::Column::Id.gt(after));
    }
    find.order_by_asc(game::Column::Id)
        .limit(limit)
        .into_tuple()
        .all(db)
        .await
}

/// What boards say about these games.
pub async fn ratings(
    db: &impl ConnectionTrait,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, Vec<Rating>>, DbErr> {
    let mut all: HashMap<Uuid, Vec<Rating>> = HashMap::new();
    for ids in ids.chunks(CHUNK) {
        let rows = rating::Entity::find()
            .filter(rating::Column::GameId.is_in(ids.iter().copied()))
            .order_by_asc(rating::Column::Board)
            .order_by_asc(rating::Column::Source)
            .all(db)
            .await?;
        for row in rows {
            let rating = Rating {
                board: row.board,
                source: row.source,
                rating: row.rating,
                descriptors: row.descriptors.0,
            };
            all.entry(row.game_id).or_default().push(rating);
        }
    }
    Ok(all)
}

/// Where the fields of these games come from.
pub async fn facts(
    db: &impl ConnectionTrait,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, Vec<fact::Model>>, DbErr> {
    let mut all: HashMap<Uuid, Vec<fact::Model>> = HashMap::new();
    for ids in ids.chunks(CHUNK) {
        let rows = fact::Entity::find()
            .filter(fact::Column::GameId.is_in(ids.iter().copied()))
            .order_by_asc(fact::Column::Field)
            .all(db)
            .await?;
        for row in rows {
            all.entry(row.game_id).or_default().push(row);
        }
    }
    Ok(all)
}

/// What each source said about these games.
pub async fn said(
    db: &impl ConnectionTrait,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, BTreeMap<Source, Said>>, DbErr> {
    let mut all: HashMap<Uuid, BTreeMap<Source, Said>> = HashMap::new();
    for ids in ids.chunks(CHUNK) {
        let rows = said::Entity::find()
            .filter(said::Column::GameId.is_in(ids.iter().copied()))
            .all(db)
            .await?;
        for row in rows {
            // A source of a newer version is left to it.
            if let Some(source) = Source::parse(&row.source) {
                all.entry(row.game_id).or_default().insert(source, row.body);
            }
        }
    }
    Ok(all)
}

/// Whole dossiers by id, in four queries.
pub async fn dossiers(
    db: &impl ConnectionTrait,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, Dossier>, DbErr> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let games = games(db, ids).await?;
    let (mut facts, mut ratings) = (facts(db, ids).await?, ratings(db, ids).await?);
    let mut said = said(db, ids).await?;
    Ok(games
        .into_iter()
        .map(|game| {
            let id = game.id;
            let facts = facts
                .remove(&id)
                .unwrap_or_default()
                .into_iter()
                // A field or source of a newer version is left to it.
                .filter_map(|row| {
                    let field = Field::ALL
                        .into_iter()
                        .find(|field| field.as_str() == row.field)?;
                    let source = Source::parse(&row.source)?;
                    Some((field, (source, row.fetched_at)))
                })
                .collect();
            let said = said.remove(&id);
            let before_said = said.is_none();
            let mut dossier = Dossier {
                game,
                said: said.unwrap_or_default(),
                facts,
                ratings: ratings.remove(&id).unwrap_or_default(),
            };
            if before_said {
                dossier.read_back();
            }
            (id, dossier)
        })
        .collect())
}

/// Takes out what a dossier is made of besides its game.
async fn forget_parts(txn: &impl ConnectionTrait, games: &[Uuid]) -> Result<(), DbErr> {
    if games.is_empty() {
        return Ok(());
    }
    fact::Entity::delete_many()
        .filter(fact::Column::GameId.is_in(games.iter().copied()))
        .exec(txn)
        .await?;
    rating::Entity::delete_many()
        .filter(rating::Column::GameId.is_in(games.iter().copied()))
        .exec(txn)
        .await?;
    said::Entity::delete_many()
        .filter(said::Column::GameId.is_in(games.iter().copied()))
        .exec(txn)
        .await?;
    Ok(())
}

/// Those of these games about which somebody said something.
pub async fn corrected(txn: &impl ConnectionTrait, games: &[Uuid]) -> Result<Vec<Uuid>, DbErr> {
    let mut all: Vec<Uuid> = Vec::new();
    for games in games.chunks(CHUNK) {
        let said: Vec<Uuid> = said::Entity::find()
            .select_only()
            .column(said::Column::GameId)
            .filter(said::Column::GameId.is_in(games.iter().copied()))
            .filter(said::Column::Source.eq(Source::Person.as_str()))
            .into_tuple()
            .all(txn)
            .await?;
        let facts: Vec<Uuid> = fact::Entity::find()
            .select_only()
            .column(fact::Column::GameId)
            .filter(fact::Column::GameId.is_in(games.iter().copied()))
            .filter(fact::Column::Source.eq(Source::Person.as_str()))
            .into_tuple()
            .all(txn)
            .await?;
        all.extend(said.into_iter().chain(facts));
    }
    Ok(all)
}

/// Removes games, with everything that was known of them.
pub async fn remove(txn: &impl ConnectionTrait, games: &[Uuid]) -> Result<(), DbErr> {
    for games in games.chunks(CHUNK) {
        forget_parts(txn, games).await?;
        artwork::store::remove(txn, games).await?;
        game::Entity::delete_many()
            .filter(game::Column::Id.is_in(games.iter().copied()))
            .exec(txn)
            .await?;
    }
    Ok(())
}

/// Writes dossiers, new or changed. Of those in `born` nothing was written before: there is nothing
/// to take out first. Their revision does not tell, as one that is only confirmed keeps it.
pub async fn save(
    txn: &impl ConnectionTrait,
    dossiers: &[Dossier],
    born: &BTreeSet<Uuid>,
) -> Result<(), DbErr> {
    for dossiers in dossiers.chunks(CHUNK) {
        for dossiers in dossiers.chunks(rows_of::<game::Entity>()) {
            game::Entity::insert_many(
                dossiers
                    .iter()
                    .map(|dossier| dossier.game.clone().into_active_model()),
            )
            .on_conflict(
                OnConflict::column(game::Column::Id)
                    .update_columns(
                        game::Column::iter().filter(|column| !matches!(column, game::Column::Id)),
                    )
                    .to_owned(),
            )
            .exec_without_returning(txn)
            .await?;
        }
        let known: Vec<Uuid> = dossiers
            .iter()
            .map(|dossier| dossier.game.id)
            .filter(|id| !born.contains(id))
            .collect();
        forget_parts(txn, &known).await?;
        let said: Vec<_> = dossiers
            .iter()
            .flat_map(|dossier| {
                dossier.said.iter().map(|(source, body)| {
                    said::Model {
                        game_id: dossier.game.id,
                        source: source.as_str().to_owned(),
                        body: body.clone(),
                    }
                    .into_active_model()
                })
            })
            .collect();
        for said in said.chunks(rows_of::<said::Entity>()) {
            said::Entity::insert_many(said.to_vec())
                .exec_without_returning(txn)
                .await?;
        }
        let facts: Vec<_> = dossiers
            .iter()
            .flat_map(|dossier| {
                dossier.facts.iter().map(|(field, (source, fetched_at))| {
                    fact::Model {
                        game_id: dossier.game.id,
                        field: field.as_str().to_owned(),
                        source: source.as_str().to_owned(),
                        fetched_at: *fetched_at,
                    }
                    .into_active_model()
                })
            })
            .collect();
        for facts in facts.chunks(rows_of::<fact::Entity>()) {
            fact::Entity::insert_many(facts.to_vec())
                .exec_without_returning(txn)
                .await?;
        }
        let ratings: Vec<_> = dossiers
            .iter()
            .flat_map(|dossier| {
                dossier.ratings.iter().map(|rating| {
                    rating::Model {
                        game_id: dossier.game.id,
                        board: rating.board.clone(),
                        source: rating.source.clone(),
                        rating: rating.rating.clone(),
                        descriptors: Names(rating.descriptors.clone()),
                    }
                    .into_active_model()
                })
            })
            .collect();
        for ratings in ratings.chunks(rows_of::<rating::Entity>()) {
            rating::Entity::insert_many(ratings.to_vec())
                .exec_without_returning(txn)
                .await?;
        }
    }
    artwork::store::sync(txn, dossiers).await
}
