//! The queries.

use super::{
    Proposal, Role,
    entity::{ActiveModel, Column, Entity, Model},
    guesses, proposals,
};
use crate::game::Dossier;
use chrono::{DateTime, Utc};
use djinn_subgraph_kit::db::rows_of;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect,
    sea_query::{Expr, ExprTrait, OnConflict, Query},
};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// Rows in one statement; SQLite takes some thirty thousand values.
const CHUNK: usize = 500;

fn row(game: Uuid, proposal: &Proposal, guessed: bool) -> ActiveModel {
    Model {
        id: proposal.id(game),
        game_id: game,
        role: proposal.role as i16,
        rank: proposal.rank,
        source: proposal.source.as_str().to_owned(),
        address: proposal.address.clone(),
        guessed,
        gone: false,
        width: None,
        height: None,
        placeholder: None,
        failures: 0,
        retry_at: None,
    }
    .into_active_model()
}

async fn insert(txn: &impl ConnectionTrait, rows: &[ActiveModel]) -> Result<(), DbErr> {
    for rows in rows.chunks(rows_of::<Entity>()) {
        Entity::insert_many(rows.to_vec())
            .on_conflict(OnConflict::column(Column::Id).do_nothing().to_owned())
            .exec_without_returning(txn)
            .await?;
    }
    Ok(())
}

/// Brings the pictures of these games to what their sources say. What is known of one that stays,
/// stays.
pub async fn sync(txn: &impl ConnectionTrait, dossiers: &[Dossier]) -> Result<(), DbErr> {
    for dossiers in dossiers.chunks(CHUNK) {
        let ids = dossiers.iter().map(|dossier| dossier.game.id);
        let mut known: HashSet<Uuid> = Entity::find()
            .select_only()
            .column(Column::Id)
            .filter(Column::GameId.is_in(ids))
            .filter(Column::Guessed.eq(false))
            .into_tuple::<Uuid>()
            .all(txn)
            .await?
            .into_iter()
            .collect();
        let mut new = Vec::new();
        for dossier in dossiers {
            for proposal in proposals(&dossier.said) {
                if !known.remove(&proposal.id(dossier.game.id)) {
                    new.push(row(dossier.game.id, &proposal, false));
                }
            }
        }
        let gone: Vec<Uuid> = known.into_iter().collect();
        for gone in gone.chunks(CHUNK) {
            Entity::delete_many()
                .filter(Column::Id.is_in(gone.iter().copied()))
                .exec(txn)
                .await?;
        }
        insert(txn, &new).await?;
    }
    Ok(())
}

/// Puts guesses in place of those there were: each game with Steam's number of its product.
pub async fn guess(
    txn: &impl ConnectionTrait,
    products: impl Iterator<Item = (Uuid, &str)> + Clone,
) -> Result<(), DbErr> {
    let games: Vec<Uuid> = products.clone().map(|(game, _)| game).collect();
    forget_guesses(txn, &games).await?;
    let rows: Vec<ActiveModel> = products
        .flat_map(|(game, appid)| {
            let all = guesses(appid);
            all.into_iter().map(move |guess| row(game, &guess, true))
        })
        .collect();
    insert(txn, &rows).await
}

/// Takes guesses back.
pub async fn forget_guesses(txn: &impl ConnectionTrait, games: &[Uuid]) -> Result<(), DbErr> {
    for games in games.chunks(CHUNK) {
        Entity::delete_many()
            .filter(Column::GameId.is_in(games.iter().copied()))
            .filter(Column::Guessed.eq(true))
            .exec(txn)
            .await?;
    }
    Ok(())
}

/// Removes the pictures of games that are gone.
pub async fn remove(txn: &impl ConnectionTrait, games: &[Uuid]) -> Result<(), DbErr> {
    for games in games.chunks(CHUNK) {
        Entity::delete_many()
            .filter(Column::GameId.is_in(games.iter().copied()))
            .exec(txn)
            .await?;
    }
    Ok(())
}

/// A query of games that have a guess.
pub fn guessed() -> sea_orm::sea_query::SelectStatement {
    Query::select()
        .column(Column::GameId)
        .from(Entity)
        .and_where(Column::Guessed.eq(true))
        .to_owned()
}

/// The pictures of these games that are there as far as is known, the first to show first.
pub async fn of_games(
    db: &impl ConnectionTrait,
    games: &[Uuid],
) -> Result<HashMap<Uuid, Vec<Model>>, DbErr> {
    let mut all: HashMap<Uuid, Vec<Model>> = HashMap::new();
    for games in games.chunks(CHUNK) {
        let rows = Entity::find()
            .filter(Column::GameId.is_in(games.iter().copied()))
            .filter(Column::Gone.eq(false))
            .order_by_asc(Column::Role)
            .order_by_asc(Column::Rank)
            .order_by_asc(Column::Id)
            .all(db)
            .await?;
        for row in rows {
            all.entry(row.game_id).or_default().push(row);
        }
    }
    Ok(all)
}

/// One picture.
pub async fn by_id(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id).one(db).await
}

/// The pictures that may stand in for one of this role, the first to show first.
pub async fn stand_ins(
    db: &impl ConnectionTrait,
    game: Uuid,
    role: i16,
) -> Result<Vec<Model>, DbErr> {
    let roles: &[Role] = match role {
        // Better a wide picture than none; a screenshot says nothing without the others.
        0 => &[Role::Cover, Role::Header],
        1 => &[Role::Header, Role::Hero],
        2 => &[Role::Hero, Role::Header],
        _ => &[],
    };
    let all = of_games(db, &[game])
        .await?
        .remove(&game)
        .unwrap_or_default();
    let mut fit: Vec<(usize, Model)> = all
        .into_iter()
        .filter_map(|row| {
            let at = roles.iter().position(|role| *role as i16 == row.role)?;
            Some((at, row))
        })
        .collect();
    fit.sort_by_key(|(at, row)| (*at, row.rank, row.id));
    Ok(fit.into_iter().map(|(_, row)| row).collect())
}

/// What came of fetching a picture.
#[derive(Debug, Clone)]
pub enum Fate {
    /// It is there.
    Here {
        /// Its width.
        width: u32,
        /// Its height.
        height: u32,
        /// A ThumbHash of it in base64.
        placeholder: String,
    },
    /// It is not there, or no picture.
    Gone,
    /// It cannot be said: ask again then.
    Later(DateTime<Utc>),
}

/// Writes down what came of fetching a picture.
pub async fn settle(txn: &impl ConnectionTrait, id: Uuid, fate: &Fate) -> Result<(), DbErr> {
    let this = Entity::update_many().filter(Column::Id.eq(id));
    let update = match fate {
        Fate::Here {
            width,
            height,
            placeholder,
        } => this
            .col_expr(Column::Width, Expr::value(*width as i32))
            .col_expr(Column::Height, Expr::value(*height as i32))
            .col_expr(Column::Placeholder, Expr::value(placeholder.clone()))
            .col_expr(Column::Failures, Expr::value(0))
            .col_expr(Column::RetryAt, Expr::value(None::<DateTime<Utc>>)),
        Fate::Gone => this.col_expr(Column::Gone, Expr::value(true)),
        Fate::Later(until) => this
            .col_expr(Column::Failures, Expr::col(Column::Failures).add(1))
            .col_expr(Column::RetryAt, Expr::value(Some(*until))),
    };
    update.exec(txn).await?;
    Ok(())
}
