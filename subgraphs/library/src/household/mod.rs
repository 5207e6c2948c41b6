//! What a household has set for its libraries: where its days begin.
//!
//! The zone is part of a household's index ([`crate::search`]), because what rules say of days
//! follows from it: a change moves the index revision on.

pub mod entity;
pub mod graphql;
pub mod service;
pub mod store;
pub mod zone;

pub use graphql::{HouseholdMutation, HouseholdQuery};
pub use zone::Zone;
