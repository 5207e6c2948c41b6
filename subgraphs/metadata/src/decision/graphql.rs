//! Decisions in the graph.

use super::{
    held,
    history::{Entry, EntryKind},
    loader::Merges,
    service::Decisions,
};
use crate::{
    game::{graphql::Game, loader::Games},
    matching::proof::Proof,
};
use async_graphql::{
    Context, Enum, ID, InputObject, Object, Result, SimpleObject, dataloader::DataLoader,
};
use chrono::{DateTime, Utc};
use djinn_kernel::{Doing, Scope};
use djinn_subgraph_kit::graph::{Needs, OrRefuse, Problem, ViewerExt, cost, problems};
use uuid::Uuid;

/// Games to make one.
#[derive(InputObject)]
pub struct MergeGamesInput {
    /// The game that stays: the others' copies become copies of it.
    pub into: ID,
    /// The games to merge into it, 1 to 20.
    pub games: Vec<ID>,
}

/// Copies to split off a game.
#[derive(InputObject)]
pub struct SplitGameInput {
    /// The game they are of now.
    pub game: ID,
    /// The copies that are of another game, 1 to 20. Copies of the same product of a store go
    /// together, and one has to stay.
    pub copies: Vec<ID>,
}

/// The games as they are now, with your copies as the change left them, or why nothing was changed.
/// A library that is busy for seconds shows it a moment later.
#[derive(SimpleObject)]
#[graphql(name = "GamesPayload")]
pub struct Decided {
    /// The first of `games`: after a merge the one that stayed, after a split what is left. Null
    /// when there are problems.
    game: Option<Game>,
    /// The games concerned. Empty when there are problems.
    #[graphql(directive = cost::Usual::apply(3))]
    games: Vec<Game>,
    /// Why nothing was changed.
    problems: Vec<Problem>,
}

impl Decided {
    /// With these games.
    pub async fn of(
        ctx: &Context<'_>,
        ids: Option<Vec<Uuid>>,
        problems: Vec<Problem>,
    ) -> Result<Self> {
        let games = games(ctx, &ids.unwrap_or_default()).await?;
        Ok(Self {
            game: games.first().cloned(),
            games,
            problems,
        })
    }
}

/// Games by id, as far as the viewer may see them.
pub async fn games(ctx: &Context<'_>, ids: &[Uuid]) -> Result<Vec<Game>> {
    let mut found = ctx
        .data_unchecked::<DataLoader<Games>>()
        .load_many(ids.iter().copied())
        .await
        .doing("loading games")
        .or_refuse()?;
    let identity = ctx.signed_in()?;
    Ok(ids
        .iter()
        .filter_map(|id| found.remove(id))
        .filter(|game| held::visible(identity, game))
        .map(Game::new)
        .collect())
}

/// What happened to a game.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum GameMergeAction {
    /// The hub matched a product or copy to it, by evidence.
    Matched,
    /// Somebody merged other games into it.
    Merged,
    /// Somebody split copies off it.
    Split,
}

/// One thing that made a game of your libraries what it is: a product matched, games merged, copies
/// split off.
pub struct GameMerge(Entry);

/// One thing that made a game of your libraries what it is: a product matched, games merged, copies
/// split off.
#[Object]
impl GameMerge {
    /// Its id, for `undoMerge`.
    async fn id(&self) -> ID {
        self.0.id.into()
    }
    /// What happened.
    async fn action(&self) -> GameMergeAction {
        match self.0.kind {
            EntryKind::Matched => GameMergeAction::Matched,
            EntryKind::Merged => GameMergeAction::Merged,
            EntryKind::Split => GameMergeAction::Split,
        }
    }
    /// The titles of what was matched, merged or split off, as stores or the library had them.
    async fn titles(&self) -> &[String] {
        &self.0.titles
    }
    /// The platform's id, of what was matched.
    async fn platform(&self) -> Option<&str> {
        self.0.platform.as_deref()
    }
    /// Why.
    #[graphql(directive = cost::Usual::apply(3))]
    async fn evidence(&self) -> &[Proof] {
        &self.0.proof
    }
    /// When.
    async fn at(&self) -> DateTime<Utc> {
        self.0.at
    }
    /// When somebody took it back. Null while it holds.
    async fn undone_at(&self) -> Option<DateTime<Utc>> {
        self.0.undone_at
    }
    /// Whether it is there to take back. A game's only product cannot be split off, and what came by a
    /// merge goes with that.
    async fn undoable(&self) -> bool {
        self.0.undoable
    }
}

/// The history of a game, for its resolver.
pub async fn merges(ctx: &Context<'_>, game: Uuid) -> Result<Vec<GameMerge>> {
    let Some(identity) = ctx.viewer().identity() else {
        return Ok(Vec::new());
    };
    let found = ctx
        .data_unchecked::<DataLoader<Merges>>()
        .load_one((identity.household.0, game))
        .await
        .doing("loading what a game was made of")
        .or_refuse()?
        .unwrap_or_default();
    // What was taken out of the game again may be above a child's ceiling, and a decision names it.
    let is_told = |entry: &Entry| identity.family.is_none() || entry.kind == EntryKind::Matched;
    Ok(found.into_iter().filter(is_told).map(GameMerge).collect())
}

fn texts(ids: Vec<ID>) -> Vec<String> {
    ids.into_iter().map(|id| id.0).collect()
}

/// The changes.
#[derive(Default)]
pub struct DecisionMutation;

#[Object]
impl DecisionMutation {
    /// Says that games of your libraries are one. Their copies, playtime and marks come together;
    /// `undoMerge` takes it back. It holds for your household only.
    #[graphql(directive = Needs::apply(Scope::WriteLibrary))]
    async fn merge_games(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which.")] input: MergeGamesInput,
    ) -> Result<Decided> {
        let identity = ctx.require(Scope::WriteLibrary)?;
        let done = ctx
            .data::<Decisions>()?
            .merge(identity, &input.into, &texts(input.games))
            .await;
        let (ids, problems) = problems(done.or_problem()?);
        Decided::of(ctx, ids, problems).await
    }

    /// Says that copies are of another game than the hub thinks. They are never merged with it
    /// again by themselves. It holds for your household only.
    #[graphql(directive = Needs::apply(Scope::WriteLibrary))]
    async fn split_game(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which.")] input: SplitGameInput,
    ) -> Result<Decided> {
        let identity = ctx.require(Scope::WriteLibrary)?;
        let done = ctx
            .data::<Decisions>()?
            .split(identity, &input.game, &texts(input.copies))
            .await;
        let (ids, problems) = problems(done.or_problem()?);
        Decided::of(ctx, ids, problems).await
    }

    /// Takes back a merge or a split. What the hub matched by itself is split off.
    #[graphql(directive = Needs::apply(Scope::WriteLibrary))]
    async fn undo_merge(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The id out of `Game.merges`.")] id: ID,
    ) -> Result<Decided> {
        let identity = ctx.require(Scope::WriteLibrary)?;
        let done = ctx.data::<Decisions>()?.undo(identity, &id).await;
        let (ids, problems) = problems(done.or_problem()?);
        Decided::of(ctx, ids, problems).await
    }
}
