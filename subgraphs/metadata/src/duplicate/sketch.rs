//! What is compared of a game.

use crate::game::title;
use crate::matching::{
    Evidence, STANDALONE_EDITIONS, entity::matched, key::TitleKey, sells_one_of_each,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    hash::{DefaultHasher, Hash, Hasher},
};
use uuid::Uuid;

/// What is compared of a game: the names its products go by, and what else is known.
#[derive(Debug, Clone)]
pub struct Sketch {
    /// The game.
    pub game: Uuid,
    /// The names, each once.
    pub names: Vec<Name>,
    /// Its products, by the platforms that sell one of each.
    pub products: BTreeMap<String, BTreeSet<String>>,
    /// Every platform it is on.
    pub platforms: BTreeSet<String>,
    /// The years that its copies or titles say.
    pub years: BTreeSet<i32>,
    /// The year of release, from whoever says.
    pub released: Option<i32>,
    /// Who made it: in lower case, and as they write themselves.
    pub developers: BTreeMap<String, String>,
}

/// One name of a game.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Name {
    /// Kind, marker and release: what must be equal for any likeness.
    pub kind: String,
    /// The words that name the work.
    pub base: String,
    /// The same without spaces and a leading article.
    pub compact: String,
    /// The numbers in it.
    pub numbers: Vec<String>,
    /// Which of those editions it is that are, or may be, another product.
    pub standalone: Vec<String>,
    /// The title, as a person reads it.
    pub title: String,
}

impl Name {
    /// Of a title, and what it is made of.
    pub fn of(title: &str, key: TitleKey) -> Self {
        let bare = ["the ", "a ", "an "]
            .into_iter()
            .find_map(|article| key.base.strip_prefix(article))
            .unwrap_or(&key.base);
        Self {
            kind: format!("{:?}:{}|{}", key.kind, key.marker, key.work),
            compact: bare.replace(' ', ""),
            numbers: key.numbers().into_iter().map(str::to_owned).collect(),
            standalone: key
                .edition
                .split('+')
                .filter(|name| STANDALONE_EDITIONS.contains(name))
                .map(str::to_owned)
                .collect(),
            base: key.base,
            title: title::clean(title),
        }
    }

    /// The words.
    pub fn words(&self) -> Vec<&str> {
        self.base.split(' ').collect()
    }
}

impl Sketch {
    /// Of a game with these matches.
    pub fn of(
        game: Uuid,
        rows: &[&matched::Model],
        released: Option<i32>,
        developers: &[String],
    ) -> Self {
        let mut sketch = Self {
            game,
            names: Vec::new(),
            products: BTreeMap::new(),
            platforms: BTreeSet::new(),
            years: BTreeSet::new(),
            released,
            developers: developers
                .iter()
                .map(|name| (name.to_lowercase(), name.clone()))
                .collect(),
        };
        for row in rows {
            let key = TitleKey::of(&row.title);
            sketch.platforms.insert(row.platform.clone());
            let said = Evidence::with("", &row.platform, None, &key, row.year);
            sketch.years.extend(said.year);
            sketch.names.push(Name::of(&row.title, key));
            if let Some(id) = &row.store_id
                && sells_one_of_each(&row.platform)
            {
                let products = sketch.products.entry(row.platform.clone()).or_default();
                products.insert(id.clone());
            }
        }
        sketch.names.sort();
        sketch.names.dedup();
        sketch
    }

    /// Hashes of what another game has to share with it to be looked at: the spelling, the spelling
    /// without one letter, the words in any order, and each beginning of them.
    pub fn forms(&self, slip_from: usize) -> BTreeSet<u64> {
        let mut forms = BTreeSet::new();
        for name in &self.names {
            let hash = |what: &str, text: &str| {
                let mut hasher = DefaultHasher::new();
                (&name.kind, what, text).hash(&mut hasher);
                hasher.finish()
            };
            forms.insert(hash("slip", &name.compact));
            let letters: Vec<(usize, char)> = name.compact.char_indices().take(64).collect();
            if letters.len() >= slip_from {
                for (at, letter) in &letters {
                    let without = [
                        &name.compact[..*at],
                        &name.compact[at + letter.len_utf8()..],
                    ]
                    .concat();
                    forms.insert(hash("slip", &without));
                }
            }
            let mut words = name.words();
            for length in 1..=words.len().min(8) {
                forms.insert(hash("start", &words[..length].join(" ")));
            }
            words.sort_unstable();
            forms.insert(hash("words", &words.join(" ")));
        }
        forms
    }
}
