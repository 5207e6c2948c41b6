//! The subgraph's schema.

use crate::recommend::graphql::RecommendQuery;
use async_graphql::{EmptyMutation, EmptySubscription, Schema};
use djinn_subgraph_kit::graph;

/// Builds it.
pub fn build() -> Schema<RecommendQuery, EmptyMutation, EmptySubscription> {
    graph::schema(RecommendQuery, EmptyMutation, EmptySubscription).finish()
}
