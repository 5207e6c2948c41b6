//! The schema: all nouns in one place.

use crate::game::graphql::GameQuery;
use async_graphql::{EmptyMutation, EmptySubscription, Schema};
use djinn_subgraph_kit::graph;

/// The schema of this subgraph.
pub type MetadataSchema = Schema<GameQuery, EmptyMutation, EmptySubscription>;

/// Builds it.
pub fn build() -> MetadataSchema {
    graph::schema(GameQuery, EmptyMutation, EmptySubscription).finish()
}
