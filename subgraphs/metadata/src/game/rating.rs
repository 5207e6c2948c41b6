//! The rating that the family ceiling goes by.
//!
//! Boards are kept by name, each as it is. For the ceiling one of them counts, in this order:
//!
//! 1. ESRB, as whoever runs the hub corrected it.
//! 2. ESRB, as the store carries it, or else IGDB, or else RAWG.
//! 3. ESRB, as an import says.
//! 4. The other boards (`board`), mapped so that nothing gets milder (18 is Mature, never less);
//!    the strictest of them.
//! 5. The store's content descriptors: adult-only is Adults Only, all others Mature.
//! 6. The age the store asks for.
//! 7. A questionnaire the developer filled in, but only where it says 16 or more: nobody checked
//!    it, so it may close a door and never open one.
//!
//! Otherwise the game is unrated, which a family profile treats as unsafe.

mod board;

pub use board::{at_least, canonical, named};

use djinn_kernel::Esrb;
use serde::{Deserialize, Serialize};

/// Said by the store, on a board's behalf.
pub const STEAM_STORE: &str = "steam-store";
/// Said by the games database IGDB.
pub const IGDB: &str = "igdb";
/// Said by the games database RAWG.
pub const RAWG: &str = "rawg";
/// Said by whoever runs the hub.
pub const PERSON: &str = "person";
/// Said by an imported file.
pub const IMPORT: &str = "import";
/// Said by the developer in the store's form, checked by no board.
pub const QUESTIONNAIRE: &str = "questionnaire";

/// The North American board.
pub const ESRB: &str = "ESRB";

/// What one board says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rating {
    /// The board's name.
    pub board: String,
    /// Who says so.
    pub source: String,
    /// The rating as the board writes it.
    pub rating: String,
    /// Why.
    pub descriptors: Vec<String>,
}

/// The rating the ceiling goes by, and where it comes from.
pub fn effective(
    ratings: &[Rating],
    descriptors: &[i32],
    required_age: Option<i32>,
) -> Option<(Esrb, String)> {
    let esrb = |source: &str| {
        ratings
            .iter()
            .filter(|rating| rating.board == ESRB && rating.source == source)
            .find_map(|rating| Esrb::parse(&rating.rating))
    };
    let mapped = |questionnaire: bool| {
        ratings
            .iter()
            .filter(|rating| (rating.source == QUESTIONNAIRE) == questionnaire)
            .filter_map(|rating| {
                let level = at_least(&rating.board, &rating.rating)?;
                Some((level, (rating.source.clone(), rating.board.clone())))
            })
            // Of equal ones the first by name, so that the source shown does not wobble.
            .reduce(|one, other| {
                if (other.0, &one.1.1, &one.1.0) > (one.0, &other.1.1, &other.1.0) {
                    other
                } else {
                    one
                }
            })
    };
    [PERSON, STEAM_STORE, IGDB, RAWG, IMPORT]
        .into_iter()
        .find_map(|source| Some((esrb(source)?, source.to_owned())))
        .or_else(|| {
            let (level, (source, board)) = mapped(false)?;
            Some((level, format!("{source} ({board})")))
        })
        .or_else(|| {
            described(descriptors)
                .map(|level| (level, format!("{STEAM_STORE} (content descriptors)")))
        })
        .or_else(|| {
            aged(required_age?).map(|level| (level, format!("{STEAM_STORE} (required age)")))
        })
        .or_else(|| {
            let (level, _) = mapped(true).filter(|(level, _)| *level >= Esrb::Mature)?;
            Some((level, format!("{STEAM_STORE} (questionnaire)")))
        })
}

/// A rating in the board's own letters.
pub const fn letters(level: Esrb) -> &'static str {
    match level {
        Esrb::EarlyChildhood => "EC",
        Esrb::Everyone => "E",
        Esrb::Everyone10 => "E10+",
        Esrb::Teen => "T",
        Esrb::Mature => "M",
        Esrb::AdultsOnly => "AO",
    }
}

