//! Views that a player keeps: a search of the library under a name, on whatever device.
//!
//! What a view searches for is the client's own business and kept as it came; a client leaves out
//! what it does not understand.

pub mod entity;
pub mod graphql;
pub mod service;
pub mod store;

/// At most this many of one player.
pub const MAX_VIEWS: usize = 30;
/// The longest name, in characters.
pub const MAX_NAME: usize = 60;
/// The most bytes of a search, as JSON.
pub const MAX_SEARCH: usize = 4_000;
