//! The rating that the family ceiling goes by.
//!
//! Boards are kept by name, each as it is. For the ceiling one of them counts, in this order:
//!
//! 1. ESRB, as the store carries it.
//! 2. ESRB, as an import says.
//! 3. PEGI and USK, mapped so that nothing gets milder (18 is Mature, never less); the strictest.
//! 4. The store's content descriptors: adult-only is Adults Only, all others Mature.
//! 5. The age the store asks for.
//! 6. A questionnaire the developer filled in, but only where it says 16 or more: nobody checked
//!    it, so it may close a door and never open one.
//!
//! Otherwise the game is unrated, which a family profile treats as unsafe.

use djinn_kernel::Esrb;

/// Said by the store, on a board's behalf.
pub const STEAM_STORE: &str = "steam-store";
/// Said by an imported file.
pub const IMPORT: &str = "import";
/// Said by the developer in the store's form, checked by no board.
pub const QUESTIONNAIRE: &str = "questionnaire";

/// The North American board.
pub const ESRB: &str = "ESRB";

/// What one board says.
#[derive(Debug, Clone, PartialEq, Eq)]
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
                mapped(&rating.board, &rating.rating).map(|level| (level, rating.board.clone()))
            })
            // Of equal ones the first by name, so that the source shown does not wobble.
            .reduce(|one, other| {
                if (other.0, &one.1) > (one.0, &other.1) {
                    other
                } else {
                    one
                }
            })
    };
    esrb(STEAM_STORE)
        .map(|level| (level, STEAM_STORE.to_owned()))
        .or_else(|| esrb(IMPORT).map(|level| (level, IMPORT.to_owned())))
        .or_else(|| mapped(false).map(|(level, board)| (level, format!("{STEAM_STORE} ({board})"))))
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

/// A European rating as the North American one that is not milder.
fn mapped(board: &str, rating: &str) -> Option<Esrb> {
    let age: String = rating
        .chars()
        .filter(char::is_ascii_digit)
        .take(3)
        .collect();
    Some(match (board, age.parse::<i32>().ok()?) {
        ("PEGI", 3) | ("USK" | "Steam Germany", 0) => Esrb::Everyone,
        ("PEGI", 7) | ("USK" | "Steam Germany", 6) => Esrb::Everyone10,
        ("PEGI" | "USK" | "Steam Germany", 12) => Esrb::Teen,
        ("PEGI" | "USK" | "Steam Germany", 16 | 18) => Esrb::Mature,
        _ => return None,
    })
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
