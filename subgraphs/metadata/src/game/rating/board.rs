//! The boards, by name: never by a provider's numbers, which have been dealt anew before.

use super::ESRB;
use djinn_kernel::{
    Board, Esrb,
    family::{ABOVE, REFUSED},
};

/// The boards whose names are spelt in several ways, as they call themselves.
const BOARDS: [(&str, &str); 11] = [
    ("esrb", ESRB),
    ("pegi", "PEGI"),
    ("usk", "USK"),
    ("cero", "CERO"),
    ("grac", "GRAC"),
    ("kgrb", "GRAC"),
    ("classind", "ClassInd"),
    ("dejus", "ClassInd"),
    ("acb", "ACB"),
    ("bbfc", "BBFC"),
    ("csrr", "GSRR"),
];

/// The board of a name, however a provider writes it (`CLASS_IND`, `Class Ind`). `None` for one we
/// do not know.
pub fn named(text: &str) -> Option<&'static str> {
    let bare: String = text
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect();
    BOARDS
        .iter()
        .find(|(name, _)| *name == bare)
        .map(|(_, board)| *board)
}

/// A rating as its board writes it, out of a database's word for it: `Three` is PEGI's `3`,
/// `CERO_A` is CERO's `A`, `ACB_MA15` is ACB's `MA15`.
pub fn canonical(board: &str, rating: &str) -> String {
    let upper = rating.trim().to_uppercase().replace([' ', '-'], "_");
    // IGDB writes some with their board before them.
    let bare = [
        "ESRB_",
        "PEGI_",
        "CERO_",
        "USK_",
        "GRAC_",
        "CLASS_IND_",
        "ACB_",
    ]
    .iter()
    .find_map(|prefix| upper.strip_prefix(prefix))
    .unwrap_or(&upper);
    let spelt = match bare {
        "ZERO" => "0",
        "THREE" => "3",
        "SIX" => "6",
        "SEVEN" => "7",
        "TEN" => "10",
        "TWELVE" => "12",
        "FOURTEEN" => "14",
        "FIFTEEN" => "15",
        "SIXTEEN" => "16",
        "EIGHTEEN" => "18",
        "NINETEEN" => "19",
        other => other,
    };
    match (board, spelt) {
        (ESRB, "E10" | "E10+" | "EVERYONE_10" | "EVERYONE_10_PLUS") => "E10+".to_owned(),
        _ => spelt.replace('_', " "),
    }
}

/// What a rating says: a level of the scale of one board.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Word {
    board: Board,
    level: u8,
}

impl Word {
    /// What `board` means by `rating`. `None` for a board or a rating that we do not know.
    pub fn read(board: &str, rating: &str) -> Option<Self> {
        // Valve's own form for Germany has the levels of the German board.
        let board = if board == "Steam Germany" {
            Board::Usk
        } else {
            Board::named(board)?
        };
        let level = level(board, rating)?;
        Some(Self { board, level })
    }

    /// What the North American board says.
    pub const fn esrb(esrb: Esrb) -> Self {
        Self {
            board: Board::Esrb,
            level: esrb as u8,
        }
    }

    /// From which age on, for comparing boards.
    pub fn age(self) -> u8 {
        let level = self.board.levels().get(usize::from(self.level));
        level.map_or(REFUSED, |level| level.age)
    }

    /// The level of `board` that it comes to: its own as it is, others never milder than it says.
    pub fn on(self, board: Board) -> u8 {
        if board == self.board {
            self.level
        } else {
            board.at_least(self.age())
        }
    }

    /// How strict it is, to compare words of one board or of several.
    pub fn strictness(self) -> (u8, u8) {
        (self.age(), self.level)
    }
}

