//! The family ceiling: what a child's profile may see.
//!
//! The rule lives here once because every subgraph that shows games applies it; unrated is not
//! safe unless a parent says so.

mod board;
mod ceiling;
mod rated;

pub use board::{ABOVE, Board, Level, REFUSED};
pub use ceiling::Ceiling;
pub use rated::Rated;

use serde::{Deserialize, Serialize};

/// The ESRB's ratings from mildest to strongest (esrb.org/ratings-guide). "Rating Pending" is
/// no rating.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Esrb {
    /// Early Childhood; no longer given, still carried by old games.
    EarlyChildhood,
    /// Everyone.
    Everyone,
    /// Everyone 10+.
    Everyone10,
    /// Teen, 13+.
    Teen,
    /// Mature, 17+.
    Mature,
    /// Adults Only, 18+.
    AdultsOnly,
}

impl Esrb {
    /// From mildest to strongest.
    pub const ALL: [Self; 6] = [
        Self::EarlyChildhood,
        Self::Everyone,
        Self::Everyone10,
        Self::Teen,
        Self::Mature,
        Self::AdultsOnly,
    ];

    /// A number that orders them, 0 for the mildest; what databases store.
    pub const fn level(self) -> i16 {
        self as i16
    }

    /// The rating of a stored level.
    pub fn from_level(level: i16) -> Option<Self> {
        usize::try_from(level)
            .ok()
            .and_then(|i| Self::ALL.get(i))
            .copied()
    }

    /// Reads a rating as boards and stores write it (`"m"`, `"E10+"`, `"Mature 17+"`, `"TEEN"`).
    /// `None` for pending, unknown or anything else: then the game counts as unrated.
    pub fn parse(text: &str) -> Option<Self> {
        let folded: String = text
            .trim()
            .to_ascii_lowercase()
            .chars()
            .filter(|c| !matches!(c, '_' | '-' | ' ' | '+'))
            .collect();
        Some(match folded.as_str() {
            "ec" | "earlychildhood" => Self::EarlyChildhood,
            "e" | "everyone" => Self::Everyone,
            "e10" | "everyone10" | "everyone10plus" | "everyone10andup" => Self::Everyone10,
            "t" | "teen" => Self::Teen,
            "m" | "mature" | "mature17" => Self::Mature,
            "ao" | "adultsonly" | "adultsonly18" => Self::AdultsOnly,
            _ => return None,
        })
    }
}

/// What to do with games no board has rated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Unrated {
    /// Unrated is not safe: hide them. The default.
    #[default]
    Hide,
    /// A parent chose to show them.
    Show,
}

/// A profile's ceiling. Without one, everything is visible.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct FamilyView {
    /// The strongest rating that is still shown.
    pub ceiling: Ceiling,
    /// Whether unrated games are shown.
    pub unrated: Unrated,
}

impl FamilyView {
    /// Whether a game is closed for what is rated so and was made one with it. What nobody has rated
    /// says nothing about the whole.
    pub fn closes(self, part: Rated) -> bool {
        let told = Self {
            unrated: Unrated::Show,
            ..self
        };
        !told.allows(part)
    }

    /// Whether a game that is rated so may be seen.
    pub fn allows(self, rated: Rated) -> bool {
        match rated.level(self.ceiling.board()) {
            Some(level) => level <= self.ceiling.number(),
            None => self.unrated == Unrated::Show,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn up_to(board: Board, level: &str, unrated: Unrated) -> FamilyView {
        let ceiling = Ceiling::new(board, level).expect("a level");
        FamilyView { ceiling, unrated }
    }

    #[test]
    fn unrated_is_not_safe_unless_a_parent_says_so() {
        let mut view = FamilyView {
            ceiling: Esrb::Teen.into(),
            unrated: Unrated::Hide,
        };
        assert!(!view.allows(Rated::UNRATED));
        view.unrated = Unrated::Show;
        assert!(view.allows(Rated::UNRATED));
        assert!(!view.allows(Rated::by_esrb(Some(Esrb::Mature))));
        assert!(view.allows(Rated::by_esrb(Some(Esrb::Teen))));
    }

    #[test]
    fn each_ceiling_goes_by_its_own_board() {
        let rated = Rated::by_esrb(Some(Esrb::Mature))
            .with(Board::Usk, Board::Usk.level("12"))
            .with(Board::Pegi, Board::Pegi.level("18"));
        let sees = |board, level| up_to(board, level, Unrated::Hide).allows(rated);
        assert!(sees(Board::Usk, "12"));
        assert!(!sees(Board::Usk, "6"));
        assert!(!sees(Board::Esrb, "T"));
        assert!(!sees(Board::Pegi, "16"));
        assert!(sees(Board::Pegi, "18"));
    }

    #[test]
    fn raising_a_ceiling_never_hides_what_was_seen() {
        let games = |board: Board| {
            let levels = (0..=ABOVE).map(Some).chain([None]);
            levels.map(move |level| Rated::UNRATED.with(board, level))
        };
        for board in Board::ALL {
            for unrated in [Unrated::Hide, Unrated::Show] {
                for pair in board.levels().windows(2) {
                    let lower = up_to(board, pair[0].name, unrated);
                    let higher = up_to(board, pair[1].name, unrated);
                    for rated in games(board) {
                        assert!(!lower.allows(rated) || higher.allows(rated), "{rated:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn ratings_are_read_as_the_stores_write_them() {
        assert_eq!(Esrb::parse("m"), Some(Esrb::Mature));
        assert_eq!(Esrb::parse("Mature 17+"), Some(Esrb::Mature));
        assert_eq!(Esrb::parse("everyone-10-plus"), Some(Esrb::Everyone10));
        assert_eq!(Esrb::parse("rp"), None);
    }

    #[test]
    fn levels_round_trip() {
        for rating in Esrb::ALL {
            assert_eq!(Esrb::from_level(rating.level()), Some(rating));
        }
    }
}
