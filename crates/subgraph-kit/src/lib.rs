//! What every subgraph is made of.
//!
//! - [`Subgraph`]: the one interface the router knows; [`Local`] runs a schema in this process,
//!   [`remote::Remote`] calls one in another.
//! - [`Ports`]: everything a subgraph may touch of the outside world, as traits; `platform` has
//!   the real ones, `testkit` the frozen ones.
//! - [`outbox`] and [`inbox`]: events that survive, and handlers that act once.
//! - [`graph`]: the GraphQL words all five share, and the one way errors leave.
//!
//! Invariant: no domain word here, and no adapter for a particular database, broker or host.

pub mod bus;
pub mod cache;
pub mod client;
pub mod db;
pub mod endpoint;
pub mod forwarded;
pub mod graph;
pub mod http;
pub mod inbox;
pub mod local;
pub mod outbox;
pub mod ports;
pub mod remote;
pub mod shelf;
pub mod socket;
pub mod subgraph;
pub mod tls;
pub mod token;
pub mod trace;
pub mod vault;

pub use bus::{Bus, Consumer};
pub use cache::Cache;
pub use client::ClientAddress;
pub use db::Db;
pub use forwarded::Forwarded;
pub use local::Local;
pub use ports::Ports;
pub use shelf::Shelf;
pub use subgraph::{Call, Parts, RequestId, Subgraph, Unreachable, Worker};
pub use vault::Vault;
