//! Exact ranks, behind one boundary.
//!
//! Today they are counted by the database over one index; a tree in memory that knows the size of
//! each branch can take its place without anyone above noticing. Ranks are never cached: an
//! answer is exact at the moment it is read, and the ranks within one answer fit together.

mod sql;

pub use sql::SqlRanks;

use super::Entry;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use djinn_kernel::{
    Fault,
    ids::{BoardId, PlayerId},
};
use serde::{Deserialize, Serialize};

/// An entry and its rank: one more than the number of strictly better entries.
///
/// The order is total, so ranks are unique: the better score, then who achieved it first, then
/// the older player id.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ranked {
    /// The entry.
    pub entry: Entry,
    /// Its rank, from 1.
    pub rank: i64,
    /// Where it stands in the order.
    pub place: Place,
}

/// A point in a board's order; the cursor of a board. Smaller is better.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Place {
    /// The standing's bits: a decimal text could lose the last of them.
    standing: u64,
    achieved_at: DateTime<Utc>,
    player: PlayerId,
}

impl Place {
    /// The place of these three.
    pub const fn new(standing: f64, achieved_at: DateTime<Utc>, player: PlayerId) -> Self {
        Self {
            standing: standing.to_bits(),
            achieved_at,
            player,
        }
    }

    const fn standing(&self) -> f64 {
        f64::from_bits(self.standing)
    }
}

/// Answers everything about ranks.
#[async_trait]
pub trait Ranks: Send + Sync + 'static {
    /// The ranks of these players on these boards, in no order; those without an entry are left
    /// out.
    async fn of(&self, who: &[(BoardId, PlayerId)]) -> Result<Vec<Ranked>, Fault>;

    /// The best `first` of each board, best first within a board.
    async fn top(&self, boards: &[BoardId], first: u32) -> Result<Vec<Ranked>, Fault>;

    /// The next `first` of a board after a place, best first.
    async fn after(&self, board: BoardId, place: Place, first: u32) -> Result<Vec<Ranked>, Fault>;

    /// A player with up to `radius` neighbours on each side, best first; empty without an entry.
    async fn around(
        &self,
        board: BoardId,
        player: PlayerId,
        radius: u32,
    ) -> Result<Vec<Ranked>, Fault>;

    /// The `first` latest entries of each player, latest first within a player.
    async fn of_players(&self, players: &[PlayerId], first: u32) -> Result<Vec<Ranked>, Fault>;

    /// How many entries each board has; boards without any are left out.
    async fn sizes(&self, boards: &[BoardId]) -> Result<Vec<(BoardId, i64)>, Fault>;
}
