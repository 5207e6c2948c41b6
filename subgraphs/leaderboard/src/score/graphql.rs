//! Scores and ranks in the graph.

use super::{
    ranks::Ranked,
    service::{ScoreService, Submitted},
};
use crate::{
    board::{Board, graphql::BoardNode},
    loader::{Loaders, RanksOf, SizeOf},
};
use async_graphql::{ComplexObject, Context, ID, InputObject, Object, Result, SimpleObject};
use chrono::{DateTime, Utc};
use djinn_kernel::{
    Scope,
    ids::{BoardId, PlayerId},
    page::Page,
};
use djinn_subgraph_kit::graph::{
    Needs, OrRefuse, PageInfo, Problem, Rule, ViewerExt, cost, entity, problems,
};

/// Where a player stands on a board.
#[derive(Debug, Clone)]
pub struct Rank {
    /// The board.
    pub board: Board,
    /// The entry and its rank.
    pub ranked: Ranked,
}

/// Where a player stands on a board.
#[Object]
impl Rank {
    /// From 1: one more than the number of better scores. Of equal scores the one achieved first
    /// is better, so no two players share a rank.
    async fn rank(&self) -> i32 {
        self.ranked.rank as i32
    }

    /// Who.
    async fn player(&self) -> Player {
        Player(self.ranked.entry.player)
    }

    /// Where.
    async fn board(&self) -> BoardNode {
        BoardNode(self.board.clone())
    }

    /// The score.
    async fn score(&self) -> f64 {
        self.ranked.entry.score
    }

    /// When this score was achieved.
    async fn achieved_at(&self) -> DateTime<Utc> {
        self.ranked.entry.achieved_at
    }
}

/// A page of ranks.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct RankConnection {
    /// The ranks, best first.
    pub nodes: Vec<Rank>,
    /// Where the page ends.
    pub page_info: PageInfo,
    /// Counted only when somebody wants to know.
    #[graphql(skip)]
    pub board: BoardId,
}

#[ComplexObject]
impl RankConnection {
    /// How many entries the board has in all.
    async fn total_count(&self, ctx: &Context<'_>) -> Result<i32> {
        let size = ctx
            .data_unchecked::<Loaders>()
            .load_one(SizeOf(self.board))
            .await
            .or_refuse()?;
        Ok(size.unwrap_or(0) as i32)
    }
}

/// A player, as boards know them.
#[derive(Debug, Clone, Copy)]
pub struct Player(pub PlayerId);

/// A player.
#[Object]
impl Player {
    /// The player's id.
    async fn id(&self) -> ID {
        self.0.into()
    }

    /// Where this player stands, on the boards of the latest achievements first.
    #[graphql(directive = Needs::apply(Scope::ReadPlay), directive = cost::Slice::apply("first"))]
    async fn ranks(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many ranks, 1 to 100. 50 unless given.")] first: Option<i32>,
    ) -> Result<Option<Vec<Rank>>> {
        let page = Page::<()>::parse(first, None).or_refuse()?;
        let key = RanksOf {
            player: self.0,
            first: page.first,
        };
        let ranks = ctx
            .data_unchecked::<Loaders>()
            .load_one(key)
            .await
            .or_refuse()?;
        let ranks = ranks.unwrap_or_default().into_iter();
        Ok(Some(
            ranks
                .map(|(board, ranked)| Rank { board, ranked })
                .collect(),
        ))
    }
}

/// A score of yours.
#[derive(InputObject)]
pub struct SubmitScoreInput {
    /// The board.
    board_id: ID,
    /// The score: a finite number between -2^53 and 2^53.
    score: f64,
    /// Any text of 1 to 64 characters, new for each submission. Sent again, it applies nothing
    /// and answers as before: so a client may safely try again.
    key: String,
}

/// What became of a score.
#[derive(SimpleObject)]
pub struct ScorePayload {
    /// Where you stand now. Null when there are problems.
    rank: Option<Rank>,
    /// Your score before this submission. Null when it was your first.
    previous: Option<f64>,
    /// Whether this submission made your score better.
    improved: bool,
    /// Whether this key had been sent before: then nothing was applied, and `previous` and
    /// `improved` say what it did the first time.
    duplicate: bool,
    /// Why it was not taken.
    problems: Vec<Problem>,
}

/// Questions about players' ranks.
#[derive(Default)]
pub struct ScoreQuery;

#[Object]
impl ScoreQuery {
    /// A player, for their ranks.
    #[graphql(entity)]
    async fn find_player_by_id(&self, ctx: &Context<'_>, id: ID) -> Result<Option<Player>> {
        let found = async { Ok(Some(Player(PlayerId::parse(&id).or_refuse()?))) };
        entity(ctx, Rule::SignedIn, found).await
    }
}

/// Changes to scores.
#[derive(Default)]
pub struct ScoreMutation;

#[Object]
impl ScoreMutation {
    /// Submits a score of yours. What it does to the one before is the board's `operator`.
    #[graphql(directive = Needs::apply(Scope::WritePlay))]
    async fn submit_score(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The board, the score and a key.")] input: SubmitScoreInput,
    ) -> Result<ScorePayload> {
        let service = ctx.data_unchecked::<ScoreService>();
        let submitted = service
            .submit(ctx.viewer(), &input.board_id, input.score, &input.key)
            .await;
        let (submitted, problems) = problems(submitted.or_problem()?);
        Ok(ScorePayload {
            previous: submitted
                .as_ref()
                .and_then(|submitted| submitted.outcome.previous),
            improved: submitted
                .as_ref()
                .is_some_and(|submitted| submitted.outcome.improved),
            duplicate: submitted
                .as_ref()
                .is_some_and(|submitted| submitted.duplicate),
            rank: submitted.map(|Submitted { board, ranked, .. }| Rank { board, ranked }),
            problems,
        })
    }
}
