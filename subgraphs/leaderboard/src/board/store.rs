//! The only queries about boards.

use super::{Board, entity};
use crate::rating::{self, Child};
use djinn_kernel::{
    Doing, Fault,
    ids::{BoardId, GameId, PlayerId},
    page::{Page, Slice},
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult,
    Order as Sort, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Set,
    sea_query::{Alias, Asterisk, Expr, ExprTrait, Func, Query, WindowStatement},
};

/// Adds a board that `player` made.
pub async fn insert(
    db: &impl ConnectionTrait,
    board: &Board,
    player: PlayerId,
) -> Result<(), Fault> {
    entity::ActiveModel {
        id: Set(board.id.0),
        name: Set(board.name.clone()),
        game_id: Set(board.game.map(|game| game.0)),
        direction: Set(board.order.into()),
        operator: Set(board.operator.into()),
        unit: Set(board.unit.clone()),
        created_by: Set(player.0),
        created_at: Set(board.created_at),
    }
    .insert(db)
    .await
    .map(|_| ())
    .doing("adding a board")
}

/// How many boards `player` has made.
pub async fn made_by(db: &impl ConnectionTrait, player: PlayerId) -> Result<u64, Fault> {
    entity::Entity::find()
        .filter(entity::Column::CreatedBy.eq(player.0))
        .count(db)
        .await
        .doing("counting a player's boards")
}

/// Boards by id, in no order.
pub async fn by_id(
    db: &impl ConnectionTrait,
    child: Option<Child>,
    ids: &[BoardId],
) -> Result<Vec<Board>, Fault> {
    let mut found = Vec::with_capacity(ids.len());
    for ids in ids.chunks(500) {
        let rows = entity::Entity::find()
            .filter(entity::Column::Id.is_in(ids.iter().map(|id| id.0)))
            .filter(seen(child))
            .all(db)
            .await
            .doing("loading boards")?;
        found.extend(rows.into_iter().map(Board::from));
    }
    Ok(found)
}

/// The boards that a profile may know of: those of no game, and those of games it may know of.
fn seen(child: Option<Child>) -> Condition {
    Condition::all().add_option(child.map(|child| {
        Condition::any()
            .add(entity::Column::GameId.is_null())
            .add(entity::Column::GameId.in_subquery(rating::visible(child)))
    }))
}

fn of(child: Option<Child>, game: Option<GameId>) -> Condition {
    seen(child).add_option(game.map(|game| entity::Column::GameId.eq(game.0)))
}

/// A page of boards, newest first; of one game or all.
pub async fn page(
    db: &impl ConnectionTrait,
    child: Option<Child>,
    game: Option<GameId>,
    page: &Page<BoardId>,
) -> Result<Slice<Board>, Fault> {
    let mut query = entity::Entity::find()
        .filter(of(child, game))
        .order_by_desc(entity::Column::Id);
    if let Some(after) = page.after {
        query = query.filter(entity::Column::Id.lt(after.0));
    }
    let rows = query
        .limit(u64::from(page.first) + 1)
        .all(db)
        .await
        .doing("listing boards")?;
    Ok(Slice::cut(
        rows.into_iter().map(Board::from).collect(),
        page.first,
    ))
}

/// How many boards there are; of one game or all.
pub async fn count(
    db: &impl ConnectionTrait,
    child: Option<Child>,
    game: Option<GameId>,
) -> Result<u64, Fault> {
    entity::Entity::find()
        .filter(of(child, game))
        .count(db)
        .await
        .doing("counting boards")
}

/// The newest `first` boards of each of `games`, newest first within a game.
pub async fn of_games(
    db: &impl ConnectionTrait,
    child: Option<Child>,
    games: &[GameId],
    first: u32,
) -> Result<Vec<Board>, Fault> {
    let (numbered, nth) = (Alias::new("numbered"), Alias::new("nth"));
    let mut newest = WindowStatement::partition_by(entity::Column::GameId);
    newest.order_by(entity::Column::Id, Sort::Desc);
    let inner = Query::select()
        .column(Asterisk)
        .expr_window_as(Func::cust("ROW_NUMBER"), newest, nth.clone())
        .from(entity::Entity)
        .and_where(Expr::col(entity::Column::GameId).is_in(games.iter().map(|game| game.0)))
        .cond_where(seen(child))
        .to_owned();
    let select = Query::select()
        .column(Asterisk)
        .from_subquery(inner, numbered)
        .and_where(Expr::col(nth).lte(i64::from(first)))
        .order_by(entity::Column::Id, Sort::Desc)
        .to_owned();
    let rows = entity::Model::find_by_statement(db.get_database_backend().build(&select))
        .all(db)
        .await
        .doing("loading the boards of games")?;
    Ok(rows.into_iter().map(Board::from).collect())
}
