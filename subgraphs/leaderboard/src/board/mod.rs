//! Boards: the words and rules.

mod entity;
mod game;
pub mod graphql;
pub mod service;
mod store;

use chrono::{DateTime, Utc};
use djinn_kernel::ids::{BoardId, GameId};

/// A board: who is best at one thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Board {
    /// Its id.
    pub id: BoardId,
    /// What it is called.
    pub name: String,
    /// The game it belongs to, if it belongs to one.
    pub game: Option<GameId>,
    /// Which way it runs.
    pub order: Order,
    /// What a new score does to the player's old one.
    pub operator: Operator,
    /// What the numbers mean, for instance `points`.
    pub unit: Option<String>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
}

/// Which scores are better.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// Points.
    HigherIsBetter,
    /// Times.
    LowerIsBetter,
}

/// What a new score does to the player's old one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    /// The better of the two stays.
    Best,
    /// The new one stays.
    Set,
    /// They are added.
    Increment,
}

/// The longest name of a board, in characters.
pub const MAX_NAME: usize = 80;
/// The longest unit, in characters.
pub const MAX_UNIT: usize = 20;
/// Scores lie between minus and plus this: 2^53, up to where every whole number is exact.
pub const MAX_SCORE: f64 = 9_007_199_254_740_992.0;

impl Order {
    /// The score turned so that smaller is always better. It is its own inverse.
    pub fn standing(self, score: f64) -> f64 {
        match self {
            // Adding zero turns -0.0 into 0.0, which databases may otherwise tell apart.
            Self::HigherIsBetter => 0.0 - score,
            Self::LowerIsBetter => score + 0.0,
        }
    }

    /// Whether `a` is strictly better than `b`.
    pub fn better(self, a: f64, b: f64) -> bool {
        self.standing(a) < self.standing(b)
    }
}

impl Operator {
    /// The player's score after `submitted` arrives; `previous` is the one before, if any.
    ///
    /// A record is what was achieved first, so under `Best` an equal score changes nothing.
    pub fn apply(self, order: Order, previous: Option<f64>, submitted: f64) -> f64 {
        let Some(previous) = previous else {
            return submitted;
        };
        match self {
            Self::Best if order.better(submitted, previous) => submitted,
            Self::Best => previous,
            Self::Set => submitted,
            Self::Increment => previous + submitted,
        }
    }
}

/// Whether a score may be stored.
pub fn allowed(score: f64) -> bool {
    score.is_finite() && score.abs() <= MAX_SCORE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_better_score_stays_whichever_way_the_board_runs() {
        let best = Operator::Best;
        assert!((best.apply(Order::HigherIsBetter, Some(10.0), 7.0) - 10.0).abs() < f64::EPSILON);
        assert!((best.apply(Order::LowerIsBetter, Some(10.0), 7.0) - 7.0).abs() < f64::EPSILON);
    }

    #[test]
    fn zero_and_minus_zero_are_the_same_standing() {
        for order in [Order::HigherIsBetter, Order::LowerIsBetter] {
            assert_eq!(order.standing(-0.0).to_bits(), 0.0_f64.to_bits());
            assert_eq!(order.standing(0.0).to_bits(), 0.0_f64.to_bits());
        }
    }

    #[test]
    fn only_finite_scores_up_to_two_to_the_53_are_allowed() {
        assert!(allowed(MAX_SCORE) && allowed(-MAX_SCORE));
        for score in [f64::NAN, f64::INFINITY, MAX_SCORE + 2.0] {
            assert!(!allowed(score));
        }
    }
}
