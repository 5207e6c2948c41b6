//! A game's boards in the graph.

use super::graphql::BoardNode;
use crate::loader::{BoardsOf, Loaders};
use async_graphql::{Context, ID, Object, Result};
use djinn_kernel::{Scope, ids::GameId, page::Page};
use djinn_subgraph_kit::graph::{Needs, OrRefuse, cost};

/// A game, as boards know it.
#[derive(Debug, Clone, Copy)]
pub struct Game(pub GameId);

/// A game.
#[Object]
impl Game {
    /// The game's id.
    async fn id(&self) -> ID {
        self.0.into()
    }

    /// The boards of this game, newest first.
    #[graphql(directive = Needs::apply(Scope::ReadPlay), directive = cost::Slice::apply("first"))]
    async fn boards(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many boards, 1 to 100. 50 unless given.")] first: Option<i32>,
    ) -> Result<Option<Vec<BoardNode>>> {
        let page = Page::<()>::parse(first, None).or_refuse()?;
        let key = BoardsOf {
            game: self.0,
            first: page.first,
        };
        let boards = ctx
            .data_unchecked::<Loaders>()
            .load_one(key)
            .await
            .or_refuse()?;
        let boards = boards.unwrap_or_default();
        Ok(Some(boards.into_iter().map(BoardNode).collect()))
    }
}
