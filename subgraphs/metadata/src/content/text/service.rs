//! Changing texts.

use super::{
    LAST, MAX_CHANGE, MAX_TEXT, MAX_TEXTS, Texts, builtin, entity::Model, language, placeholder,
    store,
};
use crate::content::{
    Content, Noun, Refused, Wrong, catalogue, key,
    rev::Change,
    wrong::{Disagreement, all},
};
use std::collections::{BTreeMap, BTreeSet};

/// One text to write, or to take back.
#[derive(Debug)]
pub struct Draft {
    /// In which language.
    pub language: String,
    /// Of which key.
    pub key: String,
    /// The text; `None` takes back what was written here.
    pub text: Option<String>,
}

/// A draft in its usual spelling.
struct Checked {
    language: String,
    key: String,
    text: Option<String>,
}

fn at(n: usize, field: &str) -> String {
    format!("input.texts.{n}.{field}")
}

impl Content {
    /// Writes texts, all or none of them.
    pub async fn save_texts(&self, drafts: Vec<Draft>) -> Result<(), Refused> {
        if drafts.len() > MAX_CHANGE {
            return Err(Wrong::TooMany {
                at: "input.texts",
                what: "texts in one change",
                most: MAX_CHANGE,
            }
            .into());
        }
        let drafts = drafts.into_iter().enumerate();
        let drafts = all(drafts.map(|(n, draft)| check(n, draft)))?;
        let mut places: BTreeMap<(&str, &str), usize> = BTreeMap::new();
        let repeated = drafts.iter().enumerate().find_map(|(n, draft)| {
            let before = places.insert((&draft.language, &draft.key), n);
            before.map(|_| Wrong::Twice {
                at: at(n, "key"),
                id: draft.key.clone(),
            })
        });
        if let Some(wrong) = repeated {
            return Err(wrong.into());
        }
        let change = Change::begin(self.ports(), Noun::Texts).await?;
        let known = catalogue::load(&change.txn, change.rev).await?;
        let mut texts = known.texts.clone();
        for draft in &drafts {
            texts.put(&draft.language, &draft.key, draft.text.as_deref());
        }
        agree(&texts, &drafts)?;
        let lost = known.ui.config.texts().find(|key| !texts.has(key));
        if let Some(key) = lost {
            return Err(Wrong::Used {
                at: "input.texts",
                id: key.to_owned(),
                by: "the interface's configuration",
            }
            .into());
        }
        let mut written = Vec::new();
        for draft in drafts {
            match draft.text {
                Some(text) => written.push(Model {
                    language: draft.language,
                    key: draft.key,
                    text,
                }),
                None => store::delete(&change.txn, &draft.language, &draft.key).await?,
            }
        }
        store::save(&change.txn, written).await?;
        if store::count(&change.txn).await? > MAX_TEXTS {
            return Err(Wrong::TooMany {
                at: "input.texts",
                what: "texts beside the hub's own",
                most: MAX_TEXTS as usize,
            }
            .into());
        }
        change.commit().await?;
        Ok(())
    }
}

fn check(n: usize, draft: Draft) -> Result<Checked, Wrong> {
    let tag = language::parse(&draft.language).ok_or_else(|| Wrong::Language {
        at: at(n, "language"),
    })?;
    let key = key::text_key(&at(n, "key"), &draft.key)?;
    if let Some(text) = &draft.text {
        let odd = |c: char| c.is_control() && c != '\n';
        if !(1..=MAX_TEXT).contains(&text.chars().count()) || text.chars().any(odd) {
            return Err(Wrong::Words {
                at: at(n, "text"),
                what: "a text",
                least: 1,
                most: MAX_TEXT,
            });
        }
        placeholder::of(text).map_err(|why| Wrong::Braces {
            at: at(n, "text"),
            why,
        })?;
    }
    Ok(Checked {
        language: tag,
        key,
        text: draft.text,
    })
}

/// Refuses texts that leave other things open than the same text elsewhere. What a built-in
/// English text leaves open is what clients fill, so it stands above all others.
fn agree(texts: &Texts, drafts: &[Checked]) -> Result<(), Refused> {
    let mut wrong = Vec::new();
    let keys: BTreeSet<&str> = drafts.iter().map(|draft| draft.key.as_str()).collect();
    for key in keys {
        let own = builtin::texts()[LAST].get(key);
        let built_in = own.map(|text| placeholder::of(text).unwrap_or_default());
        let found: BTreeMap<&str, BTreeSet<&str>> = texts.placeholders(key).collect();
        let (reference, expected) = match built_in {
            Some(expected) => ("the hub's own text", expected),
            None => match found.get_key_value(LAST).or_else(|| found.iter().next()) {
                Some((language, expected)) => (*language, expected.clone()),
                None => continue,
            },
        };
        for (language, names) in found.iter().filter(|(_, names)| **names != expected) {
            let place = drafts
                .iter()
                .position(|draft| draft.key == key && draft.language == *language);
            let place = place.or_else(|| drafts.iter().position(|draft| draft.key == key));
            wrong.push(Wrong::Placeholders(Box::new(Disagreement {
                at: at(place.unwrap_or_default(), "text"),
                key: key.to_owned(),
                language: (*language).to_owned(),
                found: placeholder::said(names),
                expected: placeholder::said(&expected),
                reference: reference.to_owned(),
            })));
        }
    }
    if wrong.is_empty() {
        Ok(())
    } else {
        Err(Refused::Wrong(wrong))
    }
}
