//! The boards that rate games, and the levels of each from the mildest to the strongest.

use super::Esrb;

/// Where a game stands that is above every level of a board: no ceiling reaches it.
pub const ABOVE: u8 = 14;
/// The age of what a board refuses to rate at all: it is not to be sold to anybody.
pub const REFUSED: u8 = 19;

/// A board that a ceiling can be set by. Databases keep its number and those of its levels: new
/// ones come after the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Board {
    /// North America.
    Esrb,
    /// Most of Europe.
    Pegi,
    /// Germany.
    Usk,
    /// Japan.
    Cero,
    /// South Korea.
    Grac,
    /// Brazil.
    ClassInd,
    /// Australia.
    Acb,
}

/// One level of a board's scale.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Level {
    /// As the board writes it, for instance `12` or `MA 15+`.
    pub name: &'static str,
    /// From which age on, for comparing boards; 0 where it is for everybody.
    pub age: u8,
}

const fn level(name: &'static str, age: u8) -> Level {
    Level { name, age }
}

/// The ESRB calls its Everyone fit for all ages, and other boards give such games a 6 or 7. Adults
/// Only says more than an age: elsewhere it counts as what is refused.
const ESRB: [Level; 6] = [
    level("EC", 0),
    level("E", 6),
    level("E10+", 10),
    level("T", 13),
    level("M", 17),
    level("AO", REFUSED),
];
/// Its 3 is for everybody; nothing is below it.
const PEGI: [Level; 5] = [
    level("3", 0),
    level("7", 7),
    level("12", 12),
    level("16", 16),
    level("18", 18),
];
const USK: [Level; 5] = [
    level("0", 0),
    level("6", 6),
    level("12", 12),
    level("16", 16),
    level("18", 18),
];
const CERO: [Level; 5] = [
    level("A", 0),
    level("B", 12),
    level("C", 15),
    level("D", 17),
    level("Z", 18),
];
const GRAC: [Level; 4] = [
    level("ALL", 0),
    level("12", 12),
    level("15", 15),
    level("18", 18),
];
const CLASS_IND: [Level; 6] = [
    level("L", 0),
    level("10", 10),
    level("12", 12),
    level("14", 14),
    level("16", 16),
    level("18", 18),
];
/// PG names no age: not for younger children by themselves.
const ACB: [Level; 5] = [
    level("G", 0),
    level("PG", 12),
    level("M", 15),
    level("MA 15+", 15),
    level("R 18+", 18),
];

impl Board {
    /// Every board.
    pub const ALL: [Self; 7] = [
        Self::Esrb,
        Self::Pegi,
        Self::Usk,
        Self::Cero,
        Self::Grac,
        Self::ClassInd,
        Self::Acb,
    ];

    /// As it calls itself.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Esrb => "ESRB",
            Self::Pegi => "PEGI",
            Self::Usk => "USK",
            Self::Cero => "CERO",
            Self::Grac => "GRAC",
            Self::ClassInd => "ClassInd",
            Self::Acb => "ACB",
        }
    }

    /// The board that calls itself so.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|board| board.name() == name)
    }

    /// Its levels, the mildest first.
    pub const fn levels(self) -> &'static [Level] {
        match self {
            Self::Esrb => &ESRB,
            Self::Pegi => &PEGI,
            Self::Usk => &USK,
            Self::Cero => &CERO,
            Self::Grac => &GRAC,
            Self::ClassInd => &CLASS_IND,
            Self::Acb => &ACB,
        }
    }

    /// The number of the level that the board writes so, 0 for the mildest.
    pub fn level(self, name: &str) -> Option<u8> {
        let at = self.levels().iter().position(|level| level.name == name)?;
        u8::try_from(at).ok()
    }

    /// The mildest level of this board for what another board says is from `age` on: never milder
    /// than that says, and [`ABOVE`] where no level is.
    pub fn at_least(self, age: u8) -> u8 {
        if self == Self::Esrb {
            // Early Childhood is not given any more. What is 18 elsewhere is Mature here.
            let esrb = match age {
                0 => Esrb::Everyone,
                1..=10 => Esrb::Everyone10,
                11..=13 => Esrb::Teen,
                14..=18 => Esrb::Mature,
                _ => Esrb::AdultsOnly,
            };
            return esrb as u8;
        }
        let at = self.levels().iter().position(|level| level.age >= age);
        at.and_then(|at| u8::try_from(at).ok()).unwrap_or(ABOVE)
    }

    /// The level of this board that is at least as strict as whatever stands so on the ESRB's scale,
    /// whichever board said it: Mature is also what is 18 elsewhere.
    pub fn of_esrb(self, esrb: Esrb) -> u8 {
        match (self, esrb) {
            (Self::Esrb, _) => esrb as u8,
            (other, Esrb::Mature) => other.at_least(18),
            (other, _) => other.at_least(ESRB[esrb as usize].age),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_board_gets_milder_by_being_mapped() {
        for from in Board::ALL {
            for level in from.levels() {
                for to in Board::ALL.into_iter().filter(|to| *to != from) {
                    let Some(mapped) = to.levels().get(usize::from(to.at_least(level.age))) else {
                        assert_eq!(level.age, REFUSED, "{from:?} {} by {to:?}", level.name);
                        continue;
                    };
                    // Mature stands for 18: Adults Only is for what is refused.
                    let age = if to == Board::Esrb && mapped.name == "M" {
                        18
                    } else {
                        mapped.age
                    };
                    assert!(age >= level.age, "{from:?} {} by {to:?}", level.name);
                }
            }
        }
    }

    #[test]
    fn levels_grow_and_what_is_refused_is_above_them_all() {
        for board in Board::ALL {
            let levels = board.levels();
            assert!(levels.is_sorted_by_key(|level| level.age), "{board:?}");
            assert!(levels.len() < usize::from(ABOVE));
            for (number, level) in levels.iter().enumerate() {
                assert_eq!(board.level(level.name), u8::try_from(number).ok());
            }
            let refused = board.at_least(REFUSED);
            let strongest = levels.len() - 1;
            assert!(usize::from(refused) >= strongest, "{board:?}");
        }
    }

    #[test]
    fn the_esrbs_levels_are_those_of_its_scale() {
        for esrb in Esrb::ALL {
            let level = Board::Esrb.levels()[esrb as usize];
            assert_eq!(Esrb::parse(level.name), Some(esrb));
        }
    }
}
