//! How well a title fits what somebody typed.
//!
//! Exact, then prefix, then the beginnings of words, then anywhere; and only when nothing fits
//! so, with a slip of the keyboard. Roman and Arabic numbers are the same number.

use super::slips::{LONGEST_WORD, slips};
use crate::game::fold::{arabic, fold, is_wide};

/// A title, folded once for all queries to come.
#[derive(Debug, Clone)]
pub struct TitleText {
    /// Folded.
    plain: Box<str>,
    /// The same with Roman numerals as digits, where there are any.
    arabic: Option<Box<str>>,
    /// Without spaces, for "halflife" and "Half-Life"; only where there are several words.
    compact: Option<Box<str>>,
    /// The characters of every word, for a quick look before a slow one.
    masks: Box<[u64]>,
}

impl TitleText {
    /// Folds `title`.
    pub fn new(title: &str) -> Self {
        let plain = fold(title);
        let arabic = arabic(&plain).map(Into::into);
        let masks = plain.split(' ').map(mask).collect();
        let compact = plain.contains(' ').then(|| plain.replace(' ', "").into());
        Self {
            plain: plain.into(),
            arabic,
            compact,
            masks,
        }
    }

    /// The folded title.
    pub fn plain(&self) -> &str {
        &self.plain
    }

    fn arabic(&self) -> &str {
        self.arabic.as_deref().unwrap_or(&self.plain)
    }

    fn compact(&self) -> &str {
        self.compact.as_deref().unwrap_or(&self.plain)
    }

    /// Whether a word begins with `token`, and whether it is all of the word.
    fn begins(&self, token: &Token) -> Option<bool> {
        let mut found = None;
        for word in self.plain.split(' ') {
            if word.starts_with(&*token.plain) {
                found = Some(found == Some(true) || word.len() == token.plain.len());
            }
        }
        if found == Some(true) {
            return found;
        }
        // A number is whole or it is another number: "final fantasy 1" does not begin 13.
        let whole = token
            .number
            .as_deref()
            .is_some_and(|number| self.arabic().split(' ').any(|word| word == number));
        if whole { Some(true) } else { found }
    }
}

/// What somebody typed.
#[derive(Debug)]
pub struct Query {
    plain: String,
    arabic: String,
    compact: String,
    tokens: Vec<Token>,
}

#[derive(Debug)]
struct Token {
    plain: Box<str>,
    /// The number it may stand for, in digits.
    number: Option<Box<str>>,
    /// How many slips are forgiven.
    slips: u8,
    mask: u64,
    /// Too short to be looked for inside words.
    short: bool,
}

/// The smaller the better.
pub type Score = u32;

const PREFIX: Score = 100;
const WORDS: Score = 200;
const ANYWHERE: Score = 300;
const SLIPS: Score = 400;

/// Whether a title of this score is what was typed, articles and the kind of numerals aside.
pub const fn is_it(score: Score) -> bool {
    score < PREFIX
}

/// Whether every word that was typed begins one of the title's.
pub const fn has_its_words(score: Score) -> bool {
    score < ANYWHERE
}

impl Query {
    /// Folds what was typed; `None` when there is nothing to look for.
    pub fn new(text: &str) -> Option<Self> {
        let plain = fold(text);
        if plain.is_empty() {
            return None;
        }
        let arabic = arabic(&plain).unwrap_or_else(|| plain.clone());
        let tokens = plain
            .split(' ')
            .zip(arabic.split(' '))
            .map(|(plain, arabic)| Token::new(plain, arabic))
            .collect();
        Some(Self {
            compact: plain.replace(' ', ""),
            plain,
            arabic,
            tokens,
        })
    }

    /// How well `title` fits as it is typed.
    pub fn fits(&self, title: &TitleText) -> Option<Score> {
        self.whole(title)
            .or_else(|| self.words(title))
            .or_else(|| self.anywhere(title))
    }

