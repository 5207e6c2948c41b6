//! Slips of the keyboard: how far what was typed is from a word.

use super::rank::Score;

/// Longer words are not compared letter by letter.
pub const LONGEST_WORD: usize = 40;

/// What it costs to take `typed` for `word`, or for the beginning of it, with at most `limit`
/// letters wrong, missing, doubled or swapped.
pub fn slips(typed: &str, word: &str, limit: u8) -> Option<Score> {
    if typed.is_ascii() && word.is_ascii() {
        return distance(typed.as_bytes(), word.as_bytes(), limit);
    }
    let (typed, word): (Vec<char>, Vec<char>) = (typed.chars().collect(), word.chars().collect());
    distance(&typed, &word, limit)
}

/// Optimal string alignment of `typed` with `word`, bounded, on the stack.
fn distance<T: PartialEq>(typed: &[T], word: &[T], limit: u8) -> Option<Score> {
    const WIDTH: usize = LONGEST_WORD + 3;
    let reach = typed.len() + usize::from(limit);
    if typed.len() > LONGEST_WORD || word.len() + usize::from(limit) < typed.len() {
        return None;
    }
    let whole = word.len() <= reach;
    let word = word.get(..reach.min(word.len())).unwrap_or(word);
    let mut before = [0_u8; WIDTH];
    let mut above = [0_u8; WIDTH];
    let mut row = [0_u8; WIDTH];
    for (j, cell) in above.iter_mut().enumerate().take(word.len() + 1) {
        *cell = j as u8;
    }
    for (i, a) in typed.iter().enumerate() {
        row[0] = i as u8 + 1;
        let mut least = row[0];
        for (j, b) in word.iter().enumerate() {
            let mut cost = (above[j] + u8::from(a != b))
                .min(above[j + 1] + 1)
                .min(row[j] + 1);
            if i > 0 && j > 0 && *a == word[j - 1] && typed[i - 1] == *b {
                cost = cost.min(before[j - 1] + 1);
            }
            row[j + 1] = cost;
            least = least.min(cost);
        }
        // A swap looks two rows back, so one row above the limit is not the end yet.
        if least > limit + 1 {
            return None;
        }
        (before, above, row) = (above, row, before);
    }
    if whole && above[word.len()] <= limit {
        return Some(Score::from(above[word.len()]) * 2);
    }
    let beginning = above[1..=word.len()].iter().min().copied()?;
    (beginning <= limit).then(|| Score::from(beginning) * 2 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_those_of_the_textbook() {
        assert_eq!(distance(b"abcd", b"abdc", 1), Some(2), "a swap is one slip");
        assert_eq!(distance(b"abcd", b"abcd", 1), Some(0));
        assert_eq!(distance(b"abcd", b"abd", 1), Some(2));
        assert_eq!(distance(b"abcd", b"xyzw", 2), None);
        assert_eq!(
            distance(b"abce", b"abcdefgh", 1),
            Some(3),
            "the beginning of a longer word"
        );
    }
}
