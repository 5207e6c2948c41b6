//! The ratings that family ceilings go by.
//!
//! Boards are kept by name, each as it is. For a ceiling of a board this counts, in this order:
//!
//! 1. What whoever runs the hub corrected it to: of that board, or what another comes to there.
//! 2. The board's word as the store carries it, or else IGDB, or else RAWG.
//! 3. The board's word as an import of somebody who runs the hub says.
//! 4. The other boards (`board`), mapped so that nothing gets milder (PEGI's 18 is Mature, never
//!    less); the strictest of them.
//! 5. The store's content descriptors: adult-only is Adults Only, all others Mature.
//! 6. The age the store asks for.
//! 7. A questionnaire the developer filled in, but only where it says 14 or more: nobody checked
//!    it, so it may close a door and never open one. Under the ESRB's own name, where none are
//!    handed out, it says nothing for ceilings of the ESRB.
//!
//! Otherwise the game is unrated, which a family profile treats as unsafe.
//!
//! An import of anybody else (`file`), and what a provider says of a product under another title that
//! only such an import names, comes after the first three, and may only be stricter than
//! what follows from the rest: a rating holds for every household of the hub.

mod board;
mod file;

pub use board::{Word, canonical, named};
pub use file::{gather, unvouched};

use djinn_kernel::{Board, Esrb, Rated};
use serde::{Deserialize, Serialize};

/// Said by the store, on a board's behalf.
pub const STEAM_STORE: &str = "steam-store";
/// Said by the games database IGDB.
pub const IGDB: &str = "igdb";
/// Said by the games database RAWG.
pub const RAWG: &str = "rawg";
/// Said by whoever runs the hub.
pub const PERSON: &str = "person";
/// Said by a file that somebody who runs the hub imported.
pub const ADMINS_IMPORT: &str = "import-by-admin";
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

/// The rating that a ceiling of the ESRB goes by, and where it comes from.
pub fn effective(
    ratings: &[Rating],
    descriptors: &[i32],
    required_age: Option<i32>,
) -> Option<(Esrb, String)> {
    let (level, source) = stands(Board::Esrb, ratings, descriptors, required_age)?;
    Some((Esrb::from_level(level.into())?, source))
}

/// What ceilings of all boards go by.
pub fn rated(ratings: &[Rating], descriptors: &[i32], required_age: Option<i32>) -> Rated {
    Board::ALL.into_iter().fold(Rated::UNRATED, |rated, board| {
        let stands = stands(board, ratings, descriptors, required_age);
        rated.with(board, stands.map(|(level, _)| level))
    })
}

/// Where a game stands on the scale of `board`, and by whose word.
fn stands(
    board: Board,
    ratings: &[Rating],
    descriptors: &[i32],
    required_age: Option<i32>,
) -> Option<(u8, String)> {
    let by = |source: &'static str| ratings.iter().filter(move |rating| rating.source == source);
    let own = |source| {
        by(source)
            .filter(|rating| rating.board == board.name())
            .find_map(|rating| Some(Word::read(&rating.board, &rating.rating)?.on(board)))
    };
    let corrected = || {
        let other = |rating: &Rating| Some(Word::read(&rating.board, &rating.rating)?.on(board));
        own(PERSON).or_else(|| by(PERSON).filter_map(other).max())
    };
    if let Some(level) = corrected() {
        return Some((level, PERSON.to_owned()));
    }
    [STEAM_STORE, IGDB, RAWG, ADMINS_IMPORT]
        .into_iter()
        .find_map(|source| Some((own(source)?, source.to_owned())))
        .or_else(|| {
            let boards = || {
                let (word, (source, name)) = strictest(board, ratings, false)?;
                Some((word.on(board), format!("{source} ({name})")))
            };
            let words = || {
                let word = Word::esrb(described(descriptors)?);
                let source = format!("{STEAM_STORE} (content descriptors)");
                Some((word.on(board), source))
            };
            let age = || {
                let level = match board {
                    Board::Esrb => Word::esrb(aged(required_age?)?).on(board),
                    // The number itself, where the board has more steps than the ESRB.
                    _ => board.at_least(asked(required_age?)?),
                };
                Some((level, format!("{STEAM_STORE} (required age)")))
            };
            let form = || {
                let (word, _) = strictest(board, ratings, true)?;
                // Nobody is let in by it whose ceiling is below what grown-ups play.
                let level = word.on(board).max(board.at_least(18));
                Some((level, format!("{STEAM_STORE} (questionnaire)")))
            };
            let rest = boards().or_else(words).or_else(age).or_else(form);
            file::tightened(board, rest, ratings)
        })
}

