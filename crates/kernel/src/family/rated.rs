//! How a game is rated, as a ceiling of each board sees it.

use super::{ABOVE, Board, Esrb};

/// Bits of one board. 0 is unrated, otherwise it is the level and one more.
const BITS: u32 = 4;
const MASK: i32 = 0b1111;

/// Where a game stands on the scale of each board: by that board's own word, or by what the words
/// of others come to there. Metadata works it out; all others keep it and compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Rated {
    esrb: Option<Esrb>,
    /// The other boards, as stored.
    boards: i32,
}

impl Rated {
    /// What nobody has rated.
    pub const UNRATED: Self = Self {
        esrb: None,
        boards: 0,
    };

    /// Where nothing is known but the ESRB's scale: above every level of the others, as their own
    /// words may say more than the ESRB's does.
    pub fn by_esrb(esrb: Option<Esrb>) -> Self {
        let closed = Board::ALL
            .into_iter()
            .fold(Self::UNRATED, |rated, board| rated.with(board, Some(ABOVE)));
        Self { esrb, ..closed }
    }

    /// The same with this level of `board`; `None` for unrated.
    #[must_use]
    pub fn with(mut self, board: Board, level: Option<u8>) -> Self {
        if board == Board::Esrb {
            // It has no level above all: Adults Only closes as far as can be.
            self.esrb =
                level.map(|level| Esrb::from_level(level.into()).unwrap_or(Esrb::AdultsOnly));
        } else {
            let shift = Self::shift(board);
            let stored = level.map_or(0, |level| i32::from(level) + 1);
            self.boards = (self.boards & !(MASK << shift)) | ((stored & MASK) << shift);
        }
        self
    }

    /// Of each board the stricter of both; what one leaves unrated stands as the other says.
    #[must_use]
    pub fn strictest(self, other: Self) -> Self {
        Board::ALL.into_iter().fold(self, |rated, board| {
            rated.with(board, self.level(board).max(other.level(board)))
        })
    }

    /// Reads the two columns of a game. Where the second was not told, because the game has not
    /// changed since there is one, it is closed to ceilings of the boards that it is about.
    pub fn stored(esrb: Option<i16>, boards: Option<i32>) -> Self {
        let esrb = esrb.and_then(Esrb::from_level);
        match boards {
            Some(boards) => Self { esrb, boards },
            None => Self::by_esrb(esrb),
        }
    }

    /// On the ESRB's scale.
    pub const fn esrb(self) -> Option<Esrb> {
        self.esrb
    }

    /// What databases store of the other boards.
    pub const fn boards(self) -> i32 {
        self.boards
    }

    /// Where it stands on the scale of `board`; `None` for unrated.
    pub fn level(self, board: Board) -> Option<u8> {
        if board == Board::Esrb {
            return self.esrb.map(|esrb| esrb as u8);
        }
        let stored = (self.boards >> Self::shift(board)) & MASK;
        u8::try_from(stored).ok()?.checked_sub(1)
    }

    /// Where the bits of `board` begin in what is stored; the ESRB has a column of its own.
    pub const fn shift(board: Board) -> u32 {
        (board as u32).saturating_sub(1) * BITS
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::family::{Ceiling, FamilyView, Unrated};

    #[test]
    fn each_board_keeps_its_own_level() {
        let mut rated = Rated::UNRATED;
        for board in Board::ALL {
            assert_eq!(rated.level(board), None);
            rated = rated.with(board, Some(board as u8 % 4));
        }
        rated = rated.with(Board::Usk, Some(ABOVE));
        let stored = Rated::stored(rated.esrb().map(Esrb::level), Some(rated.boards()));
        assert_eq!(stored, rated);
        for board in Board::ALL {
            let level = if board == Board::Usk {
                ABOVE
            } else {
                board as u8 % 4
            };
            assert_eq!(rated.level(board), Some(level), "{board:?}");
        }
        let without = rated.with(Board::Usk, None);
        assert_eq!(without.level(Board::Usk), None);
        assert_eq!(without.level(Board::Cero), rated.level(Board::Cero));
        assert!(rated.boards() > 0, "no bit is the sign");
    }

    #[test]
    fn of_two_the_stricter_counts_board_by_board() {
        let one = Rated::UNRATED
            .with(Board::Esrb, Some(2))
            .with(Board::Usk, Some(3));
        let other = Rated::UNRATED
            .with(Board::Esrb, Some(4))
            .with(Board::Usk, Some(1))
            .with(Board::Pegi, Some(0));
        let both = one.strictest(other);
        assert_eq!(both, other.strictest(one));
        let levels = [Board::Esrb, Board::Usk, Board::Pegi, Board::Cero].map(|on| both.level(on));
        assert_eq!(levels, [Some(4), Some(3), Some(0), None]);
        assert_eq!(one.strictest(Rated::UNRATED), one);
    }

    #[test]
    fn what_was_not_told_of_other_boards_is_closed_to_their_ceilings() {
        // PEGI's own word may be 18 where the ESRB says E10+, or where nobody told of any.
        for esrb in Esrb::ALL.into_iter().map(Some).chain([None]) {
            let untold = Rated::stored(esrb.map(Esrb::level), None);
            assert_eq!(untold.esrb(), esrb);
            for board in Board::ALL.into_iter().filter(|board| *board != Board::Esrb) {
                let strongest = board.levels()[board.levels().len() - 1].name;
                let child = FamilyView {
                    ceiling: Ceiling::new(board, strongest).expect("a level"),
                    unrated: Unrated::Show,
                };
                assert!(!child.allows(untold), "{board:?} by {esrb:?}");
            }
        }
        // A level that this version does not know is no rating.
        assert_eq!(Rated::stored(Some(77), Some(0)), Rated::UNRATED);
    }
}
