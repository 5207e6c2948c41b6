//! The interface's texts, by language and key.
//!
//! The hub brings English and German ([`builtin`]); what somebody writes here stands before them,
//! in these languages or any other. A text that a language lacks is looked for along a chain
//! ([`language::chain`]): `de-AT`, `de`, the interface's own language, `en`. What a text leaves
//! open (`{count}`) is the same in every language ([`placeholder`]), so no client can be handed a
//! text it cannot fill.

pub mod builtin;
pub mod entity;
pub mod graphql;
pub mod language;
pub mod placeholder;
pub mod service;
pub mod store;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// The language that every chain ends in.
pub const LAST: &str = "en";
/// At most this many texts that somebody wrote, over all languages.
pub const MAX_TEXTS: u64 = 10_000;
/// At most this many in one change.
pub const MAX_CHANGE: usize = 500;
/// The longest text, in characters.
pub const MAX_TEXT: usize = 2000;

/// Texts of one language by key, those that were written here before the hub's own.
type Language = BTreeMap<String, Arc<str>>;

/// All texts.
#[derive(Debug, Clone, Default)]
pub struct Texts(BTreeMap<String, Language>);

/// A text that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Its key.
    pub key: String,
    /// The text.
    pub text: Arc<str>,
    /// The language it was found in.
    pub language: String,
}

impl Texts {
    /// The hub's own texts, with these before them: language, key, text.
    pub fn new(written: impl IntoIterator<Item = (String, String, String)>) -> Self {
        let mut all: BTreeMap<String, Language> = builtin::texts().clone();
        for (language, key, text) in written {
            all.entry(language).or_default().insert(key, text.into());
        }
        Self(all)
    }

    /// The languages that have any text.
    pub fn languages(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// The text of `key` in exactly this language.
    pub fn get(&self, language: &str, key: &str) -> Option<&Arc<str>> {
        self.0.get(language)?.get(key)
    }

    /// Writes a text, or removes what was written; the hub's own comes back then.
    pub fn put(&mut self, language: &str, key: &str, text: Option<&str>) {
        let own = builtin::texts().get(language).and_then(|of| of.get(key));
        match text.map(Arc::from).or_else(|| own.cloned()) {
            Some(text) => {
                let of = self.0.entry(language.to_owned()).or_default();
                of.insert(key.to_owned(), text);
            }
            None => {
                if let Some(of) = self.0.get_mut(language) {
                    of.remove(key);
                    if of.is_empty() {
                        self.0.remove(language);
                    }
                }
            }
        }
    }

    /// Whether any language has a text of that key.
    pub fn has(&self, key: &str) -> bool {
        self.0.values().any(|of| of.contains_key(key))
    }

    /// Every text along `chain`, by key: each in the first language that has it.
    pub fn along<'a>(&'a self, chain: &'a [String]) -> BTreeMap<&'a str, (&'a Arc<str>, &'a str)> {
        let mut all = BTreeMap::new();
        for language in chain {
            for (key, text) in self.0.get(language).into_iter().flatten() {
                all.entry(key.as_str()).or_insert((text, language.as_str()));
            }
        }
        all
    }

    /// The text of `key` along `chain`.
    pub fn find(&self, chain: &[String], key: &str) -> Option<&Arc<str>> {
        chain.iter().find_map(|language| self.get(language, key))
    }

    /// What the texts of `key` leave open in each language that has it.
    pub fn placeholders(&self, key: &str) -> impl Iterator<Item = (&str, BTreeSet<&str>)> {
        self.0.iter().filter_map(move |(language, of)| {
            let text = of.get(key)?;
            Some((language.as_str(), placeholder::of(text).unwrap_or_default()))
        })
    }
}
