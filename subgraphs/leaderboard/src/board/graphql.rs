//! Boards in the graph.

use super::{
    Board, Operator, Order,
    game::Game,
    service::{BoardService, NewBoard},
};
use crate::{
    loader::{Loaders, RankOf, SizeOf, TopOf},
    rating,
    score::{
        graphql::{Rank, RankConnection},
        ranks::{Place, Ranked},
        service::ScoreService,
    },
};
use async_graphql::{Context, Enum, ID, InputObject, Object, Result, SimpleObject};
use chrono::{DateTime, Utc};
use djinn_kernel::{
    Code, Scope,
    ids::{BoardId, GameId, PlayerId},
    page::{Page, Slice, encode_cursor},
};
use djinn_subgraph_kit::graph::{
    Needs, OrRefuse, PageInfo, Problem, Rule, ViewerExt, cost, entity, problems, refuse,
};

/// The most neighbours on each side.
const MAX_RADIUS: u32 = 50;

/// Which scores of a board are better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "Order")]
pub enum BoardOrder {
    /// More is better: points.
    HigherIsBetter,
    /// Less is better: times.
    LowerIsBetter,
}

/// What a new score does to the player's old one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "Operator")]
pub enum ScoreOperator {
    /// The better of the two stays; of equals, the one achieved first.
    Best,
    /// The new one stays.
    Set,
    /// They are added.
    Increment,
}

/// A board in the graph.
#[derive(Debug, Clone)]
pub struct BoardNode(pub Board);

/// A list of who is best at one thing. Its ranks are always exact.
#[Object(name = "Board")]
impl BoardNode {
    /// The board's id.
    async fn id(&self) -> ID {
        self.0.id.into()
    }

    /// What it is called.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// The game it belongs to. Null when it belongs to none.
    async fn game(&self) -> Option<Game> {
        self.0.game.map(Game)
    }

    /// Which scores are better.
    async fn order(&self) -> BoardOrder {
        self.0.order.into()
    }

    /// What a new score does to the player's old one.
    async fn operator(&self) -> ScoreOperator {
        self.0.operator.into()
    }

    /// What the numbers mean, for instance `points` or `seconds`.
    async fn unit(&self) -> Option<&str> {
        self.0.unit.as_deref()
    }

    /// How many players have a score here.
    async fn entries(&self, ctx: &Context<'_>) -> Result<i32> {
        let size = ctx
            .data_unchecked::<Loaders>()
            .load_one(SizeOf(self.0.id))
            .await
            .or_refuse()?;
        Ok(size.unwrap_or(0) as i32)
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// The best, from the first rank on.
    #[graphql(directive = cost::Page::apply("nodes"))]
    async fn top(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many ranks, 1 to 100. 50 unless given.")] first: Option<i32>,
        #[graphql(desc = "The `endCursor` of the page before.")] after: Option<String>,
    ) -> Result<RankConnection> {
        let page = Page::<Place>::parse(first, after.as_deref()).or_refuse()?;
        let wanted = page.first + 1;
        let ranks = match page.after {
            None => {
                let top = TopOf {
                    board: self.0.id,
                    first: wanted,
                };
                ctx.data_unchecked::<Loaders>()
                    .load_one(top)
                    .await
                    .or_refuse()?
                    .unwrap_or_default()
            }
            Some(place) => {
                let ranks = ctx.data_unchecked::<ScoreService>().ranks();
                ranks.after(self.0.id, place, wanted).await.or_refuse()?
            }
        };
        let slice = Slice::cut(ranks, page.first);
        Ok(RankConnection {
            page_info: PageInfo {
                has_next_page: slice.has_next,
                end_cursor: slice
                    .items
                    .last()
                    .map(|ranked| encode_cursor(&ranked.place)),
            },
            nodes: self.ranks(slice.items),
            board: self.0.id,
        })
    }

    /// A player with the neighbours ahead and behind, best first. Empty when the player has no
    /// score here.
    #[graphql(directive = cost::Usual::apply(101))]
    async fn around(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whose neighbours. Yours unless given.")] player_id: Option<ID>,
        #[graphql(desc = "How many on each side, 0 to 50.", default = 5)] radius: Option<i32>,
    ) -> Result<Vec<Rank>> {
        let player = player(ctx, player_id)?;
        let radius = radius.unwrap_or(5);
        let radius = u32::try_from(radius)
            .ok()
            .filter(|radius| *radius <= MAX_RADIUS)
            .ok_or_else(|| {
                refuse(
                    Code::InvalidInput,
                    format!("`radius` must be between 0 and {MAX_RADIUS}, not {radius}"),
                )
            })?;
        let ranks = ctx.data_unchecked::<ScoreService>().ranks();
        Ok(self.ranks(ranks.around(self.0.id, player, radius).await.or_refuse()?))
    }

    /// A player's rank. Null when the player has no score here.
    async fn rank(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whose rank. Yours unless given.")] player_id: Option<ID>,
    ) -> Result<Option<Rank>> {
        let rank = RankOf(self.0.id, player(ctx, player_id)?);
        let ranked = ctx
            .data_unchecked::<Loaders>()
            .load_one(rank)
            .await
            .or_refuse()?;
        Ok(ranked.map(|ranked| Rank {
            board: self.0.clone(),
            ranked,
        }))
    }
}

impl BoardNode {
    fn ranks(&self, ranks: Vec<Ranked>) -> Vec<Rank> {
        ranks
            .into_iter()
            .map(|ranked| Rank {
                board: self.0.clone(),
                ranked,
            })
            .collect()
    }
}

/// The player asked about, or else the one asking.
fn player(ctx: &Context<'_>, id: Option<ID>) -> Result<PlayerId> {
    match id {
        Some(id) => PlayerId::parse(&id).or_refuse(),
        None => Ok(ctx.signed_in()?.player),
    }
}

/// A page of boards.
#[derive(SimpleObject)]
pub struct BoardConnection {
    /// The boards, newest first.
    pub nodes: Vec<BoardNode>,
    /// Where the page ends.
    pub page_info: PageInfo,
    /// How many boards there are in all.
    pub total_count: i32,
}

/// A new board.
#[derive(InputObject)]
pub struct CreateBoardInput {
    /// What it is called: 1 to 80 characters.
    name: String,
    /// The game it belongs to, if it belongs to one.
    game_id: Option<ID>,
    /// Which scores are better.
    #[graphql(default_with = "Some(BoardOrder::HigherIsBetter)")]
    order: Option<BoardOrder>,
    /// What a new score does to the player's old one.
    #[graphql(default_with = "Some(ScoreOperator::Best)")]
    operator: Option<ScoreOperator>,
    /// What the numbers mean, for instance `points`: at most 20 characters.
    unit: Option<String>,
}

/// What became of a new board.
#[derive(SimpleObject)]
pub struct BoardPayload {
    /// The board. Null when there are problems.
    board: Option<BoardNode>,
    /// Why it was not made.
    problems: Vec<Problem>,
}

/// Questions about boards.
#[derive(Default)]
pub struct BoardQuery;

#[Object]
impl BoardQuery {
    /// A board. Null when there is none with that id.
    #[graphql(directive = Needs::apply(Scope::ReadPlay))]
    async fn board(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The board's id.")] id: ID,
    ) -> Result<Option<BoardNode>> {
        find(ctx, &id).await
    }

