//! The schema: all nouns in one place.

use crate::game::graphql::GameQuery;
use async_graphql::{EmptyMutation, EmptySubscription, MergedObject, Schema};
use djinn_subgraph_kit::graph;

/// What can be asked.
#[derive(MergedObject, Default)]
pub struct Query(GameQuery);

/// The schema of this subgraph.
pub type MetadataSchema = Schema<Query, EmptyMutation, EmptySubscription>;

/// Builds it.
pub fn build() -> MetadataSchema {
    graph::schema(Query::default(), EmptyMutation, EmptySubscription).finish()
}
