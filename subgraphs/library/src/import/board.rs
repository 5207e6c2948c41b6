//! Ratings of boards other than the ESRB, as files write them: `PEGI 18`, `CLASS_IND 14`.

use super::{Cell, cell};
use djinn_kernel::{Esrb, event::BoardRating};

/// At most so many of one game: there are no more boards.
pub const MOST: usize = 20;

/// The boards by name, in lower-case letters only.
const BOARDS: [&str; 11] = [
    "pegi", "usk", "cero", "grac", "kgrb", "classind", "dejus", "acb", "bbfc", "csrr", "gsrr",
];

/// A longer rating is none.
const LONGEST: usize = 20;

/// What a list of boards says: the ESRB, and the others that are known.
pub fn ratings(value: &Cell) -> (Option<Esrb>, Vec<BoardRating>) {
    let words = cell::words(value, &[',']).unwrap_or_default();
    let esrb = words.iter().find_map(|word| {
        let rating = word.trim().strip_prefix("ESRB")?;
        Esrb::parse(rating.trim())
    });
    let boards = words.iter().filter_map(|word| read(word));
    (esrb, boards.take(MOST).collect())
}

/// Reads a rating that stands behind its board. `None` when no board that is known is before it.
fn read(text: &str) -> Option<BoardRating> {
    let (board, rating) = text.trim().split_once([' ', ':'])?;
    let bare: String = board
        .chars()
        .filter(|c| !matches!(c, '_' | '-'))
        .map(|c| c.to_ascii_lowercase())
        .collect();
    let rating = rating.trim();
    let sound = (1..=LONGEST).contains(&rating.len()) && !rating.chars().any(char::is_control);
    (sound && BOARDS.contains(&&*bare)).then(|| BoardRating {
        board: board.to_owned(),
        rating: rating.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rating_is_read_with_its_board() {
        for (text, board, rating) in [
            ("PEGI 18", "PEGI", "18"),
            (" USK: 16 ", "USK", "16"),
            ("CLASS_IND Fourteen", "CLASS_IND", "Fourteen"),
            ("ACB MA 15+", "ACB", "MA 15+"),
        ] {
            let said = read(text).expect(text);
            assert_eq!((&*said.board, &*said.rating), (board, rating), "{text}");
        }
        for text in ["ESRB M", "E - Everyone", "PEGI", "Mature 17+", "PEGI "] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
