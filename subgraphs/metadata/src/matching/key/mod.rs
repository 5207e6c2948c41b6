//! The structured key of a title: what it is called, and what it is.
//!
//! Two titles with the same [`TitleKey::group`] name the same work, or different works of the same
//! name, which years and stores then tell apart. Pure, and bounded for hostile titles.

mod fold;
mod words;

#[cfg(test)]
mod tests;

pub use fold::LONGEST;
pub use words::{OTHER_PRODUCTS, STANDALONE_EDITIONS};

use djinn_kernel::event::GameKind;
use words::Meaning;

/// A title taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TitleKey {
    /// The words that name the work, folded, numbers in digits. Empty only for an empty title.
    pub base: String,
    /// What kind of thing it is.
    pub kind: GameKind,
    /// Which of that kind: a soundtrack is not an artbook.
    pub marker: String,
    /// `remaster`, `vr` and the like, sorted: another work, related.
    pub work: String,
    /// `goty`, `deluxe` and the like, sorted: the same work in another box.
    pub edition: String,
    /// The year in brackets. Who writes one says there are several works of that name.
    pub year: Option<i32>,
}

/// A word, and whether a colon, dash, bracket or the end follows it.
struct Word {
    text: String,
    last: bool,
}

impl TitleKey {
    /// Takes `title` apart.
    pub fn of(title: &str) -> Self {
        let folded = fold::fold(title);
        let text = fold::articles_to_the_front(&fold::spell_out(&fold::join_acronyms(&folded)));
        let mut key = Self {
            base: String::new(),
            kind: GameKind::Game,
            marker: String::new(),
            work: String::new(),
            edition: String::new(),
            year: None,
        };
        let mut words = split(&text, &mut key);
        drop_prefix(&mut words);
        key.read_endings(&mut words);
        key.read_giveaways(&words);
        drop_article(&mut words);
        let mut base = number(&words).join(" ");
        if base.is_empty() {
            // Nothing but punctuation, or only a bracket: then that is the name.
            folded.trim().clone_into(&mut base);
            key.year = None;
        }
        if title.chars().nth(LONGEST).is_some() {
            // What lies beyond the limit still tells titles apart.
            base = format!("{base} #{:016x}", fnv1a(title));
        }
        key.base = base;
        key
    }

    /// What must be equal for two titles to be compared at all: kind, work and name.
    pub fn group(&self) -> String {
        let kind = match self.kind {
            GameKind::Game => "game",
            GameKind::Dlc => "dlc",
            GameKind::Demo => "demo",
            GameKind::Extra => "extra",
            GameKind::Tool => "tool",
        };
        format!("{kind}:{}|{}|{}", self.marker, self.work, self.base)
    }

    /// The numbers in the name, in order; a lone 1 counts for none, as the first of a series is
    /// written with it or without. Sequels differ in them.
    pub fn numbers(&self) -> Vec<&str> {
        let numbers: Vec<&str> = self
            .base
            .split(|c: char| !c.is_ascii_digit())
            .filter(|digits| !digits.is_empty())
            .collect();
        if numbers == ["1"] {
            Vec::new()
        } else {
            numbers
        }
    }

    fn read_endings(&mut self, words: &mut Vec<Word>) {
        let (mut editions, mut works, mut markers) = (Vec::new(), Vec::new(), Vec::new());
        while let Some((length, meaning)) = ending(words) {
            words.truncate(words.len() - length);
            match meaning {
                Meaning::Noise => {}
                Meaning::Edition(name) => editions.push(name),
                Meaning::Work(name) => works.push(name),
                Meaning::Kind(kind, marker) => {
                    if strength(kind) > strength(self.kind) {
                        self.kind = kind;
                        markers.clear();
                    }
                    if kind == self.kind {
                        markers.push(marker);
                    }
                }
            }
            while words.len() > 1
                && words
                    .last()
                    .is_some_and(|word| matches!(word.text.as_str(), "the" | "and" | "with"))
            {
                words.pop();
            }
            if let Some(word) = words.last_mut() {
                word.last = true;
            }
        }
        self.edition = joined(editions);
        self.work = merge(&self.work, works);
        self.marker = joined(markers);
    }

