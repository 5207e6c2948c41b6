//! What to play next, and what is alike: pure rules over what a household holds.
//!
//! A [`Shelf`] turns games into weighted features, a [`Taste`] is what playing says about them,
//! [`Criteria`] is what a person asked for in words, and [`rank()`] puts the four together. All
//! of it is deterministic, and every pick carries the reasons it was picked for.

mod alike;
mod company;
mod criteria;
pub mod graphql;
mod rank;
mod reason;
pub mod service;
mod shelf;
mod taste;
mod time;
mod words;

pub use alike::alike;
pub use company::Company;
pub use criteria::Criteria;
pub use rank::{Wish, rank};
pub use reason::{Person, Reason, ReasonKind};
pub use shelf::{Feature, FeatureKind, Shelf, Shelved};
pub use taste::Taste;
pub use time::Length;

use djinn_kernel::ids::GameId;

/// A game that was picked.
#[derive(Debug, Clone, PartialEq)]
pub struct Pick {
    /// Which.
    pub game: GameId,
    /// Its title.
    pub title: String,
    /// How well it fits, 0 to 1. Picks come in falling order.
    pub score: f32,
    /// Why, the weightiest first; never empty.
    pub reasons: Vec<Reason>,
}

/// The most recommendations one question gets.
pub const MAX_PICKS: u32 = 50;
/// The most moods.
pub const MAX_MOODS: usize = 10;
/// The most time at hand, in minutes: a week.
pub const MAX_MINUTES: i32 = 10_080;
/// The longest criteria, in characters.
pub const MAX_CRITERIA: usize = 500;
/// A game played for less than this many minutes counts as little played.
pub const LITTLE_PLAYED: i32 = 120;
