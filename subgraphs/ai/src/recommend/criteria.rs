//! What a person asked for, in words.
//!
//! The words are data: they are compared with the names of genres, tags, developers and titles,
//! and with times. Words that name nothing on the shelf are passed over, and no reason will claim
//! otherwise.

use super::{
    shelf::{Shelf, Shelved},
    time::Length,
    words::{is_empty, likeness, squash, stem, words},
};

/// Criteria as written, in their parts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Criteria {
    /// Runs of words that stood together.
    runs: Vec<Vec<String>>,
    /// Phrases that name what is not wanted, and what may follow it.
    without: Vec<Vec<String>>,
    /// Moods, each a wish of its own.
    moods: Vec<Vec<String>>,
    /// What came after "like": perhaps a title.
    like: Vec<Vec<String>>,
    /// How long it may be.
    length: Option<Length>,
    /// Whether the words say so, and not only the time at hand.
    timed: bool,
}

/// Criteria, as far as this shelf understands them.
#[derive(Debug, Clone, Default)]
pub struct Understood {
    /// What was asked for.
    pub terms: Vec<Term>,
    /// Features that are not wanted.
    pub without: Vec<u32>,
    /// A game to be alike to, by its place on the shelf.
    pub like: Option<usize>,
    /// How long it may be.
    pub length: Option<Length>,
    /// Whether there was a wish of which nothing was understood.
    pub missed: bool,
}

/// One thing that was asked for, known on the shelf.
#[derive(Debug, Clone)]
pub struct Term {
    /// As it was said.
    pub said: String,
    /// The features it names, and how well; sorted.
    features: Vec<(u32, f32)>,
}

/// What a title with the word in it counts.
const TITLE: f32 = 0.7;
/// From here on a word is a whole part of a name.
const PART: f32 = 0.75;
/// From here on a name is meant as a whole.
const WHOLE: f32 = 0.9;
/// The words of a phrase or of a title, at most.
const PHRASE: usize = 3;
const TITLE_WORDS: usize = 8;
/// A comma, among words.
const PAUSE: &str = ",";
/// What makes the words after it unwanted.
const NOT: [&str; 7] = [
    "no", "not", "without", "except", "avoid", "nothing", "never",
];
/// Where the words that are not wanted end.
const ENDS: [&str; 10] = [
    PAUSE, "and", "or", "nor", "but", "with", "for", "just", "only", "like",
];

impl Criteria {
    /// Takes `text` apart.
    pub fn parse(text: &str) -> Self {
        let mut all = Vec::new();
        for part in text.split([',', ';']) {
            all.extend(words(part));
            all.push(PAUSE.to_owned());
        }
        let all: Vec<&str> = all.iter().map(String::as_str).collect();
        let mut parts = Self::default();
        let mut run = Vec::new();
        let mut i = 0;
        while let Some(word) = all.get(i) {
            let rest = &all[i..];
            if let Some((length, taken)) = Length::read(rest) {
                parts.timed = true;
                parts.length = Some(parts.length.map_or(length, |before| before.and(length)));
                parts.runs.push(std::mem::take(&mut run));
                i += taken;
                continue;
            }
            match *word {
                PAUSE => {
                    i += 1;
                    continue;
                }
                word if NOT.contains(&word) => {
                    parts.runs.push(std::mem::take(&mut run));
                    i += 1 + parts.leave_out(&all[i + 1..]);
                    continue;
                }
                "like" | "to" => {
                    let after = all[i + 1..].iter().filter(|word| **word != PAUSE);
                    let after = after.take(TITLE_WORDS);
                    parts
                        .like
                        .push(after.map(|word| (*word).to_owned()).collect());
                }
                _ => {}
            }
            run.push((*word).to_owned());
            i += 1;
        }
        parts.runs.push(run);
        parts.runs.retain(|run| !run.is_empty());
        parts
    }

