//! Suggestions in the graph.

use super::{Pair, Recent, service};
use crate::{
    decision::{
        graphql::{Decided, games},
        service::Decisions,
    },
    game::graphql::Game,
    matching::proof::Proof,
};
use async_graphql::{Context, ID, Object, Result, SimpleObject};
use djinn_kernel::Scope;
use djinn_subgraph_kit::graph::{Needs, OrRefuse, PageInfo, ViewerExt, cost, problems};

/// Two games that may be one.
pub struct Duplicate(Pair);

/// Two of your games that may be one. Nothing is merged unless somebody says so.
#[Object]
impl Duplicate {
    /// Its id, for `dismissDuplicate`.
    async fn id(&self) -> ID {
        service::id_of(&self.0).into()
    }

    /// The two games.
    #[graphql(directive = cost::Usual::apply(2))]
    async fn games(&self, ctx: &Context<'_>) -> Result<Vec<Game>> {
        games(ctx, &[self.0.one, self.0.other]).await
    }

    /// How alike they look, 0 to 1: an estimate to put suggestions in order.
    async fn confidence(&self) -> f64 {
        self.0.likeness.confidence
    }

    /// What speaks for it, and against, in words.
    #[graphql(directive = cost::Usual::apply(4))]
    async fn evidence(&self) -> &[Proof] {
        &self.0.likeness.proof
    }
}

/// A page of suggestions.
#[derive(SimpleObject)]
#[graphql(directive = cost::Weight::apply(0))]
pub struct DuplicateConnection {
    /// The suggestions.
    nodes: Vec<Duplicate>,
    /// How many there are in all, at most 1,000.
    total_count: i32,
    /// Where the page ends.
    page_info: PageInfo,
}

/// The entry points.
#[derive(Default)]
pub struct DuplicateQuery;

#[Object]
impl DuplicateQuery {
    /// Games of your libraries that may be one, the most alike first: what a person should decide.
    /// Sequels, remasters, soundtracks and what a store sells side by side are not among them, nor
    /// is what you merged, split or dismissed.
    #[graphql(directive = Needs::apply(Scope::ReadLibrary), directive = cost::Page::apply("nodes"))]
    async fn duplicate_games(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, 1 to 100; 50 when left out.")] first: Option<i32>,
        #[graphql(desc = "`endCursor` of the page before.")] after: Option<String>,
    ) -> Result<Option<DuplicateConnection>> {
        let identity = ctx.require(Scope::ReadLibrary)?;
        let ports = ctx.data::<Decisions>()?.ports();
        let recent = ctx.data::<Recent>()?;
        let (slice, total) = service::page(ports, recent, identity, first, after.as_deref())
            .await
            .or_refuse()?;
        let page_info = PageInfo {
            has_next_page: slice.has_next,
            end_cursor: slice.items.last().map(service::cursor),
        };
        Ok(Some(DuplicateConnection {
            nodes: slice.items.into_iter().map(Duplicate).collect(),
            total_count: total as i32,
            page_info,
        }))
    }
}

/// The changes.
#[derive(Default)]
pub struct DuplicateMutation;

#[Object]
impl DuplicateMutation {
    /// Takes a suggestion out of the queue for good: the two are not one game. Answers with both.
    #[graphql(directive = Needs::apply(Scope::WriteLibrary))]
    async fn dismiss_duplicate(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The suggestion's id.")] id: ID,
    ) -> Result<Decided> {
        let identity = ctx.require(Scope::WriteLibrary)?;
        let ports = ctx.data::<Decisions>()?.ports();
        let done = service::dismiss(ports, identity, &id).await;
        let (ids, problems) = problems(done.or_problem()?);
        Decided::of(ctx, ids, problems).await
    }
}