/// Steam's content descriptors: 1 some nudity, 2 violence, 3 adult-only, 4 gratuitous, 5 mature.
fn described(descriptors: &[i32]) -> Option<Esrb> {
    if descriptors.contains(&3) {
        Some(Esrb::AdultsOnly)
    } else if descriptors.iter().any(|id| matches!(id, 1 | 2 | 4 | 5)) {
        Some(Esrb::Mature)
    } else {
        None
    }
}

/// The age a store asks for. A low one only means that nobody asked.
const fn aged(age: i32) -> Option<Esrb> {
    match age {
        17.. => Some(Esrb::Mature),
        13..=16 => Some(Esrb::Teen),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn says(board: &str, rating: &str, source: &str) -> Rating {
        Rating {
            board: board.into(),
            source: source.into(),
            rating: rating.into(),
            descriptors: Vec::new(),
        }
    }

    #[test]
    fn a_board_comes_before_an_import_and_both_before_everything_else() {
        let all = [
            says("PEGI", "18", STEAM_STORE),
            says(ESRB, "t", IMPORT),
            says(ESRB, "e10", STEAM_STORE),
        ];
        assert_eq!(
            effective(&all, &[3], Some(18)),
            Some((Esrb::Everyone10, "steam-store".into()))
        );
        assert_eq!(
            effective(&all[..2], &[3], Some(18)),
            Some((Esrb::Teen, "import".into()))
        );
        let by_databases = [says(ESRB, "M", RAWG), says(ESRB, "T", IGDB), all[1].clone()];
        assert_eq!(
            effective(&by_databases, &[], None),
            Some((Esrb::Teen, "igdb".into()))
        );
        assert_eq!(
            effective(
                &[by_databases[0].clone(), says(ESRB, "E", PERSON)],
                &[],
                None
            ),
            Some((Esrb::Everyone, "person".into()))
        );
        assert_eq!(
            effective(&all[..1], &[3], Some(18)),
            Some((Esrb::Mature, "steam-store (PEGI)".into()))
        );
        assert_eq!(
            effective(&[], &[2, 3], Some(18)),
            Some((Esrb::AdultsOnly, "steam-store (content descriptors)".into()))
        );
        assert_eq!(
            effective(&[], &[], Some(17)),
            Some((Esrb::Mature, "steam-store (required age)".into()))
        );
        assert_eq!(
            effective(&[], &[], Some(13)),
            Some((Esrb::Teen, "steam-store (required age)".into()))
        );
        assert_eq!(effective(&[], &[], Some(0)), None);
    }

    #[test]
    fn the_strictest_board_counts_whoever_carries_it() {
        let all = [says("PEGI", "7", STEAM_STORE), says("CERO", "Z", IGDB)];
        assert_eq!(
            effective(&all, &[], None),
            Some((Esrb::Mature, "igdb (CERO)".into()))
        );
    }

    #[test]
    fn of_two_european_boards_the_strictest_counts() {
        let both = [
            says("PEGI", "7", STEAM_STORE),
            says("USK", "12", STEAM_STORE),
        ];
        assert_eq!(
            effective(&both, &[], None),
            Some((Esrb::Teen, "steam-store (USK)".into()))
        );
        assert_eq!(
            effective(&[says("PEGI", "18", STEAM_STORE)], &[], None).map(|r| r.0),
            Some(Esrb::Mature)
        );
    }

    #[test]
    fn a_rating_that_is_pending_or_unknown_is_none() {
        assert_eq!(
            effective(
                &[
                    says(ESRB, "rp", STEAM_STORE),
                    says("PEGI", "!", STEAM_STORE)
                ],
                &[],
                None
            ),
            None
        );
    }

    #[test]
    fn a_questionnaire_closes_doors_and_opens_none() {
        let mild = says("Steam Germany", "6", QUESTIONNAIRE);
        assert_eq!(
            effective(&[mild, says(ESRB, "e", QUESTIONNAIRE)], &[], None),
            None
        );
        let strong = says("Steam Germany", "16", QUESTIONNAIRE);
        assert_eq!(
            effective(&[strong], &[], None),
            Some((Esrb::Mature, "steam-store (questionnaire)".into()))
        );
    }
}