    fn read_giveaways(&mut self, words: &[Word]) {
        if self.kind != GameKind::Game {
            return;
        }
        let found = words::GIVEAWAYS.iter().find(|(phrase, ..)| {
            let length = phrase.split(' ').count();
            words
                .windows(length)
                .skip(1)
                .any(|window| reads(window, phrase))
        });
        if let Some((_, kind, marker)) = found {
            self.kind = *kind;
            (*marker).clone_into(&mut self.marker);
        }
    }
}

/// Which kind wins when a title says two: the DLC that is a soundtrack is a soundtrack.
const fn strength(kind: GameKind) -> u8 {
    match kind {
        GameKind::Game => 0,
        GameKind::Dlc => 1,
        GameKind::Tool => 2,
        GameKind::Demo => 3,
        GameKind::Extra => 4,
    }
}

fn joined(mut names: Vec<&str>) -> String {
    names.sort_unstable();
    names.dedup();
    names.join("+")
}

fn merge<'a>(have: &'a str, mut more: Vec<&'a str>) -> String {
    more.extend(have.split('+').filter(|name| !name.is_empty()));
    joined(more)
}

fn reads(words: &[Word], phrase: &str) -> bool {
    words
        .iter()
        .map(|word| word.text.as_str())
        .eq(phrase.split(' '))
}

/// The longest phrase the words end in, with its length; one word and an article are always left.
fn ending(words: &[Word]) -> Option<(usize, Meaning)> {
    let article = words
        .first()
        .is_some_and(|word| matches!(word.text.as_str(), "the" | "a" | "an"));
    let least = if article { 2 } else { 1 };
    let ends_in = |phrase: &str, words: &[Word]| -> Option<usize> {
        let length = phrase.split(' ').count();
        let start = words
            .len()
            .checked_sub(length)
            .filter(|start| *start >= least)?;
        reads(&words[start..], phrase).then_some(length)
    };
    let mut best: Option<(usize, Meaning)> = None;
    let mut offer = |length: Option<usize>, meaning: Meaning| {
        if let Some(length) =
            length.filter(|length| best.is_none_or(|(longest, _)| *length > longest))
        {
            best = Some((length, meaning));
        }
    };
    for (phrase, meaning) in words::ENDINGS {
        offer(ends_in(phrase, words), *meaning);
    }
    let (last, before) = words.split_last()?;
    let (rest, said) = if last.text == "edition" {
        (before, 1)
    } else {
        (words, 0)
    };
    if said == 1 {
        for (phrase, name) in words::EDITIONS {
            offer(
                ends_in(phrase, rest).map(|length| length + 1),
                Meaning::Edition(name),
            );
        }
        for (phrase, meaning) in words::ENDINGS {
            if matches!(meaning, Meaning::Edition(_) | Meaning::Work(_)) {
                offer(ends_in(phrase, rest).map(|length| length + 1), *meaning);
            }
        }
    }
    // "10th Anniversary Edition".
    if let [.., nth, anniversary] = rest
        && rest.len() > 2
        && anniversary.text == "anniversary"
        && ["st", "nd", "rd", "th"].iter().any(|end| {
            nth.text
                .strip_suffix(end)
                .is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()))
        })
    {
        offer(Some(2 + said), Meaning::Edition("anniversary"));
    }
    best
}

