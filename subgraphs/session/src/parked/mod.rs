//! Events between subgraphs that nobody can digest, for whoever runs the hub.
//!
//! The rows are the outbox's, of all subgraphs in this database; here they are only shown and sent
//! on their way again.

mod graphql;
mod service;

pub use graphql::{ParkedMutation, ParkedQuery};
pub use service::Parked;
