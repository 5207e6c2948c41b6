//! Collections in the graph, and the games in them.

use super::{
    entity::collection,
    field::Field,
    loader::Members,
    membership::Memberships,
    options,
    phrase::{Phrase, sentence},
    rule::Rule,
    service::{self, Content},
};
use crate::{
    game::{
        Game,
        loader::{prefetch, shared},
    },
    platform::Registry,
    search::{Indexes, graphql::GameSort, index::Index, page::Cut},
};
use async_graphql::{Context, ID, Lookahead, Object, Result, SimpleObject, dataloader::DataLoader};
use chrono::{DateTime, Utc};
use djinn_kernel::viewer::Identity;
use djinn_subgraph_kit::{
    Ports,
    graph::{OrRefuse, PageInfo, cost},
};
use std::sync::Arc;
use tokio::sync::OnceCell;
use uuid::Uuid;

/// A page of the games in a collection.
#[derive(Debug, SimpleObject)]
pub struct CollectionGames {
    /// The games of this page, in order.
    #[graphql(
        provides = "title kind releaseYear genres tags developers esrb criticScore mainStoryMinutes"
    )]
    nodes: Vec<Game>,
    /// Where this page ends.
    page_info: PageInfo,
    /// How many games there are on all pages.
    total_count: i32,
}

impl CollectionGames {
    /// A page that was cut, of so many games.
    pub(super) async fn new(
        ctx: &Context<'_>,
        wanted: &Lookahead<'_>,
        cut: Cut,
        total: usize,
    ) -> Result<Self> {
        prefetch(ctx, &wanted.field("nodes"), &cut.games).await?;
        Ok(Self {
            nodes: cut.games.into_iter().map(Game::new).collect(),
            page_info: PageInfo {
                has_next_page: cut.has_next,
                end_cursor: cut.end,
            },
            total_count: i32::try_from(total).unwrap_or(i32::MAX),
        })
    }
}

/// Games gathered by a rule, or put together by hand. A collection is its player's own.
#[derive(Debug)]
pub struct Collection {
    row: collection::Model,
    rule: Option<Rule>,
    index: Arc<Index>,
    identity: Identity,
    /// Evaluated at most once, however many fields ask.
    content: OnceCell<Content>,
}

impl Collection {
    /// A row as `identity` may see it.
    pub fn new(row: collection::Model, index: Arc<Index>, identity: &Identity) -> Result<Self> {
        Ok(Self {
            rule: service::rule_of(&row).or_refuse()?,
            row,
            index,
            identity: identity.clone(),
            content: OnceCell::new(),
        })
    }

    /// Puts in at once what is in those of a page that were put together by hand: so that their
    /// games are loaded together with those that rules gather, and not after them.
    pub(super) async fn prefetch(
        ctx: &Context<'_>,
        wanted: &Lookahead<'_>,
        page: &mut [Self],
    ) -> Result<()> {
        let asks = |field| wanted.field(field).exists();
        let mut by_hand: Vec<_> = page.iter_mut().filter(|one| one.rule.is_none()).collect();
        if by_hand.is_empty() || !(asks("games") || asks("totalCount")) {
            return Ok(());
        }
        let ids: Vec<Uuid> = by_hand.iter().map(|one| one.row.id).collect();
        let loader = ctx.data::<DataLoader<Members>>()?;
        let mut members = shared(loader.load_many(ids).await).or_refuse()?;
        for one in &mut by_hand {
            let members = members.remove(&one.row.id).unwrap_or_default();
            let content = service::put_in(&one.index, one.identity.family, one.row.id, &members);
            one.content = OnceCell::new_with(Some(content));
        }
        Ok(())
    }

    fn phrases(&self, registry: &Registry) -> Option<Vec<Phrase>> {
        let say = |field: Field, id: &str| options::phrase(field, id, registry, &self.index);
        self.rule.as_ref().map(|rule| rule.phrases(&say))
    }

    async fn content(&self, ctx: &Context<'_>) -> Result<&Content> {
        let evaluated = self.content.get_or_try_init(async || {
            if let Some(rule) = &self.rule {
                return gathered(ctx, &self.identity, &self.index, rule);
            }
            let loader = ctx.data::<DataLoader<Members>>()?;
            let members = shared(loader.load_one(self.row.id).await).or_refuse()?;
            let members = members.unwrap_or_default();
            let (family, id) = (self.identity.family, self.row.id);
            Ok(service::put_in(&self.index, family, id, &members))
        });
        evaluated.await
    }
}

/// Games gathered by a rule, or put together by hand. A collection is its player's own.
#[Object]
impl Collection {
    /// The collection's id.
    async fn id(&self) -> ID {
        self.row.id.into()
    }

    /// What its player calls it.
    async fn name(&self) -> &str {
        &self.row.name
    }

    /// The rule, in the form of the input `CollectionRule`: change it and send it back. Null for a
    /// collection put together by hand.
    async fn rule(&self) -> Option<&serde_json::Value> {
        self.row.rule.as_ref()
    }

    /// The rule in words, in English. Null for a collection put together by hand.
    async fn rule_text(&self, ctx: &Context<'_>) -> Result<Option<String>> {
        let registry = ctx.data::<Registry>()?;
        Ok(self.phrases(registry).map(|pieces| sentence(&pieces)))
    }

    /// The same piece by piece, to say it in another language. Null for a collection put together
    /// by hand.
    #[graphql(directive = cost::Usual::apply(12))]
    async fn rule_phrases(&self, ctx: &Context<'_>) -> Result<Option<Vec<Phrase>>> {
        Ok(self.phrases(ctx.data::<Registry>()?))
    }

    /// Its games, of those that you may see.
    #[graphql(directive = cost::Page::apply("nodes"), directive = cost::Weight::apply(5))]
    async fn games(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "The order. Left out: by title; put together by hand, the order they were put in."
        )]
        sort: Option<GameSort>,
        #[graphql(desc = "How many, 1 to 100; 50 when left out.")] first: Option<i32>,
        #[graphql(desc = "The `endCursor` of the page before, under the same order.")]
        after: Option<String>,
    ) -> Result<CollectionGames> {
        let content = self.content(ctx).await?;
        let cut = content
            .page(&self.index, sort.map(Into::into), first, after.as_deref())
            .or_refuse()?;
        CollectionGames::new(ctx, &ctx.look_ahead(), cut, content.hits.len()).await
    }

    /// How many games are in it, of those that you may see.
    #[graphql(directive = cost::Weight::apply(5))]
    async fn total_count(&self, ctx: &Context<'_>) -> Result<i32> {
        let total = self.content(ctx).await?.hits.len();
        Ok(i32::try_from(total).unwrap_or(i32::MAX))
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime<Utc> {
        self.row.created_at
    }

    /// When its name, its rule or what was put in was last changed.
    async fn updated_at(&self) -> DateTime<Utc> {
        self.row.updated_at
    }
}

/// The index of whoever asks.
pub async fn index(ctx: &Context<'_>, identity: &Identity) -> Result<Arc<Index>> {
    let (ports, indexes) = (ctx.data::<Ports>()?, ctx.data::<Indexes>()?);
    indexes.of(ports, identity).await.or_refuse()
}

/// What a rule gathers for whoever asks.
pub(super) fn gathered(
    ctx: &Context<'_>,
    identity: &Identity,
    index: &Arc<Index>,
    rule: &Rule,
) -> Result<Content> {
    let (ports, memberships) = (ctx.data::<Ports>()?, ctx.data::<Memberships>()?);
    let content = service::gathered(ports, memberships, identity, index, rule);
    Ok(content)
}
