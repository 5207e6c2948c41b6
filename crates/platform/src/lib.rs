//! The real ports: what `subgraph-kit` asks for, done with the world.
//!
//! URL schemes choose the adapters: `sqlite:`/`postgres:` for databases, `memory:`/`redis:` for
//! the bus and the cache. This crate is the only door to the clock, to new ids, to randomness, to
//! HTTP clients and to connection pools; `clippy.toml` keeps it so.

pub mod bus;
pub mod cache;
pub mod clock;
pub mod database;
pub mod http;
pub mod master;
pub mod outside;
pub mod shelf;
pub mod telemetry;
pub mod vault;

pub use clock::{OsEntropy, SystemClock, SystemIds};
