//! Scores: submissions that count once, and the entries they add up to.

mod entity;
pub mod graphql;
pub mod ranks;
pub mod service;
mod store;

use crate::board::Board;
use chrono::{DateTime, Utc};
use djinn_kernel::ids::{BoardId, PlayerId};

/// The longest idempotency key, in characters.
pub const MAX_KEY: usize = 64;

/// A player's score on a board. Each player has at most one there.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Entry {
    /// Where.
    pub board: BoardId,
    /// Whose.
    pub player: PlayerId,
    /// How much.
    pub score: f64,
    /// When this very score was reached.
    pub achieved_at: DateTime<Utc>,
}

/// What a submission did to the player's entry. A repeated key answers this again.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Outcome {
    /// The score before; none when this was the first.
    pub previous: Option<f64>,
    /// The score after.
    pub result: f64,
    /// Whether the score after is better than the one before, or the first.
    pub improved: bool,
}

impl Outcome {
    /// What `submitted` does on `board` to a player who stood at `previous`.
    pub fn of(board: &Board, previous: Option<f64>, submitted: f64) -> Self {
        let result = board.operator.apply(board.order, previous, submitted);
        Self {
            previous,
            result,
            improved: previous.is_none_or(|previous| board.order.better(result, previous)),
        }
    }

    /// Whether the entry has to be written. A score that did not move keeps the time at which it
    /// was first achieved, whatever the operator.
    pub fn moved(&self) -> bool {
        self.previous
            .is_none_or(|previous| previous.to_bits() != self.result.to_bits())
    }
}