    fn whole(&self, title: &TitleText) -> Option<Score> {
        if *title.plain == *self.plain {
            return Some(0);
        }
        if title.arabic() == self.arabic {
            return Some(1);
        }
        let (name, wanted) = (bare(&title.plain), bare(&self.plain));
        if name == wanted || bare(title.arabic()) == bare(&self.arabic) {
            return Some(2);
        }
        let rest = name.strip_prefix(wanted).or_else(|| {
            bare(title.arabic())
                .strip_prefix(bare(&self.arabic))
                .filter(|rest| rest.starts_with(' '))
        })?;
        // "Portal 2" before "Portals", when "portal" was typed.
        Some(PREFIX + Score::from(!rest.starts_with(' ')))
    }

    fn words(&self, title: &TitleText) -> Option<Score> {
        let mut score = WORDS;
        for token in &self.tokens {
            score += Score::from(!title.begins(token)?);
        }
        Some(score)
    }

    fn anywhere(&self, title: &TitleText) -> Option<Score> {
        // Below four letters, what straddles two words is chance.
        if self.compact.len() >= 4 && title.compact().contains(&self.compact) {
            return Some(ANYWHERE);
        }
        let inside = |token: &Token| {
            (!token.short && title.plain.contains(&*token.plain)) || title.begins(token).is_some()
        };
        self.tokens.iter().all(inside).then_some(ANYWHERE + 1)
    }

    /// How well `title` fits when slips of the keyboard are forgiven.
    pub fn nearly_fits(&self, title: &TitleText) -> Option<Score> {
        let mut score = SLIPS;
        for token in &self.tokens {
            score += match title.begins(token) {
                Some(whole) => Score::from(!whole),
                None => token.nearly(title)?,
            };
        }
        // Of titles that fit alike, the one with fewer words nobody typed was meant.
        let untyped = title
            .plain
            .split(' ')
            .filter(|word| !self.tokens.iter().any(|token| token.meant(word)));
        Some(score + untyped.count() as Score)
    }
}

impl Token {
    fn new(plain: &str, arabic: &str) -> Self {
        let length = plain.chars().count();
        let wide = plain.chars().any(is_wide);
        // A digit is never a slip: 2 and 3 are different games. Neither is a Chinese character.
        let firm = wide || plain.bytes().any(|b| b.is_ascii_digit()) || length > LONGEST_WORD;
        Self {
            plain: plain.into(),
            number: (arabic != plain || plain.bytes().all(|b| b.is_ascii_digit()))
                .then(|| arabic.into()),
            slips: match length {
                _ if firm => 0,
                0..=3 => 0,
                4..=7 => 1,
                _ => 2,
            },
            mask: mask(plain),
            short: length < 2 && !wide,
        }
    }

    /// Whether this may have been typed for `word`.
    fn meant(&self, word: &str) -> bool {
        word.starts_with(&*self.plain)
            || (self.slips > 0 && slips(&self.plain, word, self.slips).is_some())
    }

    /// The least cost of any word of `title`, when few enough slips lead to it.
    fn nearly(&self, title: &TitleText) -> Option<Score> {
        if self.slips == 0 {
            return None;
        }
        let mut best: Option<Score> = None;
        let mut consider = |word: &str, word_mask: u64, more: Score| {
            // Every slip can explain one letter that the word lacks.
            if (self.mask & !word_mask).count_ones() <= u32::from(self.slips) {
                let cost = slips(&self.plain, word, self.slips).map(|cost| cost + more);
                best = best.into_iter().chain(cost).min();
            }
        };
        let mut start = 0;
        let mut before: Option<(&str, u64)> = None;
        for (word, &word_mask) in title.plain.split(' ').zip(&title.masks) {
            consider(word, word_mask, 0);
            // "haflife" is two words and a slip.
            if let Some((first, first_mask)) = before {
                if let Some(joined) = title.compact().get(start..start + first.len() + word.len()) {
                    consider(joined, first_mask | word_mask, 2);
                }
                start += first.len();
            }
            before = Some((word, word_mask));
        }
        best
    }
}

