//! Ranks counted by the database, over the index (board, standing, achieved at, player).

use super::{Place, Ranked, Ranks};
use crate::score::entity::entry::{self, Column};
use async_trait::async_trait;
use djinn_kernel::{
    Doing, Fault,
    ids::{BoardId, PlayerId},
};
use djinn_subgraph_kit::Db;
use sea_orm::{
    AccessMode, ConnectionTrait, DatabaseTransaction, DbBackend, FromQueryResult, IsolationLevel,
    Order, TransactionTrait,
    sea_query::{
        Alias, Asterisk, Condition, Expr, ExprTrait, Func, IntoColumnRef, Query, SelectStatement,
        UnionType, WindowStatement,
    },
};

/// Asks the database each time.
#[derive(Debug, Clone)]
pub struct SqlRanks {
    db: Db,
}

/// How many pairs or boards go into one statement: SQLite limits an expression's depth and the
/// parts of a union.
const CHUNK: usize = 200;

const ENTRY: &str = "e";
const OTHER: &str = "other";
const BETTER: &str = "better";
const NTH: &str = "nth";

/// An entry with the number of better ones.
#[derive(Debug, FromQueryResult)]
struct Row {
    board_id: uuid::Uuid,
    player_id: uuid::Uuid,
    score: f64,
    standing: f64,
    achieved_at: chrono::DateTime<chrono::Utc>,
    better: i64,
}

impl From<Row> for Ranked {
    fn from(row: Row) -> Self {
        let entry = entry::Model {
            board_id: row.board_id,
            player_id: row.player_id,
            score: row.score,
            standing: row.standing,
            achieved_at: row.achieved_at,
        };
        Self {
            place: Place::new(row.standing, row.achieved_at, PlayerId(row.player_id)),
            entry: entry.into(),
            rank: row.better + 1,
        }
    }
}

fn of(table: &'static str, column: Column) -> Expr {
    Expr::col((Alias::new(table), column))
}

/// `(standing, achieved_at, player_id)` of `table`.
fn place_of(table: &'static str) -> Expr {
    Expr::tuple([
        of(table, Column::Standing),
        of(table, Column::AchievedAt),
        of(table, Column::PlayerId),
    ])
}

impl From<Place> for Expr {
    fn from(place: Place) -> Self {
        Self::tuple([
            place.standing().into(),
            place.achieved_at.into(),
            place.player.0.into(),
        ])
    }
}

/// Rows of `e`, whatever it is drawn from.
fn entries() -> SelectStatement {
    let mut select = Query::select();
    for column in [
        Column::BoardId,
        Column::PlayerId,
        Column::Score,
        Column::Standing,
        Column::AchievedAt,
    ] {
        select.column((Alias::new(ENTRY), column));
    }
    select
}

/// How many entries of `board` lie before a place: a range of the index.
fn count(board: Expr, before: impl FnOnce(Expr) -> Expr) -> Expr {
    let select = Query::select()
        .expr(Func::count(Expr::col(Asterisk)))
        .from_as(entry::Entity, OTHER)
        .and_where(of(OTHER, Column::BoardId).eq(board))
        .and_where(before(place_of(OTHER)))
        .to_owned();
    Expr::SubQuery(None, Box::new(select.into()))
}

/// For each row of `e`, how many entries of its board are better.
fn better() -> Expr {
    count(of(ENTRY, Column::BoardId), |other| {
        other.lt(place_of(ENTRY))
    })
}

fn sorted(mut select: SelectStatement, order: Order) -> SelectStatement {
    for column in [Column::Standing, Column::AchievedAt, Column::PlayerId] {
        select.order_by((ENTRY, column).into_column_ref(), order.clone());
    }
    select
}

async fn load(db: &impl ConnectionTrait, select: &SelectStatement) -> Result<Vec<Ranked>, Fault> {
    let rows = Row::find_by_statement(db.get_database_backend().build(select))
        .all(db)
        .await
        .doing("reading ranks")?;
    Ok(rows.into_iter().map(Ranked::from).collect())
}

impl SqlRanks {
    /// Over this database.
    pub const fn new(db: Db) -> Self {
        Self { db }
    }

    /// A transaction in which every statement sees the same state.
    async fn snapshot(&self) -> Result<DatabaseTransaction, Fault> {
        let read = self.db.read();
        match self.db.backend() {
            DbBackend::Postgres => {
                read.begin_with_config(
                    Some(IsolationLevel::RepeatableRead),
                    Some(AccessMode::ReadOnly),
                )
                .await
            }
            // On SQLite every transaction is one.
            _ => read.begin().await,
        }
        .doing("reading ranks")
    }
}

#[async_trait]
impl Ranks for SqlRanks {
    async fn of(&self, who: &[(BoardId, PlayerId)]) -> Result<Vec<Ranked>, Fault> {
        let mut all = Vec::with_capacity(who.len());
        for who in who.chunks(CHUNK) {
            let mut any = Condition::any();
            for (board, player) in who {
                any = any.add(
                    of(ENTRY, Column::BoardId)
                        .eq(board.0)
                        .and(of(ENTRY, Column::PlayerId).eq(player.0)),
                );
            }
            let select = entries()
                .expr_as(better(), BETTER)
                .from_as(entry::Entity, ENTRY)
                .cond_where(any)
                .to_owned();
            all.extend(load(self.db.read(), &select).await?);
        }
        Ok(all)
    }

