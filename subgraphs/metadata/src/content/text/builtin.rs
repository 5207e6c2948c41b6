//! The texts that come with the hub: one file for each language, keys to texts.

use super::Language;
use std::{collections::BTreeMap, sync::LazyLock};

const FILES: [(&str, &str); 2] = [
    ("de", include_str!("de.json")),
    ("en", include_str!("en.json")),
];

static TEXTS: LazyLock<BTreeMap<String, Language>> = LazyLock::new(|| {
    FILES
        .into_iter()
        .map(|(language, file)| {
            // A test reads every file: here is no other.
            (
                language.to_owned(),
                serde_json::from_str(file).unwrap_or_default(),
            )
        })
        .collect()
});

/// The texts by language and key.
pub fn texts() -> &'static BTreeMap<String, Language> {
    &TEXTS
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content::{
        key::text_key,
        text::{LAST, placeholder},
    };

    #[test]
    fn every_file_is_whole_and_every_language_has_what_english_has() {
        let english = &texts()[LAST];
        assert!(english.len() > 50, "{}", english.len());
        for (language, file) in FILES {
            let read: BTreeMap<String, String> = serde_json::from_str(file).unwrap();
            let keys: Vec<_> = read.keys().collect();
            assert_eq!(keys, english.keys().collect::<Vec<_>>(), "{language}");
            for (key, text) in &read {
                text_key("", key).unwrap();
                assert!(!text.trim().is_empty(), "{key} in {language}");
                assert_eq!(
                    placeholder::of(text),
                    placeholder::of(&english[key]),
                    "{key} in {language}"
                );
            }
        }
    }
}
