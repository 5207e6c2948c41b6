//! The subgraph's schema.

use crate::{
    board::{
        graphql::{BoardMutation, BoardQuery},
        service::BoardService,
    },
    score::{
        graphql::{ScoreMutation, ScoreQuery},
        service::ScoreService,
    },
};
use async_graphql::{EmptySubscription, MergedObject, Schema};
use djinn_subgraph_kit::graph;

/// What can be asked.
#[derive(Default, MergedObject)]
pub struct Query(BoardQuery, ScoreQuery);

/// What can be changed.
#[derive(Default, MergedObject)]
pub struct Mutation(BoardMutation, ScoreMutation);

/// Builds it around the services.
pub fn build(
    boards: BoardService,
    scores: ScoreService,
) -> Schema<Query, Mutation, EmptySubscription> {
    graph::schema(Query::default(), Mutation::default(), EmptySubscription)
        .data(boards)
        .data(scores)
        .finish()
}