    /// Reads what is not wanted at the start of `words`; says how many words that took. What "or"
    /// adds is not wanted either.
    fn leave_out(&mut self, words: &[&str]) -> usize {
        let mut i = 0;
        loop {
            i += words[i..].iter().take_while(|word| is_empty(word)).count();
            let mut phrase: Vec<String> = Vec::new();
            while let Some(word) = words.get(i) {
                let ends = ENDS.contains(word) || NOT.contains(word);
                // "No long games" wants none that is long; a length further on is another wish.
                if ends || (!phrase.is_empty() && Length::read(&words[i..]).is_some()) {
                    break;
                }
                phrase.push((*word).to_owned());
                i += 1;
            }
            if phrase.is_empty() {
                return i;
            }
            self.without.push(phrase);
            match words.get(i) {
                Some(&("or" | "nor")) => i += 1,
                _ => return i,
            }
        }
    }

    /// With moods, each a wish of its own.
    #[must_use]
    pub fn with_moods(mut self, moods: &[String]) -> Self {
        let moods = moods.iter().map(|mood| words(mood));
        self.moods.extend(moods.filter(|run| !run.is_empty()));
        self
    }

    /// With so many minutes at hand: what takes longer is not left out, but comes later.
    #[must_use]
    pub fn within(mut self, minutes: i32) -> Self {
        let at_hand = Length {
            most: Some(minutes),
            ..Length::default()
        };
        self.length = Some(self.length.map_or(at_hand, |before| before.and(at_hand)));
        self
    }

    /// What of it this shelf understands.
    pub fn on(&self, shelf: &Shelf) -> Understood {
        let mut understood = Understood {
            length: self.length,
            ..Understood::default()
        };
        let mut named: &[String] = &[];
        for after in &self.like {
            if let Some((game, taken)) = titled(shelf, after) {
                understood.like = Some(game);
                named = &after[..taken];
            }
        }
        for run in &self.runs {
            understood.terms.extend(terms(shelf, run, named));
        }
        for phrase in &self.without {
            let (unwanted, taken) = unwanted(shelf, phrase);
            understood.without.extend(unwanted);
            understood.terms.extend(terms(shelf, &phrase[taken..], &[]));
        }
        let nothing = !self.timed
            && understood.like.is_none()
            && understood.terms.is_empty()
            && understood.without.is_empty();
        let mut said = self.runs.iter().chain(&self.without);
        understood.missed = nothing && said.any(|words| says_something(words));
        for mood in &self.moods {
            let terms = terms(shelf, mood, &[]);
            understood.missed |= terms.is_empty() && says_something(mood);
            understood.terms.extend(terms);
        }
        understood
    }
}

/// Whether any of these words may say something about a game.
fn says_something(words: &[String]) -> bool {
    words.iter().any(|word| !is_empty(word))
}

/// What is asked for in these words, without those that are the title `named`.
fn terms(shelf: &Shelf, words: &[String], named: &[String]) -> Vec<Term> {
    let mut terms = Vec::new();
    let mut i = 0;
    while i < words.len() {
        if !named.is_empty() && words[i..].starts_with(named) {
            i += named.len();
            continue;
        }
        let (term, taken) = term(shelf, &words[i..]);
        terms.extend(term);
        i += taken;
    }
    terms
}

/// The features that are not wanted by the first words of `phrase` that name any, and where these
/// words end: what follows is a wish again. When none does, all of it is what nobody wants.
fn unwanted(shelf: &Shelf, phrase: &[String]) -> (Vec<u32>, usize) {
    let named = |words: &[String], most: f32| -> Vec<u32> {
        let all = features(shelf, &words.concat()).into_iter();
        all.filter(|(_, how)| *how >= most)
            .map(|(id, _)| id)
            .collect()
    };
    for at in 0..phrase.len() {
        let rest = &phrase[at..];
        for taken in (1..=PHRASE.min(rest.len())).rev() {
            if taken == 1 && is_empty(&rest[0]) {
                continue;
            }
            // A part of a longer name will do for one word.
            let enough = if taken > 1 { WHOLE } else { PART };
            let found = named(&rest[..taken], enough);
            if !found.is_empty() {
                return (found, at + taken);
            }
        }
    }
    (Vec::new(), phrase.len())
}

