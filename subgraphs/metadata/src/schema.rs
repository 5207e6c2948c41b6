//! The schema: all nouns in one place.

use crate::{
    artwork::{choice::PictureMutation, token::Addresses},
    content::{
        Content,
        graphql::{ContentMutation, ContentQuery},
        stream::ContentSubscription,
    },
    decision::graphql::DecisionMutation,
    duplicate::{
        Recent,
        graphql::{DuplicateMutation, DuplicateQuery},
    },
    enrichment::{
        looks::Looks,
        standing::{AllKnown, SourceQuery},
    },
    game::{graphql::GameQuery, mutation::GameMutation},
};
use async_graphql::{MergedObject, Schema};
use djinn_subgraph_kit::{Ports, graph};

/// What can be asked.
#[derive(MergedObject, Default)]
pub struct Query(GameQuery, ContentQuery, DuplicateQuery, SourceQuery);

/// What can be changed.
#[derive(MergedObject, Default)]
pub struct Mutation(
    GameMutation,
    ContentMutation,
    DecisionMutation,
    DuplicateMutation,
    PictureMutation,
);

/// The schema of this subgraph.
pub type MetadataSchema = Schema<Query, Mutation, ContentSubscription>;

/// Builds it.
pub fn build(ports: Ports, looks: Looks, content: Content, known: AllKnown) -> MetadataSchema {
    graph::schema(Query::default(), Mutation::default(), ContentSubscription)
        .data(content)
        .data(Addresses::new(&ports.keys))
        .data(looks)
        .data(known)
        .data(Recent::default())
        .data(ports)
        .finish()
}
