//! The GraphQL words all five subgraphs share, and the one way errors leave.

pub mod absent;
mod busy;
pub mod cost;
mod entity;
mod error;
mod mask;
mod rule;
mod rules;
pub mod sdl;
mod viewer;
mod words;

pub use entity::entity;
pub use error::{Coded, OrRefuse, coded, refuse};
pub use mask::{Mask, fault};
pub use rule::{Anyone, Needs, Rule, SignedIn, TheHub};
pub use rules::Rules;
pub use viewer::ViewerExt;
pub use words::{EsrbRating, GameKind, PageInfo, Problem, UnratedPolicy, problems};

use async_graphql::{ObjectType, Schema, SchemaBuilder, SubscriptionType};

/// A schema with what every subgraph has: federation, the rules of who may ask, the error mask,
/// no suggestions, and bounds that hold also when a subgraph is asked without the router before it.
pub fn schema<Q, M, S>(query: Q, mutation: M, subscription: S) -> SchemaBuilder<Q, M, S>
where
    Q: ObjectType + 'static,
    M: ObjectType + 'static,
    S: SubscriptionType + 'static,
{
    Schema::build(query, mutation, subscription)
        .enable_federation()
        .enable_subscription_in_federation()
        .disable_suggestions()
        .limit_depth(20)
        .limit_recursive_depth(64)
        .limit_directives(50)
        .extension(Mask)
        .extension(Rules::default())
}