/// The features a squashed name means, and how well.
fn features(shelf: &Shelf, said: &str) -> Vec<(u32, f32)> {
    let all = (0..).zip(shelf.features());
    all.map(|(id, feature)| (id, likeness(said, &feature.squashed, &feature.words)))
        .filter(|(_, how)| *how > 0.0)
        .collect()
}

/// The longest phrase at the start of `words` that names something, and how many words it has.
fn term(shelf: &Shelf, words: &[String]) -> (Option<Term>, usize) {
    for taken in (2..=PHRASE.min(words.len())).rev() {
        let features: Vec<_> = features(shelf, &words[..taken].concat())
            .into_iter()
            .filter(|(_, how)| *how >= WHOLE)
            .collect();
        if !features.is_empty() {
            return (
                Some(Term {
                    said: words[..taken].join(" "),
                    features,
                }),
                taken,
            );
        }
    }
    let word = &words[0];
    if is_empty(word) {
        return (None, 1);
    }
    let term = Term {
        said: word.clone(),
        features: features(shelf, word),
    };
    let known = !term.features.is_empty() || shelf.games().iter().any(|game| term.in_title(game));
    (known.then_some(term), 1)
}

/// The game whose title `words` start with, and how many words it has. A title may be said
/// without what follows its colon; a title that is also the name of a genre or tag is not meant.
fn titled(shelf: &Shelf, words: &[String]) -> Option<(usize, usize)> {
    (1..=words.len()).rev().find_map(|taken| {
        let said = words[..taken].concat();
        if shelf
            .features()
            .iter()
            .any(|feature| feature.squashed == said)
        {
            return None;
        }
        let short = |game: &Shelved| {
            game.held
                .facts
                .title
                .split_once(':')
                .is_some_and(|(short, _)| squash(short) == said)
        };
        let games = shelf.games();
        let game = games
            .iter()
            .position(|game| game.title().squashed == said)
            .or_else(|| games.iter().position(short));
        game.map(|game| (game, taken))
    })
}

impl Term {
    fn in_title(&self, game: &Shelved) -> bool {
        let words = &game.title().words;
        words.iter().any(|word| stem(word) == stem(&self.said))
    }

    /// The feature of `game` that this term names best.
    pub fn names(&self, game: &Shelved) -> Option<(u32, f32)> {
        let found = game.vector.iter().filter_map(|(id, _)| {
            let at = self.features.binary_search_by_key(id, |(id, _)| *id).ok()?;
            Some(self.features[at])
        });
        found.reduce(|best, next| if next.1 > best.1 { next } else { best })
    }

    /// How well it fits `game`, 0 to 1.
    pub fn fit(&self, game: &Shelved) -> f32 {
        let named = self.names(game).map_or(0.0, |(_, how)| how);
        if named < TITLE && self.in_title(game) {
            TITLE
        } else {
            named
        }
    }
}

impl Understood {
    /// Whether anything was understood that can prefer one game to another.
    pub fn asks(&self) -> bool {
        !self.terms.is_empty() || self.like.is_some() || self.length.is_some()
    }

    /// How well the words fit `game`; `None` when there are none.
    pub fn words(&self, game: &Shelved) -> Option<f32> {
        let fits = self.terms.iter().map(|term| term.fit(game)).sum::<f32>();
        (!self.terms.is_empty()).then(|| fits / self.terms.len() as f32)
    }

    /// Whether `game` has something that is not wanted.
    pub fn unwanted(&self, game: &Shelved) -> bool {
        game.vector.iter().any(|(id, _)| self.without.contains(id))
    }
}
