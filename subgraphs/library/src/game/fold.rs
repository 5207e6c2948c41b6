//! Folding titles and queries into one spelling, so that "Pokémon™: Let's Go" and
//! "pokemon lets go" are the same text.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// Titles are looked at this far: a longer one is somebody's mistake, or an attack.
const LONGEST: usize = 256;
/// A sort key ends here, so that a cursor which carries one stays short.
const LONGEST_KEY: usize = 96;

/// The text in lower case, without marks, symbols and doubled spaces; Chinese, Japanese and Korean
/// runs stand apart from Latin ones. A title of symbols only keeps them.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len().min(LONGEST) + 8);
    let mut chars = 0;
    let mut last = Class::Gap;
    // Trade mark signs go first: their compatibility forms are the letters "TM" and "SM".
    let signs = |c: &char| !matches!(c, '™' | '®' | '©' | '℠' | '℗');
    for c in text.chars().take(LONGEST * 2).filter(signs).nfkd() {
        if is_combining_mark(c) && !is_kana_mark(c) {
            continue;
        }
        for c in c.to_lowercase() {
            let class = Class::of(c);
            match class {
                Class::Joined => {}
                Class::Gap => last = Class::Gap,
                Class::Letter | Class::Wide => {
                    if class != last && !folded.is_empty() {
                        folded.push(' ');
                        chars += 1;
                    }
                    last = class;
                    match spelled_out(c) {
                        Some(letters) => folded.push_str(letters),
                        None => folded.push(c),
                    }
                    chars += 1;
                }
                Class::And => {
                    if !folded.is_empty() {
                        folded.push(' ');
                    }
                    folded.push_str("and");
                    chars += 4;
                    last = Class::Gap;
                }
            }
        }
        if chars >= LONGEST {
            break;
        }
    }
    if folded.is_empty() {
        return text
            .chars()
            .take(LONGEST)
            .flat_map(char::to_lowercase)
            .filter(|c| !c.is_whitespace())
            .collect();
    }
    folded
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    /// Part of a word.
    Letter,
    /// Part of a word in a script without spaces.
    Wide,
    /// Between words.
    Gap,
    /// Not there at all: "Assassin's" is one word.
    Joined,
    /// The sign for "and".
    And,
}

impl Class {
    fn of(c: char) -> Self {
        match c {
            '\''
            | '’'
            | '‘'
            | 'ʼ'
            | '`'
            | '´'
            | '\u{200b}'..='\u{200d}'
            | '\u{feff}'
            | '\u{ad}' => Self::Joined,
            '&' => Self::And,
            c if is_wide(c) => Self::Wide,
            c if c.is_alphanumeric() => Self::Letter,
            _ => Self::Gap,
        }
    }
}

/// Whether `c` belongs to Chinese, Japanese or Korean, where words are not set apart by spaces.
/// Hangul is here in the parts NFKD takes it to.
pub fn is_wide(c: char) -> bool {
    matches!(c,
        '\u{1100}'..='\u{11ff}' | '\u{3005}'..='\u{3007}' | '\u{3041}'..='\u{3096}' | '\u{3099}' | '\u{309a}'
        | '\u{30a1}'..='\u{30fa}' | '\u{30fc}' | '\u{31f0}'..='\u{31ff}' | '\u{3400}'..='\u{4dbf}'
        | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}')
}

/// Voicing marks make another syllable, not another accent.
const fn is_kana_mark(c: char) -> bool {
    matches!(c, '\u{3099}' | '\u{309a}')
}

/// Letters that decomposition leaves whole, as people type them.
const fn spelled_out(c: char) -> Option<&'static str> {
    Some(match c {
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'ø' => "o",
        'ł' => "l",
        'đ' | 'ð' => "d",
        'þ' => "th",
        'ı' => "i",
        'ς' => "σ",
        _ => return None,
    })
}

/// The number a word stands for when it is a Roman numeral up to 39, as sequels are counted.
pub fn roman(word: &str) -> Option<u32> {
    let rest = word.trim_start_matches('x');
    let tens = (word.len() - rest.len()) as u32;
    let ones = match rest {
        "" => 0,
        "i" => 1,
        "ii" => 2,
        "iii" => 3,
        "iv" => 4,
        "v" => 5,
        "vi" => 6,
        "vii" => 7,
        "viii" => 8,
        "ix" => 9,
        _ => return None,
    };
    (tens <= 3 && tens * 10 + ones > 0).then_some(tens * 10 + ones)
}

/// A folded text with its Roman numerals as digits; `None` when it has none.
pub fn arabic(folded: &str) -> Option<String> {
    if !folded.split(' ').any(|word| roman(word).is_some()) {
        return None;
    }
    let mut text = String::with_capacity(folded.len() + 2);
    for word in folded.split(' ') {
        if !text.is_empty() {
            text.push(' ');
        }
        match roman(word) {
            Some(number) => text.push_str(&number.to_string()),
            None => text.push_str(word),
        }
    }
    Some(text)
}