/// Splits into words, taking years and systems out of brackets.
fn split(text: &str, key: &mut TitleKey) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut word = String::new();
    let mut rest = text.chars();
    let end = |word: &mut String, words: &mut Vec<Word>| {
        if !word.is_empty() {
            words.push(Word {
                text: thousands(fold::unmask(std::mem::take(word))),
                last: false,
            });
        }
    };
    while let Some(c) = rest.next() {
        if !fold::is_separator(c) {
            word.push(c);
            continue;
        }
        end(&mut word, &mut words);
        let left = rest.as_str();
        let close = match c {
            '(' => left.find(')'),
            '[' => left.find(']'),
            _ => None,
        };
        if let Some(close) = close.filter(|close| read_bracket(&left[..*close], key)) {
            rest = left[close + 1..].chars();
        }
        let spaced_dash = c == '-' && left.starts_with(' ');
        if (spaced_dash || matches!(c, ':' | '–' | '—' | '|' | '(' | ')' | '[' | ']' | '~'))
            && let Some(word) = words.last_mut()
        {
            word.last = true;
        }
    }
    end(&mut word, &mut words);
    if let Some(word) = words.last_mut() {
        word.last = true;
    }
    words
}

/// Whether a bracket holds only a year, systems or "classic": then it is not part of the name.
fn read_bracket(inside: &str, key: &mut TitleKey) -> bool {
    let (mut year, mut classic, mut system) = (None, false, false);
    for word in inside
        .split(fold::is_separator)
        .filter(|word| !word.is_empty())
    {
        let number = word
            .parse::<i32>()
            .ok()
            .filter(|n| word.len() == 4 && (1950..2050).contains(n));
        if number.is_some() && year.is_none() {
            year = number;
        } else if word == "classic" {
            classic = true;
        } else if words::SYSTEMS.contains(&word) {
            system = true;
        } else if !words::BESIDE_SYSTEMS.contains(&word) {
            return false;
        }
    }
    if year.is_none() && !classic && !system {
        return false;
    }
    key.year = key.year.or(year);
    if classic {
        "classic".clone_into(&mut key.work);
    }
    true
}

/// `40k` is 40000.
fn thousands(word: String) -> String {
    match word.strip_suffix('k') {
        Some(n) if (1..=3).contains(&n.len()) && n.bytes().all(|b| b.is_ascii_digit()) => {
            format!("{n}000")
        }
        _ => word,
    }
}

fn drop_prefix(words: &mut Vec<Word>) {
    for prefix in words::PREFIXES {
        let length = prefix.split(' ').count();
        if words.len() > length && reads(&words[..length], prefix) {
            words.drain(..length);
            return;
        }
    }
}

/// The leading article goes where enough is left to know the work by: `Agony` is not `The Agony`.
fn drop_article(words: &mut Vec<Word>) {
    let enough = match words.first().map(|word| word.text.as_str()) {
        Some("the") => 3,
        Some("a" | "an") => 4,
        _ => return,
    };
    // A number is not enough: `Agony 2` is not `The Agony 2` either.
    let named = words.iter().filter(|word| !is_number(&word.text)).count();
    if named >= enough {
        words.remove(0);
    }
}

fn is_number(word: &str) -> bool {
    word.bytes().all(|b| b.is_ascii_digit()) || roman(word).is_some_and(|n| n > 1)
}

/// Roman numerals after the first word, in digits.
fn number(words: &[Word]) -> Vec<String> {
    words
        .iter()
        .enumerate()
        .map(|(i, word)| match roman(&word.text) {
            // "I" is a number only where a part of the title ends; elsewhere it is a person.
            Some(1) if i > 0 && word.last => "1".to_owned(),
            Some(n) if i > 0 && n > 1 => n.to_string(),
            _ => word.text.clone(),
        })
        .collect()
}

/// Reads a Roman numeral up to 39. `X`, `XX` and `XXX` are left alone: Mega Man X is not the
/// tenth, and a missed match can be mended later while a wrong one hides a game.
fn roman(word: &str) -> Option<u32> {
    if word.is_empty() || word.len() > 7 || word.bytes().all(|b| b == b'x') {
        return None;
    }
    let tens = word.bytes().take_while(|b| *b == b'x').count().min(3);
    let ones = match &word[tens..] {
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
    Some(tens as u32 * 10 + ones)
}

/// FNV-1a, 64 bits. Stored, so it must not change with a compiler as the standard hasher may.
fn fnv1a(text: &str) -> u64 {
    text.bytes().fold(0xCBF2_9CE4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3)
    })
}
