//! What the hub is at and how its platforms stand, for whoever looks after it.

pub mod graphql;
pub mod store;

pub use graphql::WorkQuery;
