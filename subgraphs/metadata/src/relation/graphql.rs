//! Relations in the graph.

use super::{RelationKind, loader::Relations};
use crate::{decision::graphql::games, game::graphql::Game};
use async_graphql::{Context, Result, SimpleObject, dataloader::DataLoader};
use djinn_kernel::Doing;
use djinn_subgraph_kit::graph::{OrRefuse, ViewerExt, cost};
use std::collections::HashMap;
use uuid::Uuid;

/// The most relations a game shows.
const MOST: usize = 50;

/// Another game of your libraries that belongs to this one.
#[derive(SimpleObject)]
#[graphql(directive = cost::Weight::apply(0))]
pub struct GameRelation {
    /// What the other is to this one.
    kind: RelationKind,
    /// The other.
    game: Game,
}

/// The relations of a game, for its resolver.
pub async fn relations(ctx: &Context<'_>, game: Uuid) -> Result<Vec<GameRelation>> {
    let Some(identity) = ctx.viewer().identity() else {
        return Ok(Vec::new());
    };
    let found = ctx
        .data_unchecked::<DataLoader<Relations>>()
        .load_one((identity.household.0, game))
        .await
        .doing("loading related games")
        .or_refuse()?
        .unwrap_or_default();
    let ids: Vec<Uuid> = found.iter().map(|(_, id)| *id).collect();
    let mut seen: HashMap<Uuid, Game> = games(ctx, &ids)
        .await?
        .into_iter()
        .map(|game| (game.key(), game))
        .collect();
    Ok(found
        .into_iter()
        .filter_map(|(kind, id)| {
            Some(GameRelation {
                kind,
                game: seen.remove(&id)?,
            })
        })
        .take(MOST)
        .collect())
}
