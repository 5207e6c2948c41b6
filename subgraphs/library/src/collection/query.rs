//! Asking for collections: one's own, what a rule would gather, and why a game is in.

use super::{
    entity::collection,
    form::CollectionField,
    graphql::{Collection, CollectionGames, gathered, index},
    input::RuleInput,
    phrase::{Phrase, sentence},
    service, store,
    table::FIELDS,
    why::{self, Outcome, Shown},
};
use crate::{
    game::{
        loader::{FactLoader, shared},
        visible,
    },
    platform::Registry,
    search::graphql::GameSort,
};
use async_graphql::{Context, ID, Object, Result, SimpleObject};
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
use uuid::Uuid;

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
    /// The same piece by piece, to say it in another language.
    #[graphql(directive = cost::Usual::apply(6))]
    phrases: Vec<Phrase>,
    /// Whether it holds for the game.
    held: bool,
    /// What the game has there. Null for a group, and where nothing is known.
    value: Option<String>,
    /// The same piece by piece.
    #[graphql(directive = cost::Usual::apply(2))]
    value_phrases: Option<Vec<Phrase>>,
}

impl From<Outcome> for CollectionRulePart {
    fn from(outcome: Outcome) -> Self {
        Self {
            path: outcome.path,
            text: sentence(&outcome.words),
            phrases: outcome.words,
            held: outcome.held,
            value: outcome.value.as_deref().map(sentence),
            value_phrases: outcome.value,
        }
    }
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
        let mut nodes = nodes.collect::<Result<Vec<_>>>()?;
        Collection::prefetch(ctx, &ctx.look_ahead().field("nodes"), &mut nodes).await?;
        Ok(Some(CollectionConnection {
            nodes,
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
            .parse("rule", &|field, id| {
                service::knows(registry, &index, family, (field, id))
            })
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
        let entry = entries.find(|entry| entry.id == game && visible(identity.family, entry.rated));
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
    let (included, parts) = why::of_collection(ports, row, shown).await.or_refuse()?;
    Ok(CollectionMembership {
        included,
        parts: parts.into_iter().map(Into::into).collect(),
    })
}