/// What a list sorts a title by: folded, the English article last, numbers by their value and
/// Roman ones among them, so that "Final Fantasy IX" stands between VIII and X.
pub fn sort_key(title: &str) -> String {
    let folded = fold(title);
    let (article, rest) = ["the", "a", "an"]
        .into_iter()
        .find_map(|article| {
            let rest = folded.strip_prefix(article)?.strip_prefix(' ')?;
            (!rest.is_empty()).then_some((Some(article), rest))
        })
        .unwrap_or((None, &folded));
    let mut key = String::with_capacity(folded.len() + 8);
    for (i, word) in rest.split(' ').chain(article).enumerate() {
        if i > 0 {
            key.push(' ');
        }
        // "V Rising" and "I Am Bread" are words, not numbers.
        match roman(word).filter(|_| i > 0) {
            Some(number) => pad(&mut key, &number.to_string()),
            None => push_padded(&mut key, word),
        }
    }
    match key.char_indices().nth(LONGEST_KEY) {
        Some((end, _)) => key[..end].to_owned(),
        None => key,
    }
}

/// Appends `word` with every run of digits padded, so that 10 sorts after 9.
fn push_padded(key: &mut String, word: &str) {
    let mut digits = String::new();
    for c in word.chars() {
        if c.is_ascii_digit() {
            digits.push(c);
            continue;
        }
        pad(key, &digits);
        digits.clear();
        key.push(c);
    }
    pad(key, &digits);
}

fn pad(key: &mut String, digits: &str) {
    if !digits.is_empty() {
        key.extend(std::iter::repeat_n(
            '0',
            5_usize.saturating_sub(digits.len()),
        ));
        key.push_str(digits);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_signs_and_punctuation_do_not_matter() {
        assert_eq!(
            fold("Pokémon™: Let’s Go, Pikachu!®"),
            "pokemon lets go pikachu"
        );
        assert_eq!(fold("  Half-Life\t2 "), "half life 2");
        assert_eq!(fold("Ratchet & Clank"), "ratchet and clank");
        assert_eq!(fold("Æther Ⅶ Straße"), "aether vii strasse");
    }

    #[test]
    fn the_trade_mark_sign_never_becomes_letters() {
        assert_eq!(fold("Tetris™ Effect"), "tetris effect");
        assert_eq!(fold("Tetris™"), "tetris");
    }

    #[test]
    fn wide_scripts_stand_apart_from_latin_and_keep_their_voicing() {
        assert_eq!(
            fold("ファイナルファンタジーVII"),
            fold("ファイナルファンタジー VII")
        );
        assert_ne!(fold("ガンダム"), fold("カンタム"));
        assert_eq!(fold("ﾌｧｲﾅﾙ"), fold("ファイナル"));
        assert_eq!(fold("黑神话：悟空"), "黑神话 悟空");
    }

    #[test]
    fn a_title_of_symbols_only_keeps_them() {
        assert_eq!(fold("!!!"), "!!!");
        assert_eq!(fold(""), "");
    }

    #[test]
    fn folding_twice_changes_nothing() {
        for title in [
            "Pokémon™",
            "ガンダム 3",
            "Ratchet & Clank",
            "!!!",
            "ΑΣ",
            "İstanbul",
            "한국어",
        ] {
            assert_eq!(fold(&fold(title)), fold(title), "{title}");
        }
    }

    #[test]
    fn a_megabyte_of_title_is_cut() {
        assert!(fold(&"a".repeat(1_000_000)).len() <= LONGEST + 8);
        assert!(sort_key(&"語".repeat(1_000_000)).chars().count() <= LONGEST_KEY);
    }

    #[test]
    fn roman_numerals_are_read_and_words_are_not() {
        assert_eq!(roman("vii"), Some(7));
        assert_eq!(roman("xiv"), Some(14));
        assert_eq!(roman("civ"), None);
        assert_eq!(roman("iiii"), None);
        assert_eq!(roman(""), None);
        assert_eq!(
            arabic("final fantasy vii").as_deref(),
            Some("final fantasy 7")
        );
        assert_eq!(arabic("portal 2"), None);
    }

    #[test]
    fn articles_move_to_the_end_and_numbers_sort_by_value() {
        assert_eq!(sort_key("The Witcher"), "witcher the");
        assert_eq!(sort_key("The"), "the");
        let mut titles = [
            "Final Fantasy X",
            "Final Fantasy 9",
            "Final Fantasy II",
            "Final Fantasy VIII",
        ];
        titles.sort_by_key(|title| sort_key(title));
        assert_eq!(
            titles,
            [
                "Final Fantasy II",
                "Final Fantasy VIII",
                "Final Fantasy 9",
                "Final Fantasy X"
            ]
        );
    }
}