/// Without the article it begins with.
fn bare(folded: &str) -> &str {
    ["the ", "a ", "an "]
        .into_iter()
        .find_map(|article| folded.strip_prefix(article))
        .unwrap_or(folded)
}

/// Which characters a word has, roughly.
fn mask(word: &str) -> u64 {
    word.chars()
        .fold(0, |mask, c| mask | 1 << (u32::from(c) & 63))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fits(query: &str, title: &str) -> Option<Score> {
        Query::new(query).unwrap().fits(&TitleText::new(title))
    }

    fn nearly(query: &str, title: &str) -> bool {
        Query::new(query)
            .unwrap()
            .nearly_fits(&TitleText::new(title))
            .is_some()
    }

    #[test]
    fn the_better_fit_comes_first() {
        let order = [
            "Portal",
            "The Portal",
            "Portal 2",
            "Portals",
            "Bridge Constructor Portal",
            "Teleportal",
        ];
        let scores: Vec<Score> = order
            .iter()
            .map(|title| fits("portal", title).unwrap())
            .collect();
        assert!(scores.is_sorted_by(|a, b| a < b), "{scores:?}");
    }

    #[test]
    fn roman_and_arabic_numbers_are_the_same() {
        assert!(fits("final fantasy 7", "FINAL FANTASY VII").unwrap() < PREFIX);
        assert!(fits("Final Fantasy VII", "Final Fantasy 7").unwrap() < PREFIX);
        assert!(fits("fantasy 7", "FINAL FANTASY VII REMAKE").is_some());
        assert_eq!(fits("final fantasy 1", "Final Fantasy XIII"), None);
        assert!(
            fits("final fantasy v", "Final Fantasy VII").is_some(),
            "somebody is still typing"
        );
    }

    #[test]
    fn letters_that_are_also_numbers_still_begin_words() {
        assert!(fits("i", "Inside").is_some());
        assert!(fits("v r", "V Rising").is_some());
    }

    #[test]
    fn spaces_and_hyphens_do_not_hide_a_game() {
        for query in [
            "halflife",
            "half life",
            "half-life",
            "HALF LIFE 2",
            "halflife2",
        ] {
            assert!(fits(query, "Half-Life 2").is_some(), "{query}");
        }
        assert!(fits("assassins creed", "Assassin’s Creed® Valhalla").is_some());
    }

    #[test]
    fn a_whole_title_with_a_slip_comes_before_longer_ones() {
        let score = |title| {
            let query = Query::new("nbula and nebula").expect("words");
            query
                .nearly_fits(&TitleText::new(title))
                .expect("it nearly fits")
        };
        assert!(score("Nebula and Nebula") < score("Nebula Wars and the Nebula"));
        assert!(score("Nebula and Nebula") < score("Nebula and Lantern"));
    }

    #[test]
    fn slips_are_forgiven_by_length() {
        for (typed, title) in [
            ("witcer", "The Witcher 3: Wild Hunt"),
            ("wticher", "The Witcher"),
            ("wittcher", "The Witcher"),
            ("assasin", "Assassin's Creed"),
            ("cyberpnuk", "Cyberpunk 2077"),
            ("civilisaton", "Sid Meier's Civilization VI"),
            ("haflife 2", "Half-Life 2"),
            ("скирим", "Скайрим"),
        ] {
            assert!(nearly(typed, title), "{typed}");
        }
        assert!(!nearly("dom", "Doom"), "three letters are too few to guess");
        assert!(
            !nearly("portal 3", "Portal 2"),
            "another number is another game"
        );
        assert!(!nearly("fifa2016", "FIFA 2017"));
    }

    #[test]
    fn chinese_and_japanese_are_found_anywhere_and_never_guessed() {
        assert!(fits("悟空", "黑神话：悟空").is_some());
        assert!(fits("ファンタジー 7", "ファイナルファンタジーVII").is_some());
        assert!(fits("空", "黑神话：悟空").is_some());
        assert!(!nearly("ファイナルファンタシイ", "ファイナルファンタジー"));
    }
}
