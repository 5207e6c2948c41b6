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
    /// Words that are not wanted.
    without: Vec<String>,
    /// What came after "like": perhaps a title.
    like: Vec<Vec<String>>,
    /// How long it may be.
    length: Option<Length>,
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
/// From here on a name is meant as a whole.
const WHOLE: f32 = 0.9;
/// The words of a phrase or of a title, at most.
const PHRASE: usize = 3;
const TITLE_WORDS: usize = 8;

impl Criteria {
    /// Takes `text` apart.
    pub fn parse(text: &str) -> Self {
        let all = words(text);
        let all: Vec<&str> = all.iter().map(String::as_str).collect();
        let mut parts = Self::default();
        let mut run = Vec::new();
        let mut i = 0;
        while let Some(word) = all.get(i) {
            let rest = &all[i..];
            if let Some((length, taken)) = Length::read(rest) {
                parts.length = Some(parts.length.map_or(length, |before| before.and(length)));
                parts.runs.push(std::mem::take(&mut run));
                i += taken;
                continue;
            }
            match *word {
                "no" | "not" | "without" | "except" | "avoid" | "nothing" | "never" => {
                    parts.runs.push(std::mem::take(&mut run));
                    i += 1;
                    let skipped = all[i..].iter().take_while(|word| is_empty(word)).count();
                    if let Some(word) = all.get(i + skipped) {
                        parts.without.push((*word).to_owned());
                        i += skipped + 1;
                    }
                    continue;
                }
                "like" | "to" => {
                    let after = all[i + 1..].iter().take(TITLE_WORDS);
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

    /// With moods, each a wish of its own.
    #[must_use]
    pub fn with_moods(mut self, moods: &[String]) -> Self {
        let moods = moods.iter().map(|mood| words(mood));
        self.runs.extend(moods.filter(|run| !run.is_empty()));
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
            let mut i = 0;
            while i < run.len() {
                if !named.is_empty() && run[i..].starts_with(named) {
                    i += named.len();
                    continue;
                }
                let (term, taken) = term(shelf, &run[i..]);
                understood.terms.extend(term);
                i += taken;
            }
        }
        for word in &self.without {
            let named = features(shelf, word);
            understood.without.extend(
                named
                    .iter()
                    .filter(|(_, how)| *how > TITLE)
                    .map(|(id, _)| *id),
            );
        }
        understood
    }
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
