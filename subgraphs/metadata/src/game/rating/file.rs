//! Ratings out of files that people import. A rating holds for every household of the hub, so what
//! a file says opens no game unless somebody who runs the hub brought it: it can only close one.

use super::{IMPORT, Rating, Word, aged, described, letters};
use djinn_kernel::{Board, Esrb, family::REFUSED};

/// The store that asks for an age or describes what is in a game, where a file led to its page.
const STORE: &str = "Steam";

/// What a provider says of a product that may be another game: the file that names it says so.
pub fn unvouched(
    ratings: &[Rating],
    descriptors: &[i32],
    required_age: Option<i32>,
) -> Vec<Rating> {
    let store = described(descriptors).max(required_age.and_then(aged));
    let store = store.map(|level| Rating {
        board: STORE.to_owned(),
        source: IMPORT.to_owned(),
        rating: letters(level).to_owned(),
        descriptors: Vec::new(),
    });
    let boards = ratings.iter().map(|rating| Rating {
        source: IMPORT.to_owned(),
        ..rating.clone()
    });
    boards.chain(store).collect()
}

/// What a rating says, also one that a store's page came to.
fn word(rating: &Rating) -> Option<Word> {
    if rating.board == STORE {
        Esrb::parse(&rating.rating).map(Word::esrb)
    } else {
        Word::read(&rating.board, &rating.rating)
    }
}

/// Adds what files say to what they said: the strictest word of each board counts, whoever came
/// first. Says whether anything is new.
pub fn gather(known: &mut Vec<Rating>, said: impl IntoIterator<Item = Rating>) -> bool {
    let mut is_new = false;
    for rating in said {
        let before = known
            .iter_mut()
            .find(|one| (&one.board, &one.source) == (&rating.board, &rating.source));
        let strictness = |rating: &Rating| word(rating).map(Word::strictness);
        match before {
            Some(before) if strictness(before) >= strictness(&rating) => {}
            Some(before) => {
                *before = rating;
                is_new = true;
            }
            None => {
                known.push(rating);
                is_new = true;
            }
        }
    }
    is_new
}

/// What follows for ceilings of `board` from `said`, the word of everybody else, and from the files
/// of anybody.
///
/// A game that nobody else rates is hidden from most children, and a rating of its own would show
/// it to those whose ceiling is higher. So a file that says 14 or more closes it as far as can be,
/// for those who are shown unrated games, and a milder one says nothing.
pub fn tightened(
    board: Board,
    said: Option<(u8, String)>,
    ratings: &[Rating],
) -> Option<(u8, String)> {
    let files = || {
        let files = ratings.iter().filter(|rating| rating.source == IMPORT);
        files.filter_map(word)
    };
    match (said, files().map(|word| word.on(board)).max()) {
        (Some((level, _)), Some(file)) if file > level => Some((file, IMPORT.to_owned())),
        (None, Some(_)) if files().any(|word| word.age() >= GROWN_UP) => {
            let closed = board.at_least(REFUSED);
            Some((closed, format!("{IMPORT} (checked by nobody)")))
        }
        (said, _) => said,
    }
}

/// From this age on a board means what the ESRB calls Mature.
pub const GROWN_UP: u8 = 14;

#[cfg(test)]
mod tests {
    use super::super::{ADMINS_IMPORT, ESRB, IGDB, QUESTIONNAIRE, STEAM_STORE, effective, rated};
    use super::*;
    use djinn_kernel::{Ceiling, FamilyView, Unrated};

    fn says(board: &str, rating: &str, source: &str) -> Rating {
        Rating {
            board: board.into(),
            source: source.into(),
            rating: rating.into(),
            descriptors: Vec::new(),
        }
    }

