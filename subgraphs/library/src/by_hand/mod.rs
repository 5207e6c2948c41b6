//! Games that somebody enters by hand, one at a time: a console's shelf, a box in the attic, a store
//! that no adapter knows.
//!
//! They go the way of an imported row: the same copy, the same claim, matched and enriched like any
//! other. Only copies on a shelf of one's own can be changed and removed here; what a store lists
//! comes and goes with the store.

mod error;
pub mod graphql;
mod service;

pub use error::NotByHand;
pub use service::{Edit, Entry, add, edit, remove};
