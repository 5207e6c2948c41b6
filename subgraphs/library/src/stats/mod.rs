//! A library in numbers, and what was played last; both out of the search index, so that they
//! agree with every list.

pub mod graphql;
pub mod service;
pub mod store;

pub use graphql::StatsQuery;