    #[test]
    fn whatever_a_file_says_it_opens_a_game_to_no_child() {
        // Adults Only hides nothing that anybody rates.
        let ceilings = Board::ALL.into_iter().flat_map(|board| {
            let levels = board.levels().iter().map(|level| level.name);
            levels.filter_map(move |level| Ceiling::new(board, level))
        });
        let ceilings: Vec<Ceiling> = ceilings
            .filter(|ceiling| *ceiling != Ceiling::from(Esrb::AdultsOnly))
            .collect();
        let rest = [
            vec![],
            vec![says(ESRB, "M", STEAM_STORE)],
            vec![says("PEGI", "12", STEAM_STORE)],
            vec![says(ESRB, "T", ADMINS_IMPORT)],
            vec![says("USK", "12", STEAM_STORE), says("CERO", "A", IGDB)],
        ];
        let files = [
            (ESRB, "EC"),
            (ESRB, "E"),
            (ESRB, "T"),
            (ESRB, "M"),
            (ESRB, "AO"),
            ("PEGI", "3"),
            ("PEGI", "16"),
            ("PEGI", "18"),
            ("USK", "0"),
            ("ACB", "M"),
            ("ACB", "RC"),
        ];
        for rest in rest {
            let before = rated(&rest, &[], None);
            for (board, rating) in files {
                let mut all = rest.clone();
                all.push(says(board, rating, IMPORT));
                let after = rated(&all, &[], None);
                for ceiling in ceilings.iter().copied() {
                    for unrated in [Unrated::Hide, Unrated::Show] {
                        let child = FamilyView { ceiling, unrated };
                        assert!(
                            child.allows(before) || !child.allows(after),
                            "{board} {rating} opened {rest:?} to {child:?}"
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn of_a_file_the_stricter_word_of_a_board_counts_for_each_ceiling() {
        let mut known = vec![says("USK", "16", IMPORT)];
        assert!(gather(&mut known, [says("USK", "18", IMPORT)]));
        let said = [says("USK", "12", ADMINS_IMPORT), known[0].clone()];
        // Whoever runs the hub is believed of their board; for others the file is stricter.
        assert_eq!(
            rated(&said, &[], None).level(Board::Usk),
            Board::Usk.level("12")
        );
        assert_eq!(
            rated(&said, &[], None).level(Board::Pegi),
            Board::Pegi.level("18")
        );
    }

    #[test]
    fn a_file_closes_a_game_that_is_for_grown_ups() {
        let file = says("PEGI", "18", IMPORT);
        let level = |all: &[Rating]| effective(all, &[], None).map(|(level, _)| level);
        assert_eq!(level(std::slice::from_ref(&file)), Some(Esrb::AdultsOnly));
        assert_eq!(
            level(&[file.clone(), says("USK", "12", STEAM_STORE)]),
            Some(Esrb::Mature)
        );
        // Who runs the hub is believed.
        assert_eq!(
            level(&[says("PEGI", "18", ADMINS_IMPORT)]),
            Some(Esrb::Mature)
        );
        assert_eq!(
            level(&[file, says(ESRB, "T", ADMINS_IMPORT)]),
            Some(Esrb::Teen)
        );
    }

    #[test]
    fn a_page_that_may_be_another_games_closes_as_a_file_does_and_opens_nothing() {
        let level = |ratings: &[Rating], descriptors: &[i32], age| {
            let said = unvouched(ratings, descriptors, age);
            assert!(said.iter().all(|rating| rating.source == IMPORT));
            effective(&said, &[], None).map(|(level, _)| level)
        };
        let mild = says(ESRB, "E", STEAM_STORE);
        assert_eq!(level(std::slice::from_ref(&mild), &[], Some(13)), None);
        for closed in [
            level(std::slice::from_ref(&mild), &[3], None),
            level(&[], &[2], None),
            level(&[], &[], Some(18)),
            level(
                &[mild, says("Steam Germany", "16", QUESTIONNAIRE)],
                &[],
                None,
            ),
        ] {
            assert_eq!(closed, Some(Esrb::AdultsOnly));
        }
    }

    #[test]
    fn of_several_files_the_strictest_counts_whoever_came_first() {
        let (mild, strong) = (says(ESRB, "E", IMPORT), says(ESRB, "AO", IMPORT));
        for order in [[&mild, &strong], [&strong, &mild]] {
            let mut known = Vec::new();
            for one in order {
                gather(&mut known, [one.clone()]);
            }
            assert_eq!(known, std::slice::from_ref(&strong));
        }
        let mut known = vec![strong];
        assert!(!gather(&mut known, [mild]), "nothing is new");
    }
}
