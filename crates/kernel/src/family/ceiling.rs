//! A ceiling: a board, and the strongest of its levels that is still shown.

use super::{Board, Esrb, board::Level};
use serde::{Deserialize, Serialize};
use std::fmt;

/// The levels of a board have this much room in a stored number.
const ROOM: i16 = 16;

/// The strongest rating that is still shown, by the board that somebody goes by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(from = "Spelt", into = "Spelt")]
pub struct Ceiling {
    board: Board,
    level: u8,
}

/// As tokens carry it. One of the ESRB is a word of its own, as it was before there were others:
/// tokens of then and processes of then go on being understood.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Spelt {
    Esrb(Esrb),
    /// `USK 12`.
    Other(String),
}

impl Ceiling {
    /// The one that shows least.
    pub const STRICTEST: Self = Self {
        board: Board::Esrb,
        level: 0,
    };

    /// The ceiling at the level that the board writes so. `None` for a level it does not have.
    pub fn new(board: Board, level: &str) -> Option<Self> {
        let level = board.level(level)?;
        Some(Self { board, level })
    }

    /// The board it goes by.
    pub const fn board(self) -> Board {
        self.board
    }

    /// The number of its level on the board's scale.
    pub const fn number(self) -> u8 {
        self.level
    }

    /// Its level.
    pub fn level(self) -> Level {
        self.board.levels()[usize::from(self.level)]
    }

    /// What databases store. Of the ESRB it is the rating's level, as it was before there were others.
    pub fn code(self) -> i16 {
        self.board as i16 * ROOM + i16::from(self.level)
    }

    /// The ceiling of a stored number.
    pub fn from_code(code: i16) -> Option<Self> {
        let board = usize::try_from(code / ROOM).ok()?;
        let board = *Board::ALL.get(board)?;
        let level = u8::try_from(code % ROOM).ok()?;
        (usize::from(level) < board.levels().len()).then_some(Self { board, level })
    }

    /// About what it comes to by the ESRB, for those who know no other board: the strongest of its
    /// levels that stands for no more than what this shows.
    pub fn esrb(self) -> Esrb {
        let shown = |esrb: &Esrb| self.board.of_esrb(*esrb) <= self.level;
        let strongest = Esrb::ALL.into_iter().rfind(shown);
        strongest.unwrap_or(Esrb::EarlyChildhood)
    }
}

impl From<Esrb> for Ceiling {
    fn from(esrb: Esrb) -> Self {
        Self {
            board: Board::Esrb,
            level: esrb as u8,
        }
    }
}

impl fmt::Display for Ceiling {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.board.name(), self.level().name)
    }
}

impl From<Ceiling> for Spelt {
    fn from(ceiling: Ceiling) -> Self {
        match ceiling.board {
            Board::Esrb => Self::Esrb(ceiling.esrb()),
            _ => Self::Other(ceiling.to_string()),
        }
    }
}

impl From<Spelt> for Ceiling {
    fn from(spelt: Spelt) -> Self {
        let other = |text: &str| {
            let (board, level) = text.split_once(' ')?;
            Self::new(Board::named(board)?, level)
        };
        match spelt {
            Spelt::Esrb(esrb) => esrb.into(),
            // A word of a version that this one does not know opens nothing.
            Spelt::Other(text) => other(&text).unwrap_or(Self::STRICTEST),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn every() -> impl Iterator<Item = Ceiling> {
        let of = |board: Board| {
            let levels = board.levels().iter();
            levels.filter_map(move |level| Ceiling::new(board, level.name))
        };
        Board::ALL.into_iter().flat_map(of)
    }

    #[test]
    fn a_ceiling_reads_back_as_stored_and_as_a_token_carried_it() {
        for ceiling in every() {
            assert_eq!(Ceiling::from_code(ceiling.code()), Some(ceiling));
            let token = serde_json::to_string(&ceiling).expect("text");
            assert_eq!(serde_json::from_str(&token).ok(), Some(ceiling), "{token}");
        }
        assert_eq!(every().count(), 36);
    }

    #[test]
    fn what_was_stored_and_signed_before_there_were_other_boards_means_what_it_meant() {
        for esrb in Esrb::ALL {
            let ceiling = Ceiling::from(esrb);
            assert_eq!(ceiling.code(), esrb.level());
            assert_eq!(ceiling.esrb(), esrb);
            let before = serde_json::to_string(&esrb).expect("text");
            assert_eq!(serde_json::to_string(&ceiling).ok(), Some(before));
        }
    }

    /// Never to be changed: databases hold them.
    #[test]
    fn stored_numbers_stay() {
        for (text, code) in [
            ("ESRB T", 3),
            ("PEGI 12", 18),
            ("USK 12", 34),
            ("CERO B", 49),
            ("GRAC 18", 67),
            ("ClassInd 18", 85),
            ("ACB R 18+", 100),
        ] {
            let stored = Ceiling::from_code(code).map(|ceiling| ceiling.to_string());
            assert_eq!(stored.as_deref(), Some(text));
        }
    }

    #[test]
    fn what_nobody_knows_is_the_strictest_or_nothing() {
        for unknown in ["\"USK 13\"", "\"BBFC 12\"", "\"\"", "\"TEENAGER\""] {
            let read: Ceiling = serde_json::from_str(unknown).expect("a text");
            assert_eq!(read, Ceiling::STRICTEST, "{unknown}");
        }
        for unknown in ["12", "null", "{\"board\":\"USK\"}"] {
            assert!(serde_json::from_str::<Ceiling>(unknown).is_err());
        }
        for code in [-1, 6, 15, 21, 112, i16::MAX, i16::MIN] {
            assert_eq!(Ceiling::from_code(code), None, "{code}");
        }
    }

    #[test]
    fn by_the_esrb_it_shows_no_more_than_it_does() {
        for (board, level, esrb) in [
            (Board::Usk, "0", Esrb::EarlyChildhood),
            (Board::Usk, "6", Esrb::Everyone),
            (Board::Usk, "12", Esrb::Everyone10),
            (Board::Pegi, "16", Esrb::Teen),
            // Mature is also what is 18 elsewhere, and no 18 shows what is refused.
            (Board::Pegi, "18", Esrb::Mature),
            (Board::Cero, "D", Esrb::Teen),
            (Board::Cero, "Z", Esrb::Mature),
            (Board::ClassInd, "16", Esrb::Teen),
            (Board::Acb, "R 18+", Esrb::Mature),
        ] {
            let ceiling = Ceiling::new(board, level).expect("a level");
            assert_eq!(ceiling.esrb(), esrb, "{ceiling}");
        }
    }
}
