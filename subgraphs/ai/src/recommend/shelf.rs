//! The games of a household as weighted features.

use super::words::{squash, words};
use crate::taste::Held;
use std::{collections::HashMap, sync::OnceLock};

/// What kind of thing two games can have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FeatureKind {
    /// A genre.
    Genre,
    /// A tag.
    Tag,
    /// Who made it.
    Developer,
}

/// Something games have in common.
#[derive(Debug, Clone, PartialEq)]
pub struct Feature {
    /// What kind. A name that is a genre of one game and a tag of another is a genre.
    pub kind: FeatureKind,
    /// As the sources write it.
    pub name: String,
    /// As one word.
    pub squashed: String,
    /// In its words.
    pub words: Vec<String>,
    /// How much it tells: rare things tell more.
    pub weight: f32,
}

/// Which features, and how much of each: sorted, of length 1, or empty.
pub type Vector = Vec<(u32, f32)>;

/// A game on the shelf.
#[derive(Debug, Clone)]
pub struct Shelved {
    /// What is held.
    pub held: Held,
    /// Its features.
    pub vector: Vector,
    /// Its title in words, once somebody asks for something in words.
    title: OnceLock<Title>,
}

/// A title as words are compared with it.
#[derive(Debug, Clone)]
pub struct Title {
    /// In words.
    pub words: Vec<String>,
    /// As one word.
    pub squashed: String,
}

impl Shelved {
    /// Its title as words are compared with it.
    pub fn title(&self) -> &Title {
        self.title.get_or_init(|| Title {
            words: words(&self.held.facts.title),
            squashed: squash(&self.held.facts.title),
        })
    }
}

/// The games, in the order of their titles, and the features they have.
#[derive(Debug, Clone, Default)]
pub struct Shelf {
    games: Vec<Shelved>,
    features: Vec<Feature>,
    index: HashMap<(bool, String), u32>,
}

/// A tag tells less than a genre: stores let players give them.
const fn trust(kind: FeatureKind) -> f32 {
    match kind {
        FeatureKind::Genre => 1.0,
        FeatureKind::Tag => 0.8,
        FeatureKind::Developer => 0.7,
    }
}

impl Shelf {
    /// Puts the games up. Those that do not stand alone stay off.
    pub fn build(mut held: Vec<Held>) -> Self {
        held.retain(|held| held.facts.whole);
        held.sort_by_cached_key(|held| (held.facts.title.to_lowercase(), held.facts.game));
        let mut shelf = Self::default();
        let mut drawn: Vec<Vec<u32>> = Vec::with_capacity(held.len());
        // The same few thousand names come again and again: each spelling is folded once.
        let mut spelt = HashMap::new();
        for held in &held {
            drawn.push(shelf.draw(held, &mut spelt));
        }
        let mut frequency = vec![0_u32; shelf.features.len()];
        for feature in drawn.iter().flatten() {
            frequency[*feature as usize] += 1;
        }
        let all = held.len() as f32;
        for (feature, frequency) in shelf.features.iter_mut().zip(frequency) {
            feature.weight = trust(feature.kind) * ((all + 1.0) / (frequency as f32 + 0.5)).ln();
        }
        shelf.games = held
            .into_iter()
            .zip(drawn)
            .map(|(held, drawn)| Shelved {
                vector: shelf.weigh(drawn),
                title: OnceLock::new(),
                held,
            })
            .collect();
        shelf
    }

    /// The features of `held`, each once; new ones are added.
    fn draw<'a>(&mut self, held: &'a Held, spelt: &mut HashMap<(bool, &'a str), u32>) -> Vec<u32> {
        let facts = &held.facts;
        let names = facts
            .genres
            .iter()
            .map(|name| (FeatureKind::Genre, name))
            .chain(facts.tags.iter().map(|name| (FeatureKind::Tag, name)))
            .chain(
                facts
                    .developers
                    .iter()
                    .map(|name| (FeatureKind::Developer, name)),
            );
        let mut drawn = Vec::new();
        for (kind, name) in names {
            let spelling = (kind == FeatureKind::Developer, name.as_str());
            let id = match spelt.get(&spelling) {
                Some(id) => *id,
                None => {
                    let Some(id) = self.intern(kind, name) else {
                        continue;
                    };
                    spelt.insert(spelling, id);
                    id
                }
            };
            if kind == FeatureKind::Genre {
                self.features[id as usize].kind = kind;
            }
            drawn.push(id);
        }
        drawn.sort_unstable();
        drawn.dedup();
        drawn
    }

    /// The number of a feature, new or not; none when there is no letter in its name.
    fn intern(&mut self, kind: FeatureKind, name: &str) -> Option<u32> {
        let squashed = squash(name);
        if squashed.is_empty() {
            return None;
        }
        let next = self.features.len() as u32;
        let id = *self
            .index
            .entry((kind == FeatureKind::Developer, squashed.clone()))
            .or_insert(next);
        if id == next {
            let name = name.trim().to_owned();
            self.features.push(Feature {
                kind,
                words: words(&name),
                name,
                squashed,
                weight: 0.0,
            });
        }
        Some(id)
    }

    fn weigh(&self, drawn: Vec<u32>) -> Vector {
        let vector = drawn
            .into_iter()
            .map(|id| (id, self.features[id as usize].weight))
            .collect();
        unit(vector)
    }

    /// The vector of a game that is not on the shelf, by the features that are.
    pub fn vector_of(&self, held: &Held) -> Vector {
        let facts = &held.facts;
        let words = facts
            .genres
            .iter()
            .chain(&facts.tags)
            .map(|name| (false, name));
        let makers = facts.developers.iter().map(|name| (true, name));
        let mut drawn: Vec<u32> = words
            .chain(makers)
            .filter_map(|(maker, name)| self.index.get(&(maker, squash(name))).copied())
            .collect();
        drawn.sort_unstable();
        drawn.dedup();
        self.weigh(drawn)
    }

    /// The games.
    pub fn games(&self) -> &[Shelved] {
        &self.games
    }

    /// The features; a vector's numbers are their places.
    pub fn features(&self) -> &[Feature] {
        &self.features
    }

    /// One feature.
    pub fn feature(&self, id: u32) -> &Feature {
        &self.features[id as usize]
    }
}

/// `vector`, scaled to length 1.
pub fn unit(mut vector: Vector) -> Vector {
    let length = vector
        .iter()
        .map(|(_, weight)| weight * weight)
        .sum::<f32>()
        .sqrt();
    if length > 0.0 {
        for (_, weight) in &mut vector {
            *weight /= length;
        }
    }
    vector
}

/// What two vectors have in common, and how much each of it counts.
pub fn shared<'a>(
    a: &'a [(u32, f32)],
    b: &'a [(u32, f32)],
) -> impl Iterator<Item = (u32, f32)> + 'a {
    let mut b = b.iter().peekable();
    a.iter().filter_map(move |(id, weight)| {
        while b.next_if(|(other, _)| other < id).is_some() {}
        b.next_if(|(other, _)| other == id)
            .map(|(_, other)| (*id, weight * other))
    })
}

/// The cosine of two vectors of length 1.
pub fn cosine(a: &[(u32, f32)], b: &[(u32, f32)]) -> f32 {
    shared(a, b).map(|(_, product)| product).sum()
}
