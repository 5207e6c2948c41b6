//! Collections in the graph: what can be asked, what is in one, and why.

use super::{
    entity::collection,
    field::Field,
    form::CollectionField,
    input::RuleInput,
    loader::Members,
    membership::Memberships,
    options,
    rule::Rule,
    service::{self, Content},
    store,
    table::FIELDS,
    why::{self, Outcome, Shown},
};
use crate::{
    game::{
        Game,
        loader::{FactLoader, prefetch, shared},
        visible,
    },
    platform::Registry,
    search::{Indexes, graphql::GameSort, index::Index, page::Cut},
};
use async_graphql::{Context, ID, Lookahead, Object, Result, SimpleObject, dataloader::DataLoader};
use chrono::{DateTime, Utc};
use djinn_kernel::{
    Scope,
    page::{Page, Slice, encode_cursor},
    viewer::Identity,
};
use djinn_subgraph_kit::{
    Ports,
    graph::{Needs, OrRefuse, PageInfo, ViewerExt, cost},
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
    async fn new(
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

    async fn content(&self, ctx: &Context<'_>) -> Result<&Content> {
        let evaluated = self.content.get_or_try_init(async || {
            if let Some(rule) = &self.rule {
                return gathered(ctx, &self.identity, &self.index, rule);
            }
            let loader = ctx.data::<DataLoader<Members>>()?;
            let members = shared(loader.load_one(self.row.id).await).or_refuse()?;
            let members = members.unwrap_or_default();
            Ok(service::put_in(&self.index, self.identity.family, &members))
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

    /// The rule in words. Null for a collection put together by hand.
    async fn rule_text(&self, ctx: &Context<'_>) -> Result<Option<String>> {
        let registry = ctx.data::<Registry>()?;
        let label = |field: Field, id: &str| options::label(field, id, registry);
        Ok(self.rule.as_ref().map(|rule| rule.words(&label)))
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

/// A page of collections.
#[derive(Debug, SimpleObject)]
pub struct CollectionConnection {
    /// The collections of this page, in their player's order.
    nodes: Vec<Collection>,
    /// Where this page ends.
    page_info: PageInfo,
    /// How many there are on all pages.
    total_count: i32,
}

/// Why a game is in a collection, or is not.
#[derive(Debug, SimpleObject)]
pub struct CollectionMembership {
    /// Whether it is in.
    included: bool,
    /// Every part of the rule in order, groups before their parts, then what the rule leaves unsaid.
    #[graphql(directive = cost::Usual::apply(10))]
    parts: Vec<CollectionRulePart>,
}

/// A part of a rule, tried on one game.
#[derive(Debug, SimpleObject)]
#[graphql(directive = cost::Weight::apply(0))]
pub struct CollectionRulePart {
    /// Where it stands in the rule, for instance `rule.all[1]`. Null for what the rule leaves
    /// unsaid, and for what was done by hand.
    path: Option<String>,
    /// The part in words, for instance `Genre is one of RPG, Action`.
    text: String,
    /// Whether it holds for the game.
    held: bool,
    /// What the game has there. Null for a group, and where nothing is known.
    value: Option<String>,
}

impl From<Outcome> for CollectionRulePart {
    fn from(outcome: Outcome) -> Self {
        Self {
            path: outcome.path,
            text: outcome.words,
            held: outcome.held,
            value: outcome.value,
        }
    }
}

/// The index of whoever asks.
pub async fn index(ctx: &Context<'_>, identity: &Identity) -> Result<Arc<Index>> {
    let (ports, indexes) = (ctx.data::<Ports>()?, ctx.data::<Indexes>()?);
    indexes.of(ports, identity.household.0).await.or_refuse()
}

fn gathered(
    ctx: &Context<'_>,
    identity: &Identity,
    index: &Arc<Index>,
    rule: &Rule,
) -> Result<Content> {
    let (ports, memberships) = (ctx.data::<Ports>()?, ctx.data::<Memberships>()?);
    let content = service::gathered(ports, memberships, identity, index, rule);
    Ok(content)
}

/// Queries about collections.
#[derive(Debug, Default)]
pub struct CollectionQuery;

#[Object]
impl CollectionQuery {
    /// Your collections, in your order.
    #[graphql(directive = Needs::apply(Scope::ReadLibrary), directive = cost::Page::apply("nodes"))]
    async fn collections(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, 1 to 100; 50 when left out.")] first: Option<i32>,
        #[graphql(desc = "The `endCursor` of the page before.")] after: Option<String>,
    ) -> Result<Option<CollectionConnection>> {
        let identity = ctx.require(Scope::ReadLibrary)?;
        let page = Page::<store::Place>::parse(first, after.as_deref()).or_refuse()?;
        let db = ctx.data::<Ports>()?.db.read();
        let player = identity.player.0;
        let rows = store::page(db, player, page.after, page.first)
            .await
            .or_refuse()?;
        let total = store::count(db, player).await.or_refuse()?;
        let slice = Slice::cut(rows, page.first);
        let end = slice.items.last();
        let page_info = PageInfo {
            has_next_page: slice.has_next,
            end_cursor: end.map(|row| encode_cursor(&(row.position, row.id))),
        };
        let index = index(ctx, identity).await?;
        let rows = slice.items.into_iter();
        let nodes = rows.map(|row| Collection::new(row, Arc::clone(&index), identity));
        Ok(Some(CollectionConnection {
            nodes: nodes.collect::<Result<_>>()?,
            page_info,
            total_count: i32::try_from(total).unwrap_or(i32::MAX),
        }))
    }

    /// One of your collections. Null when you have none of that id.
    #[graphql(directive = Needs::apply(Scope::ReadLibrary))]
    async fn collection(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The collection's id.")] id: ID,
    ) -> Result<Option<Collection>> {
        let identity = ctx.require(Scope::ReadLibrary)?;
        let Some(row) = find(ctx, identity, "id", &id).await? else {
            return Ok(None);
        };
        let index = index(ctx, identity).await?;
        Collection::new(row, index, identity).map(Some)
    }

    /// The games that a smart collection with this rule would have.
    #[graphql(directive = Needs::apply(Scope::ReadLibrary), directive = cost::Page::apply("nodes"), directive = cost::Weight::apply(5))]
    async fn preview_collection(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The rule.")] rule: RuleInput,
        #[graphql(desc = "The order.", default_with = "Some(GameSort::Title)")] sort: Option<
            GameSort,
        >,
        #[graphql(desc = "How many, 1 to 100; 50 when left out.")] first: Option<i32>,
        #[graphql(desc = "The `endCursor` of the page before, under the same rule and order.")]
        after: Option<String>,
    ) -> Result<Option<CollectionGames>> {
        let identity = ctx.require(Scope::ReadLibrary)?;
        let registry = ctx.data::<Registry>()?;
        let family = identity.family;
        let index = index(ctx, identity).await?;
        let rule = rule
            .parse("rule", &|id| service::knows(registry, &index, family, id))
            .map_err(super::error::CollectionError::from)
            .or_refuse()?;
        let content = gathered(ctx, identity, &index, &rule)?;
        let cut = content
            .page(&index, sort.map(Into::into), first, after.as_deref())
            .or_refuse()?;
        CollectionGames::new(ctx, &ctx.look_ahead(), cut, content.hits.len())
            .await
            .map(Some)
    }

    /// Why a game is in one of your collections, or is not: every part of the rule, whether it
    /// holds, and what the game has there. Null when you have no such collection or game.
    #[graphql(directive = Needs::apply(Scope::ReadLibrary), directive = cost::Weight::apply(5))]
    async fn why_in_collection(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The collection's id.")] collection_id: ID,
        #[graphql(desc = "The game's id.")] game_id: ID,
    ) -> Result<Option<CollectionMembership>> {
        let identity = ctx.require(Scope::ReadLibrary)?;
        let game = service::game_id("gameId", &game_id).or_refuse()?;
        let Some(row) = find(ctx, identity, "collectionId", &collection_id).await? else {
            return Ok(None);
        };
        let index = index(ctx, identity).await?;
        let mut entries = index.entries.iter();
        let entry = entries.find(|entry| entry.id == game && visible(identity.family, entry.esrb));
        let (Some(entry), Some(fact)) = (
            entry,
            shared(ctx.data::<FactLoader>()?.load_one(game).await).or_refuse()?,
        ) else {
            return Ok(None);
        };
        let shown = Shown {
            entry,
            title: &fact.title,
            index: &index,
            registry: ctx.data::<Registry>()?,
        };
        membership(ctx, &row, shown).await.map(Some)
    }

    /// What a rule can ask about, and how: all that is needed to build one.
    #[graphql(directive = Needs::apply(Scope::ReadLibrary), directive = cost::Usual::apply(20))]
    async fn collection_fields(&self, ctx: &Context<'_>) -> Result<Option<Vec<CollectionField>>> {
        let identity = ctx.require(Scope::ReadLibrary)?;
        let index = index(ctx, identity).await?;
        let fields = FIELDS.iter().map(|about| CollectionField {
            about,
            index: Arc::clone(&index),
            family: identity.family,
        });
        Ok(Some(fields.collect()))
    }
}

async fn find(
    ctx: &Context<'_>,
    identity: &Identity,
    at: &str,
    id: &ID,
) -> Result<Option<collection::Model>> {
    let id: Uuid = service::collection_id(at, id).or_refuse()?;
    let db = ctx.data::<Ports>()?.db.read();
    store::find(db, identity.player.0, id).await.or_refuse()
}

async fn membership(
    ctx: &Context<'_>,
    row: &collection::Model,
    shown: Shown<'_>,
) -> Result<CollectionMembership> {
    let ports = ctx.data::<Ports>()?;
    let entry = shown.entry;
    let (included, parts) = if let Some(rule) = service::rule_of(row).or_refuse()? {
        let bound = service::bound(ports, shown.index, &rule);
        (bound.holds(entry), why::outcomes(&rule, &bound, shown))
    } else {
        let place = store::position(ports.db.read(), row.id, entry.id).await;
        let held = place.or_refuse()?.is_some();
        let mut parts = vec![Outcome {
            path: None,
            words: "Put in by hand".to_owned(),
            held,
            value: None,
        }];
        parts.extend(why::unasked(service::BY_HAND, shown));
        (held && service::BY_HAND.passes(entry), parts)
    };
    Ok(CollectionMembership {
        included,
        parts: parts.into_iter().map(Into::into).collect(),
    })
}
