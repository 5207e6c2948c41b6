//! The family ceiling: what a child's profile may see.
//!
//! The rule lives here once because every subgraph that shows games applies it; unrated is not
//! safe unless a parent says so.

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
    pub ceiling: Esrb,
    /// Whether unrated games are shown.
    pub unrated: Unrated,
}

impl FamilyView {
    /// Whether a game with this rating may be seen.
    pub fn allows(self, rating: Option<Esrb>) -> bool {
        match rating {
            Some(rating) => rating <= self.ceiling,
            None => self.unrated == Unrated::Show,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unrated_is_not_safe_unless_a_parent_says_so() {
        let mut view = FamilyView {
            ceiling: Esrb::Teen,
            unrated: Unrated::Hide,
        };
        assert!(!view.allows(None));
        view.unrated = Unrated::Show;
        assert!(view.allows(None));
        assert!(!view.allows(Some(Esrb::Mature)));
        assert!(view.allows(Some(Esrb::Teen)));
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
