//! Changing collections in the graph.

use super::{
    curator::Curator,
    entity::collection,
    error::CollectionError,
    graphql::{Collection, index},
    input::RuleInput,
};
use crate::{platform::Registry, search::index::Index};
use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use djinn_kernel::{Scope, viewer::Identity};
use djinn_subgraph_kit::{
    Ports,
    graph::{Needs, OrRefuse, Problem, ViewerExt, problems},
};
use std::sync::Arc;

/// A collection to make: with a rule, or by hand.
#[derive(Debug, InputObject)]
pub struct CreateCollectionInput {
    /// What to call it, 1 to 80 characters.
    pub name: String,
    /// The rule that gathers its games. Left out: they are put in by hand.
    pub rule: Option<RuleInput>,
    /// Games to put in by hand, in order, at most 100. Not together with a rule.
    pub game_ids: Option<Vec<ID>>,
}

/// What to change about a collection. What is left out stays as it is.
#[derive(Debug, InputObject)]
pub struct UpdateCollectionInput {
    /// The collection.
    pub id: ID,
    /// What to call it, 1 to 80 characters.
    pub name: Option<String>,
    /// Another rule. Not for a collection put together by hand.
    pub rule: Option<RuleInput>,
}

/// Games to put into a collection by hand, or elsewhere in it.
#[derive(Debug, InputObject)]
pub struct AddToCollectionInput {
    /// The collection; one with a rule takes none.
    pub collection_id: ID,
    /// The games in order, 1 to 100. Those that are in already move.
    pub game_ids: Vec<ID>,
    /// Put them before this one of its games. Left out: at the end.
    pub before_game_id: Option<ID>,
}

/// Games to take out of a collection.
#[derive(Debug, InputObject)]
pub struct RemoveFromCollectionInput {
    /// The collection; one with a rule has none to take out.
    pub collection_id: ID,
    /// The games, 1 to 100. What is not in it stays out.
    pub game_ids: Vec<ID>,
}

/// The collection as it is now, or why nothing was changed.
#[derive(Debug, SimpleObject)]
pub struct CollectionPayload {
    /// The collection, null when there are problems.
    collection: Option<Collection>,
    /// Why nothing was changed.
    problems: Vec<Problem>,
}

/// Whether it was done.
#[derive(Debug, SimpleObject)]
pub struct CollectionsPayload {
    /// Whether it was.
    ok: bool,
    /// Why not.
    problems: Vec<Problem>,
}

fn texts(ids: Vec<ID>) -> Vec<String> {
    ids.into_iter().map(|id| id.0).collect()
}

fn curator<'a>(
    ctx: &'a Context<'_>,
    identity: &'a Identity,
    index: &'a Index,
) -> Result<Curator<'a>> {
    Ok(Curator {
        ports: ctx.data::<Ports>()?,
        registry: ctx.data::<Registry>()?,
        identity,
        index,
    })
}

fn payload(
    changed: std::result::Result<collection::Model, CollectionError>,
    index: Arc<Index>,
    identity: &Identity,
) -> Result<CollectionPayload> {
    let (row, problems) = problems(changed.or_problem()?);
    let collection = row.map(|row| Collection::new(row, index, identity));
    Ok(CollectionPayload {
        collection: collection.transpose()?,
        problems,
    })
}

fn done(outcome: std::result::Result<(), CollectionError>) -> Result<CollectionsPayload> {
    let (done, problems) = problems(outcome.or_problem()?);
    Ok(CollectionsPayload {
        ok: done.is_some(),
        problems,
    })
}

/// Changing collections.
#[derive(Debug, Default)]
pub struct CollectionMutation;

#[Object]
impl CollectionMutation {
    /// Makes a collection of your own, at the end of your list. You have at most 200.
    #[graphql(directive = Needs::apply(Scope::WriteLibrary))]
    async fn create_collection(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The collection.")] input: CreateCollectionInput,
    ) -> Result<CollectionPayload> {
        let identity = ctx.require(Scope::WriteLibrary)?;
        let index = index(ctx, identity).await?;
        let games = input.game_ids.map(texts);
        let made = curator(ctx, identity, &index)?
            .create(&input.name, input.rule, games)
            .await;
        payload(made, index, identity)
    }

    /// Gives one of your collections another name or rule.
    #[graphql(directive = Needs::apply(Scope::WriteLibrary))]
    async fn update_collection(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What to change.")] input: UpdateCollectionInput,
    ) -> Result<CollectionPayload> {
        let identity = ctx.require(Scope::WriteLibrary)?;
        let index = index(ctx, identity).await?;
        let changed = curator(ctx, identity, &index)?
            .update(&input.id, input.name.as_deref(), input.rule)
            .await;
        payload(changed, index, identity)
    }

    /// Deletes one of your collections. Its games stay in your libraries.
    #[graphql(directive = Needs::apply(Scope::WriteLibrary))]
    async fn delete_collection(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The collection's id.")] id: ID,
    ) -> Result<CollectionsPayload> {
        let identity = ctx.require(Scope::WriteLibrary)?;
        let index = index(ctx, identity).await?;
        done(curator(ctx, identity, &index)?.delete(&id).await)
    }

    /// Puts your collections into this order. Those that are not named follow as they were.
    #[graphql(directive = Needs::apply(Scope::WriteLibrary))]
    async fn reorder_collections(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Ids of collections, each at most once, at most 200.")] ids: Vec<ID>,
    ) -> Result<CollectionsPayload> {
        let identity = ctx.require(Scope::WriteLibrary)?;
        let index = index(ctx, identity).await?;
        let ids = texts(ids);
        done(curator(ctx, identity, &index)?.reorder(&ids).await)
    }

    /// Puts games into a collection of yours that is put together by hand, or elsewhere in it. It
    /// has at most 5,000.
    #[graphql(directive = Needs::apply(Scope::WriteLibrary))]
    async fn add_to_collection(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The games.")] input: AddToCollectionInput,
    ) -> Result<CollectionPayload> {
        let identity = ctx.require(Scope::WriteLibrary)?;
        let index = index(ctx, identity).await?;
        let games = texts(input.game_ids);
        let before = input.before_game_id.map(|id| id.0);
        let changed = curator(ctx, identity, &index)?
            .put(&input.collection_id, &games, before.as_deref())
            .await;
        payload(changed, index, identity)
    }

    /// Takes games out of a collection of yours that is put together by hand.
    #[graphql(directive = Needs::apply(Scope::WriteLibrary))]
    async fn remove_from_collection(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The games.")] input: RemoveFromCollectionInput,
    ) -> Result<CollectionPayload> {
        let identity = ctx.require(Scope::WriteLibrary)?;
        let index = index(ctx, identity).await?;
        let games = texts(input.game_ids);
        let changed = curator(ctx, identity, &index)?
            .take(&input.collection_id, &games)
            .await;
        payload(changed, index, identity)
    }
}
