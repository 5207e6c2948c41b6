//! Collections: games gathered by a rule (smart) or by hand (manual), each a player's own.
//!
//! **No membership is stored.** A rule is evaluated over the household's index in memory
//! ([`crate::search`]), which follows every change of a game by reading that one game again; what
//! was found last time is remembered beside it, so that only that game is evaluated again
//! ([`membership`]). Rows of membership would have to be kept right through every rename, rating,
//! sync, merge and midnight, for every player of a household, and could then still differ from a
//! preview. This way a preview, a saved collection and its count are the same few lines
//! ([`evaluate`]), and a date like "in the last 90 days" is always today's. `docs/bench.md` has the
//! figures.
//!
//! The family ceiling is applied where entries are taken from the index, so a count never tells of
//! a game that may not be seen. A rule is checked when it comes in ([`input`]) against the one
//! table of what can be asked ([`table`]), which the graph also shows, so that a form needs no
//! rule of its own.

pub mod curator;
pub mod entity;
pub mod error;
pub mod evaluate;
pub mod field;
pub mod form;
pub mod graphql;
pub mod input;
pub mod loader;
pub mod membership;
pub mod mutation;
pub mod options;
pub mod phrase;
pub mod query;
pub mod rule;
pub mod service;
pub mod store;
pub mod table;
pub mod why;

pub use loader::loaders;
pub use membership::Memberships;
pub use mutation::CollectionMutation;
pub use query::CollectionQuery;

/// The most collections a player has.
pub const MAX_COLLECTIONS: u64 = 200;
/// The most games a manual collection has.
pub const MAX_GAMES: u64 = 5_000;
/// The most games one change adds or removes.
pub const MAX_CHANGE: usize = 100;
/// The most characters a name has.
pub const MAX_NAME: usize = 80;