/// The level of the board's scale that a rating is.
fn level(board: Board, rating: &str) -> Option<u8> {
    let age = || {
        let digits: String = rating
            .chars()
            .skip_while(|c| !c.is_ascii_digit())
            .take_while(char::is_ascii_digit)
            .take(3)
            .collect();
        digits.parse::<u32>().ok()
    };
    let letter = rating.trim().to_ascii_uppercase();
    let name = match board {
        Board::Esrb => return Esrb::parse(rating).map(|esrb| esrb as u8),
        Board::Pegi | Board::Usk => age()?.to_string(),
        Board::Cero => letter,
        Board::Grac => match (letter.as_str(), age()) {
            ("ALL", _) => "ALL".to_owned(),
            // What it forbids to the young, it has written both ways.
            (_, Some(18 | 19)) => "18".to_owned(),
            (_, age) => age?.to_string(),
        },
        Board::ClassInd => match letter.as_str() {
            "L" => "L".to_owned(),
            _ => age()?.to_string(),
        },
        Board::Acb => match letter.split([' ', '+']).next().unwrap_or_default() {
            "MA" | "MA15" => "MA 15+".to_owned(),
            "R" | "R18" => "R 18+".to_owned(),
            // Refused classification: not to be sold to anybody.
            "RC" => return Some(ABOVE),
            other => other.to_owned(),
        },
    };
    board.level(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_board_is_known_by_each_of_its_names() {
        for (text, board) in [
            ("ESRB", "ESRB"),
            ("CLASS_IND", "ClassInd"),
            ("Class Ind", "ClassInd"),
            ("dejus", "ClassInd"),
            ("Pegi", "PEGI"),
        ] {
            assert_eq!(named(text), Some(board), "{text}");
        }
        assert_eq!(named("6"), None, "a number is nobody's name");
    }

    #[test]
    fn a_rating_is_read_whatever_word_a_database_has_for_it() {
        for (board, word, rating) in [
            ("PEGI", "Three", "3"),
            ("PEGI", "12", "12"),
            ("CERO", "CERO_A", "A"),
            ("USK", "USK_16", "16"),
            ("GRAC", "GRAC_ALL", "ALL"),
            ("ClassInd", "CLASS_IND_L", "L"),
            ("ACB", "ACB_MA15", "MA15"),
            ("ACB", "MA 15+", "MA 15+"),
            ("ESRB", "E10", "E10+"),
            ("ESRB", "AO", "AO"),
        ] {
            assert_eq!(canonical(board, word), rating, "{board} {word}");
        }
    }

    #[test]
    fn every_level_is_read_as_its_board_and_the_databases_write_it() {
        for board in Board::ALL {
            for level in board.levels() {
                let word = Word::read(board.name(), level.name).expect(level.name);
                assert_eq!(Some(word.on(board)), board.level(level.name));
                assert_eq!(word.age(), level.age);
            }
        }
        for (board, rating, name) in [
            ("ESRB", "teen", "T"),
            ("USK", "USK 12", "12"),
            ("Steam Germany", "16", "16"),
            ("GRAC", "19", "18"),
            ("ACB", "MA15", "MA 15+"),
            ("ACB", "MA 15+", "MA 15+"),
            ("ACB", "R18+", "R 18+"),
        ] {
            let word = Word::read(board, rating).expect(rating);
            assert_eq!(word.board.levels()[usize::from(word.level)].name, name);
        }
        for (board, rating) in [
            ("GRAC", "TESTING"),
            ("ESRB", "RP"),
            ("CERO", "?"),
            ("PEGI", "!"),
            ("USK", "13"),
            ("X", "18"),
        ] {
            assert_eq!(Word::read(board, rating), None, "{board} {rating}");
        }
    }

    #[test]
    fn by_the_esrb_each_rating_comes_to_what_it_always_came_to() {
        for (board, rating, esrb) in [
            ("PEGI", "3", Esrb::Everyone),
            ("PEGI", "7", Esrb::Everyone10),
            ("PEGI", "12", Esrb::Teen),
            ("PEGI", "16", Esrb::Mature),
            ("PEGI", "18", Esrb::Mature),
            ("USK", "0", Esrb::Everyone),
            ("USK", "6", Esrb::Everyone10),
            ("USK", "12", Esrb::Teen),
            ("USK", "16", Esrb::Mature),
            ("CERO", "A", Esrb::Everyone),
            ("CERO", "B", Esrb::Teen),
            ("CERO", "C", Esrb::Mature),
            ("CERO", "Z", Esrb::Mature),
            ("GRAC", "ALL", Esrb::Everyone),
            ("GRAC", "12", Esrb::Teen),
            ("GRAC", "15", Esrb::Mature),
            ("ClassInd", "L", Esrb::Everyone),
            ("ClassInd", "10", Esrb::Everyone10),
            ("ClassInd", "12", Esrb::Teen),
            ("ClassInd", "14", Esrb::Mature),
            ("ACB", "G", Esrb::Everyone),
            ("ACB", "PG", Esrb::Teen),
            ("ACB", "M", Esrb::Mature),
            ("ACB", "MA 15+", Esrb::Mature),
            ("ACB", "R18+", Esrb::Mature),
            ("ACB", "RC", Esrb::AdultsOnly),
        ] {
            let word = Word::read(board, rating).expect(rating);
            assert_eq!(word.on(Board::Esrb), esrb as u8, "{board} {rating}");
        }
    }

    #[test]
    fn what_a_board_refuses_is_above_every_ceiling() {
        let refused = Word::read("ACB", "RC").expect("a rating");
        let adults_only = Word::esrb(Esrb::AdultsOnly);
        for board in Board::ALL.into_iter().filter(|board| *board != Board::Esrb) {
            assert_eq!(refused.on(board), ABOVE, "{board:?}");
            assert_eq!(adults_only.on(board), ABOVE, "{board:?}");
        }
    }
}