    /// All boards, newest first; or those of one game.
    #[graphql(directive = Needs::apply(Scope::ReadPlay), directive = cost::Page::apply("nodes"))]
    async fn boards(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only boards of this game.")] game_id: Option<ID>,
        #[graphql(desc = "How many boards, 1 to 100. 50 unless given.")] first: Option<i32>,
        #[graphql(desc = "The `endCursor` of the page before.")] after: Option<String>,
    ) -> Result<Option<BoardConnection>> {
        let game = game_id
            .map(|id| GameId::parse(&id))
            .transpose()
            .or_refuse()?;
        let page = Page::<BoardId>::parse(first, after.as_deref()).or_refuse()?;
        let (slice, total) = ctx
            .data_unchecked::<BoardService>()
            .page(rating::child(ctx.viewer()), game, &page)
            .await
            .or_refuse()?;
        Ok(Some(BoardConnection {
            page_info: PageInfo {
                has_next_page: slice.has_next,
                end_cursor: slice.items.last().map(|board| encode_cursor(&board.id)),
            },
            nodes: slice.items.into_iter().map(BoardNode).collect(),
            total_count: total as i32,
        }))
    }

    /// A board, for other subgraphs.
    #[graphql(entity)]
    async fn find_board_by_id(&self, ctx: &Context<'_>, id: ID) -> Result<Option<BoardNode>> {
        entity(ctx, Rule::scope(Scope::ReadPlay), find(ctx, &id)).await
    }

    /// A game, for its boards.
    #[graphql(entity)]
    async fn find_game_by_id(&self, ctx: &Context<'_>, id: ID) -> Result<Option<Game>> {
        let found = async { Ok(Some(Game(GameId::parse(&id).or_refuse()?))) };
        entity(ctx, Rule::SignedIn, found).await
    }
}

async fn find(ctx: &Context<'_>, id: &str) -> Result<Option<BoardNode>> {
    let id = BoardId::parse(id).or_refuse()?;
    Ok(ctx
        .data_unchecked::<Loaders>()
        .load_one(id)
        .await
        .or_refuse()?
        .map(BoardNode))
}

/// Changes to boards.
#[derive(Default)]
pub struct BoardMutation;

#[Object]
impl BoardMutation {
    /// Makes a board. Any player may; child profiles may not.
    #[graphql(directive = Needs::apply(Scope::WritePlay))]
    async fn create_board(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What the board is to be.")] input: CreateBoardInput,
    ) -> Result<BoardPayload> {
        let new = NewBoard {
            name: input.name,
            game: input.game_id.map(String::from),
            order: input.order.unwrap_or(BoardOrder::HigherIsBetter).into(),
            operator: input.operator.unwrap_or(ScoreOperator::Best).into(),
            unit: input.unit,
        };
        let made = ctx
            .data_unchecked::<BoardService>()
            .create(ctx.viewer(), new)
            .await;
        let (board, problems) = problems(made.or_problem()?);
        Ok(BoardPayload {
            board: board.map(BoardNode),
            problems,
        })
    }
}