/// The strictest word, with its source and whose it is: of boards other than `board`, or of what
/// developers filled in under whatever name that is for grown-ups.
fn strictest(
    board: Board,
    ratings: &[Rating],
    questionnaire: bool,
) -> Option<(Word, (&str, &str))> {
    ratings
        .iter()
        .filter(|rating| rating.source != IMPORT)
        .filter(|rating| (rating.source == QUESTIONNAIRE) == questionnaire)
        .filter(|rating| {
            let by_any_name = questionnaire && board != Board::Esrb;
            by_any_name || rating.board != board.name()
        })
        .filter_map(|rating| {
            let word = Word::read(&rating.board, &rating.rating)?;
            Some((word, (rating.source.as_str(), rating.board.as_str())))
        })
        // First, or a mild form that comes to the same level would stand for a strong one.
        .filter(|(word, _)| !questionnaire || word.age() >= file::GROWN_UP)
        // Of equal ones the first by name, so that the source shown does not wobble.
        .reduce(|one, other| {
            let (level, than) = (other.0.on(board), one.0.on(board));
            if (level, one.1.1, one.1.0) > (than, other.1.1, other.1.0) {
                other
            } else {
                one
            }
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
fn asked(age: i32) -> Option<u8> {
    (age >= 13).then(|| u8::try_from(age.min(18)).unwrap_or(18))
}

/// The same by the ESRB.
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
    fn a_board_comes_before_an_admins_import_and_both_before_everything_else() {
        let all = [
            says("PEGI", "18", STEAM_STORE),
            says(ESRB, "t", ADMINS_IMPORT),
            says(ESRB, "e10", STEAM_STORE),
        ];
        assert_eq!(
            effective(&all, &[3], Some(18)),
            Some((Esrb::Everyone10, "steam-store".into()))
        );
        assert_eq!(
            effective(&all[..2], &[3], Some(18)),
            Some((Esrb::Teen, "import-by-admin".into()))
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
            effective(std::slice::from_ref(&strong), &[], None),
            Some((Esrb::Mature, "steam-store (questionnaire)".into()))
        );
        assert_eq!(on(Board::Usk, &[strong], None), Some("18"));
        let own = says("ClassInd", "14", QUESTIONNAIRE);
        assert_eq!(on(Board::ClassInd, &[own], None), Some("18"));
        let esrbs = says(ESRB, "m", QUESTIONNAIRE);
        assert_eq!(effective(std::slice::from_ref(&esrbs), &[], None), None);
        assert_eq!(on(Board::Usk, &[esrbs], None), Some("18"));
    }

    #[test]
    fn a_mild_questionnaire_takes_nothing_from_a_strong_one() {
        let mild = says(ESRB, "t", QUESTIONNAIRE);
        let strong = says("Steam Germany", "16", QUESTIONNAIRE);
        for both in [[&mild, &strong], [&strong, &mild]] {
            let both = both.map(Clone::clone);
            for board in [Board::Usk, Board::Pegi] {
                assert_eq!(on(board, &both, None), Some("18"), "{board:?}");
            }
            assert_eq!(on(Board::Esrb, &both, None), Some("M"));
        }
    }

    #[test]
    fn what_is_for_adults_only_is_above_the_levels_of_every_other_board() {
        for board in Board::ALL.into_iter().filter(|board| *board != Board::Esrb) {
            let said = [says(ESRB, "AO", STEAM_STORE)];
            assert_eq!(on(board, &said, None), Some("above"), "{board:?}");
            let described = rated(&[], &[3], None).level(board);
            assert_eq!(described, Some(djinn_kernel::family::ABOVE), "{board:?}");
            // The board's own word is its own.
            let strongest = board.levels()[board.levels().len() - 1].name;
            let own = [said[0].clone(), says(board.name(), strongest, IGDB)];
            assert_eq!(on(board, &own, None), Some(strongest));
        }
    }

    fn on(board: Board, ratings: &[Rating], age: Option<i32>) -> Option<&'static str> {
        let level = rated(ratings, &[], age).level(board)?;
        let level = board.levels().get(usize::from(level));
        Some(level.map_or("above", |level| level.name))
    }

    #[test]
    fn a_ceiling_goes_by_its_own_boards_word_and_by_the_others_where_it_has_none() {
        let all = [
            says(ESRB, "M", STEAM_STORE),
            says("USK", "12", STEAM_STORE),
            says("CERO", "B", IGDB),
        ];
        assert_eq!(on(Board::Usk, &all, Some(18)), Some("12"));
        assert_eq!(on(Board::Cero, &all, Some(18)), Some("B"));
        assert_eq!(on(Board::Esrb, &all, Some(18)), Some("M"));
        // Nobody asked the European board: the strictest of the others.
        assert_eq!(on(Board::Pegi, &all, None), Some("18"));
        assert_eq!(on(Board::Pegi, &all[1..], None), Some("12"));
        assert_eq!(on(Board::Usk, &all[..1], None), Some("18"));
        assert_eq!(on(Board::Grac, &[], Some(16)), Some("18"));
        assert_eq!(on(Board::ClassInd, &[], Some(16)), Some("16"));
        assert_eq!(on(Board::Pegi, &[], None), None);
        assert_eq!(
            on(Board::Pegi, &[says("ACB", "RC", IGDB)], None),
            Some("above")
        );
    }

    #[test]
    fn a_correction_holds_for_the_ceilings_of_every_board() {
        let all = [says("USK", "12", STEAM_STORE), says(ESRB, "M", PERSON)];
        assert_eq!(on(Board::Usk, &all, None), Some("18"));
        let all = [says(ESRB, "M", STEAM_STORE), says("USK", "12", PERSON)];
        assert_eq!(on(Board::Usk, &all, None), Some("12"));
        assert_eq!(on(Board::Pegi, &all, None), Some("12"));
        assert_eq!(
            effective(&all, &[], None),
            Some((Esrb::Teen, "person".into()))
        );
    }

    #[test]
    fn one_more_word_of_another_board_makes_no_ceiling_milder() {
        let words = [
            says(ESRB, "E", IGDB),
            says(ESRB, "T", STEAM_STORE),
            says("PEGI", "16", IGDB),
            says("CERO", "A", IGDB),
            says("ACB", "PG", RAWG),
            says("GRAC", "19", ADMINS_IMPORT),
            says("Steam Germany", "18", QUESTIONNAIRE),
        ];
        for board in Board::ALL {
            let others = words.iter().filter(|word| word.board != board.name());
            let mut said: Vec<Rating> = Vec::new();
            let mut before = None;
            for word in others {
                said.push(word.clone());
                let after = rated(&said, &[], None).level(board);
                assert!(after >= before, "{board:?} by {said:?}");
                before = after;
            }
        }
    }
}
