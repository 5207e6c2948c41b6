//! The boards, by name: never by a provider's numbers, which have been dealt anew before.

use super::ESRB;
use djinn_kernel::Esrb;

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

/// What a rating of another board is by the North American scale, never milder than it says.
///
/// ESRB's Teen begins at 13 and its Mature at 17, so 12 is Teen and everything from 14 on Mature.
pub fn at_least(board: &str, rating: &str) -> Option<Esrb> {
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
    match board {
        "PEGI" => match age()? {
            3 => Some(Esrb::Everyone),
            7 => Some(Esrb::Everyone10),
            12 => Some(Esrb::Teen),
            16 | 18 => Some(Esrb::Mature),
            _ => None,
        },
        "USK" | "Steam Germany" => match age()? {
            0 => Some(Esrb::Everyone),
            6 => Some(Esrb::Everyone10),
            12 => Some(Esrb::Teen),
            16 | 18 => Some(Esrb::Mature),
            _ => None,
        },
        "CERO" => match letter.as_str() {
            "A" => Some(Esrb::Everyone),
            "B" => Some(Esrb::Teen),
            "C" | "D" | "Z" => Some(Esrb::Mature),
            _ => None,
        },
        "GRAC" => match (letter.as_str(), age()) {
            ("ALL", _) => Some(Esrb::Everyone),
            (_, Some(12)) => Some(Esrb::Teen),
            (_, Some(15 | 18 | 19)) => Some(Esrb::Mature),
            _ => None,
        },
        "ClassInd" => match (letter.as_str(), age()) {
            ("L", _) => Some(Esrb::Everyone),
            (_, Some(10)) => Some(Esrb::Everyone10),
            (_, Some(12)) => Some(Esrb::Teen),
            (_, Some(14 | 16 | 18)) => Some(Esrb::Mature),
            _ => None,
        },
        "ACB" => match letter.split([' ', '+']).next().unwrap_or_default() {
            "G" => Some(Esrb::Everyone),
            "PG" => Some(Esrb::Teen),
            "M" | "MA" | "MA15" | "R" | "R18" => Some(Esrb::Mature),
            // Refused classification: not to be sold to anybody.
            "RC" => Some(Esrb::AdultsOnly),
            _ => None,
        },
        _ => None,
    }
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
    fn no_board_gets_milder_by_being_mapped() {
        // The youngest age each level of ours admits.
        let admits = |level| match level {
            Esrb::EarlyChildhood | Esrb::Everyone => 6,
            Esrb::Everyone10 => 10,
            Esrb::Teen => 13,
            Esrb::Mature => 17,
            Esrb::AdultsOnly => 18,
        };
        for (board, rating, age) in [
            ("PEGI", "3", 3),
            ("PEGI", "7", 7),
            ("PEGI", "12", 12),
            ("PEGI", "16", 16),
            ("USK", "0", 0),
            ("USK", "6", 6),
            ("USK", "12", 12),
            ("USK", "16", 16),
            ("CERO", "A", 0),
            ("CERO", "B", 12),
            ("CERO", "C", 15),
            ("CERO", "D", 17),
            ("GRAC", "ALL", 0),
            ("GRAC", "12", 12),
            ("GRAC", "15", 15),
            ("ClassInd", "L", 0),
            ("ClassInd", "10", 10),
            ("ClassInd", "12", 12),
            ("ClassInd", "14", 14),
            ("ClassInd", "16", 16),
            ("ACB", "M", 15),
            ("ACB", "MA 15+", 15),
        ] {
            let level = at_least(board, rating).expect(rating);
            assert!(admits(level) >= age, "{board} {rating} became {level:?}");
        }
        for (board, rating) in [
            ("GRAC", "TESTING"),
            ("ESRB", "RP"),
            ("CERO", "?"),
            ("X", "18"),
        ] {
            assert_eq!(at_least(board, rating), None, "{board} {rating}");
        }
    }
}