    async fn top(&self, boards: &[BoardId], first: u32) -> Result<Vec<Ranked>, Fault> {
        let mut all = Vec::new();
        for boards in boards.chunks(CHUNK) {
            // One limited query for each board, in one statement: a window function would number
            // every entry of every board first.
            let mut tops = boards.iter().map(|board| {
                let top = entries()
                    .from_as(entry::Entity, ENTRY)
                    .and_where(of(ENTRY, Column::BoardId).eq(board.0))
                    .limit(u64::from(first))
                    .to_owned();
                entries()
                    .from_subquery(sorted(top, Order::Asc), ENTRY)
                    .to_owned()
            });
            let Some(mut select) = tops.next() else {
                continue;
            };
            select.unions(tops.map(|top| (UnionType::All, top)));
            let select = entries()
                .expr_as(Expr::value(0_i64), BETTER)
                .from_subquery(select, ENTRY)
                .order_by((ENTRY, Column::BoardId).into_column_ref(), Order::Asc)
                .to_owned();
            let mut ranked = load(self.db.read(), &sorted(select, Order::Asc)).await?;
            let (mut board, mut rank) = (None, 0);
            for ranked in &mut ranked {
                rank = if board == Some(ranked.entry.board) {
                    rank + 1
                } else {
                    1
                };
                board = Some(ranked.entry.board);
                ranked.rank = rank;
            }
            all.append(&mut ranked);
        }
        Ok(all)
    }

    async fn after(&self, board: BoardId, place: Place, first: u32) -> Result<Vec<Ranked>, Fault> {
        let select = entries()
            // The same for each row, so counted once: those up to and including the place.
            .expr_as(count(board.0.into(), |other| other.lte(place)), BETTER)
            .from_as(entry::Entity, ENTRY)
            .and_where(of(ENTRY, Column::BoardId).eq(board.0))
            .and_where(place_of(ENTRY).gt(place))
            .limit(u64::from(first))
            .to_owned();
        let mut ranked = load(self.db.read(), &sorted(select, Order::Asc)).await?;
        for (i, ranked) in (0..).zip(&mut ranked) {
            ranked.rank += i;
        }
        Ok(ranked)
    }

    async fn around(
        &self,
        board: BoardId,
        player: PlayerId,
        radius: u32,
    ) -> Result<Vec<Ranked>, Fault> {
        let snapshot = self.snapshot().await?;
        let own = entries()
            .expr_as(better(), BETTER)
            .from_as(entry::Entity, ENTRY)
            .and_where(of(ENTRY, Column::BoardId).eq(board.0))
            .and_where(of(ENTRY, Column::PlayerId).eq(player.0))
            .to_owned();
        let Some(own) = load(&snapshot, &own).await?.pop() else {
            return Ok(Vec::new());
        };
        let neighbours = |side: Expr, order| {
            let select = entries()
                .expr_as(Expr::value(own.rank - 1), BETTER)
                .from_as(entry::Entity, ENTRY)
                .and_where(of(ENTRY, Column::BoardId).eq(board.0))
                .and_where(side)
                .limit(u64::from(radius))
                .to_owned();
            sorted(select, order)
        };
        let mut ahead = load(
            &snapshot,
            &neighbours(place_of(ENTRY).lt(own.place), Order::Desc),
        )
        .await?;
        let mut behind = load(
            &snapshot,
            &neighbours(place_of(ENTRY).gt(own.place), Order::Asc),
        )
        .await?;
        snapshot.rollback().await.doing("reading ranks")?;
        for (i, ranked) in (1..).zip(&mut ahead) {
            ranked.rank -= i;
        }
        for (i, ranked) in (1..).zip(&mut behind) {
            ranked.rank += i;
        }
        ahead.reverse();
        ahead.push(own);
        ahead.append(&mut behind);
        Ok(ahead)
    }

    async fn of_players(&self, players: &[PlayerId], first: u32) -> Result<Vec<Ranked>, Fault> {
        let mut all = Vec::new();
        for players in players.chunks(CHUNK) {
            let mut latest = WindowStatement::partition_by(Column::PlayerId);
            latest
                .order_by(Column::AchievedAt, Order::Desc)
                .order_by(Column::BoardId, Order::Desc);
            let numbered = Query::select()
                .column(Asterisk)
                .expr_window_as(Func::cust("ROW_NUMBER"), latest, NTH)
                .from(entry::Entity)
                .and_where(Expr::col(Column::PlayerId).is_in(players.iter().map(|player| player.0)))
                .to_owned();
            let select = entries()
                .expr_as(better(), BETTER)
                .from_subquery(numbered, ENTRY)
                .and_where(Expr::col((ENTRY, NTH)).lte(i64::from(first)))
                .order_by((ENTRY, NTH).into_column_ref(), Order::Asc)
                .to_owned();
            all.extend(load(self.db.read(), &select).await?);
        }
        Ok(all)
    }

    async fn sizes(&self, boards: &[BoardId]) -> Result<Vec<(BoardId, i64)>, Fault> {
        #[derive(FromQueryResult)]
        struct Size {
            board_id: uuid::Uuid,
            better: i64,
        }
        let mut all = Vec::with_capacity(boards.len());
        for boards in boards.chunks(500) {
            let select = Query::select()
                .column(Column::BoardId)
                .expr_as(Func::count(Expr::col(Asterisk)), BETTER)
                .from(entry::Entity)
                .and_where(Expr::col(Column::BoardId).is_in(boards.iter().map(|board| board.0)))
                .group_by_col(Column::BoardId)
                .to_owned();
            let db = self.db.read();
            let sizes = Size::find_by_statement(db.get_database_backend().build(&select))
                .all(db)
                .await
                .doing("counting entries")?;
            all.extend(
                sizes
                    .into_iter()
                    .map(|size| (BoardId(size.board_id), size.better)),
            );
        }
        Ok(all)
    }
}
