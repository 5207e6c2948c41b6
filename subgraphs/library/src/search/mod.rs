//! Finding games in a household's libraries: filters, ranking, facets, pages.
//!
//! The rows of a household are small (10,000 games are a few megabytes), so they are kept in
//! memory as an [`index::Index`] and everything is decided in Rust: the same answer in the same
//! order on every database. A revision in the database tells an index when to read what changed;
//! see [`cache::Indexes`].

pub mod cache;
pub mod facets;
pub mod filter;
pub mod graphql;
pub mod index;
pub mod page;
pub mod rank;
pub mod service;
mod slips;
mod store;
pub mod terms;

pub use cache::Indexes;
pub use graphql::SearchQuery;
