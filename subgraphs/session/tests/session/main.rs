//! The session subgraph through its public door: GraphQL, as the router asks it.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

mod graph;
mod hub;
mod invites;
mod keys;
mod logins;
mod mirror;
mod mirrors;
mod parked;
mod passwords;
mod players;
mod rooms;
mod setup;
mod sweep;
