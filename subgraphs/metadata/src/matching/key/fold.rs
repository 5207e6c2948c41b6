//! Folding: the spelling differences that never tell two works apart.

use unicode_normalization::UnicodeNormalization;

/// No more of a title than this is looked at.
pub const LONGEST: usize = 512;

/// Trademark signs, apostrophes and characters nobody sees.
///
/// They go before the normalisation, which would turn `™` into the letters TM and `´` into a
/// space.
const fn is_ornament(c: char) -> bool {
    matches!(
        c,
        '™' | '®' | '©' | '℠' | '℗'
            | '\'' | '’' | '‘' | '‛' | '`' | '´' | 'ʼ' | '′' | '＇'
            | '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}'
    )
}

/// What stands between words.
pub fn is_separator(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || c.is_ascii_punctuation()
        || matches!(
            c,
            '\u{A1}'..='\u{BF}' | '\u{2010}'..='\u{205E}' | '\u{2E00}'..='\u{2E7F}'
                | '\u{3001}'..='\u{3004}' | '\u{3008}'..='\u{3020}' | '\u{3030}' | '\u{30FB}' | '\u{FE30}'..='\u{FE4F}'
        )
}

/// Whether a diacritic on this letter is a matter of spelling. In Cyrillic and kana it makes
/// another letter.
fn sheds_diacritics(c: char) -> bool {
    c.is_ascii_alphabetic() || matches!(c, '\u{370}'..='\u{3FF}')
}

/// Compatibility forms, case, diacritics, ornaments and look-alike letters folded.
pub fn fold(title: &str) -> String {
    let mut folded = String::new();
    let (mut length, mut sheds) = (0, false);
    for c in title
        .chars()
        .take(LONGEST)
        .filter(|c| !is_ornament(*c))
        .nfkd()
    {
        if ('\u{300}'..='\u{36F}').contains(&c) && sheds {
            continue;
        }
        // One character can decompose into eighteen.
        length += 1;
        if length > LONGEST {
            break;
        }
        sheds = sheds_diacritics(c);
        for c in c.to_lowercase() {
            match c {
                'ß' => folded.push_str("ss"),
                'æ' => folded.push_str("ae"),
                'œ' => folded.push_str("oe"),
                'þ' => folded.push_str("th"),
                'ø' => folded.push('o'),
                'ł' => folded.push('l'),
                'đ' | 'ð' => folded.push('d'),
                'ı' => folded.push('i'),
                'ς' => folded.push('σ'),
                c => folded.push(c),
            }
        }
    }
    folded.nfc().collect()
}

/// In a word that mixes Latin and Cyrillic, the Cyrillic letters are look-alikes.
pub fn unmask(word: String) -> String {
    let cyrillic = |c: char| ('\u{400}'..='\u{4FF}').contains(&c);
    if !word.contains(cyrillic) || !word.contains(|c: char| c.is_ascii_alphabetic()) {
        return word;
    }
    word.chars()
        .map(|c| match c {
            'а' => 'a',
            'в' => 'b',
            'с' => 'c',
            'е' | 'ё' => 'e',
            'н' => 'h',
            'і' | 'ї' => 'i',
            'ј' => 'j',
            'к' => 'k',
            'м' => 'm',
            'о' => 'o',
            'р' => 'p',
            'ѕ' => 's',
            'т' => 't',
            'у' => 'y',
            'х' => 'x',
            c => c,
        })
        .collect()
}

/// `f.e.a.r. 2` is `fear 2`: letters with a dot after each are one word.
pub fn join_acronyms(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let letter = |i: usize| chars.get(i).is_some_and(|c| c.is_alphabetic());
    let word = |i: usize| chars.get(i).is_some_and(|c| c.is_alphanumeric());
    let dot = |i: usize| chars.get(i) == Some(&'.');
    let mut joined = String::with_capacity(text.len());
    let mut i = 0;
    while let Some(&c) = chars.get(i) {
        let starts = i == 0 || !word(i - 1);
        if !(starts && letter(i) && dot(i + 1) && letter(i + 2) && !word(i + 3)) {
            joined.push(c);
            i += 1;
            continue;
        }
        while letter(i) && dot(i + 1) {
            joined.push(chars[i]);
            i += 2;
        }
        if letter(i) && !word(i + 1) {
            joined.push(chars[i]);
            i += 1;
        } else if word(i) {
            joined.push(' ');
        }
    }
    joined
}

/// `10,000,000` is one number; `&` and a `+` between words are `and`, any other `+` is `plus`.
pub fn spell_out(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let digit = |i: usize| chars.get(i).is_some_and(char::is_ascii_digit);
    let mut spelt = String::with_capacity(text.len());
    for (i, &c) in chars.iter().enumerate() {
        let after_digit = i > 0 && digit(i - 1);
        let thousand = c == ','
            && after_digit
            && digit(i + 1)
            && digit(i + 2)
            && digit(i + 3)
            && !digit(i + 4);
        if thousand {
            continue;
        }
        match c {
            '&' => spelt.push_str(" and "),
            '+' => {
                let space = |c: Option<&char>| c.is_none_or(|c| is_separator(*c));
                let (before, after) = (
                    i.checked_sub(1).and_then(|i| chars.get(i)),
                    chars.get(i + 1),
                );
                let between = before.is_some() && after.is_some() && space(before) == space(after);
                spelt.push_str(if between { " and " } else { " plus " });
            }
            c => spelt.push(c),
        }
    }
    spelt
}

/// Articles that a catalogue puts behind a comma: `7th guest, the`.
const ARTICLES: [&str; 19] = [
    "the", "a", "an", "der", "die", "das", "ein", "eine", "le", "la", "les", "el", "los", "las",
    "il", "lo", "gli", "de", "het",
];

/// `legend of zelda, the: a link` becomes `the legend of zelda: a link`.
pub fn articles_to_the_front(text: &str) -> String {
    for (comma, _) in text.match_indices(", ") {
        let (before, after) = (&text[..comma], &text[comma + 2..]);
        for article in ARTICLES {
            let Some(rest) = after.strip_prefix(article) else {
                continue;
            };
            if !(rest.is_empty()
                || rest
                    .trim_start()
                    .starts_with([':', '-', '–', '—', '(', '[']))
            {
                continue;
            }
            return format!("{article} {before}{rest}");
        }
    }
    text.to_owned()
}
