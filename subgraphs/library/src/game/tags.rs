//! A person's own tags: a short list of short words, kept as JSON with the holding.

use crate::copy::clean;
use std::collections::HashSet;

/// The most tags a game may have of one's own.
pub const MAX_TAGS: usize = 50;
/// The longest of them, in characters.
pub const MAX_TAG: usize = 50;

/// Why tags are not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadTags {
    /// Too many.
    #[error("a game has at most {MAX_TAGS} tags of your own, not {0}")]
    TooMany(usize),
    /// Too long, or nothing but spaces.
    #[error("a tag has 1 to {MAX_TAG} characters")]
    Length,
}

/// Tags as somebody typed them: without spaces around, each once in whatever case, in their order.
pub fn checked(typed: &[String]) -> Result<Vec<String>, BadTags> {
    let mut tags = Vec::with_capacity(typed.len());
    for text in typed {
        let tag = clean(text, MAX_TAG + 1);
        if tag.is_empty() || tag.chars().count() > MAX_TAG {
            return Err(BadTags::Length);
        }
        tags.push(tag);
    }
    let tags = once(tags);
    if tags.len() > MAX_TAGS {
        return Err(BadTags::TooMany(tags.len()));
    }
    Ok(tags)
}

/// Tags out of a file: what is too long is cut, and what is too much left out, since none of them
/// is worth refusing a game.
pub fn tidied(words: impl IntoIterator<Item = String>) -> Vec<String> {
    let words = words.into_iter().map(|word| clean(&word, MAX_TAG));
    let mut tags = once(words.filter(|word| !word.is_empty()));
    tags.truncate(MAX_TAGS);
    tags
}

/// The tags that two say together, the first one's before the other's.
pub fn together(one: Option<&str>, other: Option<&str>) -> Option<String> {
    write(&tidied(read(one).into_iter().chain(read(other))))
}

/// Each once, whatever its case; the first spelling stays.
fn once(tags: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut seen = HashSet::new();
    let mut tags: Vec<String> = tags.into_iter().collect();
    tags.retain(|tag| seen.insert(tag.to_lowercase()));
    tags
}

/// Reads what was stored.
pub fn read(stored: Option<&str>) -> Vec<String> {
    stored
        .and_then(|text| serde_json::from_str(text).ok())
        .unwrap_or_default()
}

/// What is stored; nothing where there is none.
pub fn write(tags: &[String]) -> Option<String> {
    if tags.is_empty() {
        return None;
    }
    // A list of texts always has a JSON form.
    serde_json::to_string(tags).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(tags: &[&str]) -> Vec<String> {
        tags.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn tags_are_trimmed_and_each_is_there_once_in_whatever_case() {
        let typed = texts(&["  Couch  co-op ", "couch CO-OP", "2024"]);
        assert_eq!(checked(&typed), Ok(texts(&["Couch co-op", "2024"])));
        assert_eq!(checked(&texts(&[" "])), Err(BadTags::Length));
        assert_eq!(checked(&["x".repeat(51)]), Err(BadTags::Length));
        let many: Vec<String> = (0..51).map(|n| n.to_string()).collect();
        assert_eq!(checked(&many), Err(BadTags::TooMany(51)));
        assert_eq!(tidied(many).len(), MAX_TAGS);
    }

    #[test]
    fn what_is_stored_reads_back() {
        let tags = texts(&["a \"b\", c", "ü"]);
        assert_eq!(read(write(&tags).as_deref()), tags);
        assert_eq!(write(&[]), None);
        let both = together(
            write(&texts(&["One"])).as_deref(),
            Some("[\"one\",\"two\"]"),
        );
        assert_eq!(read(both.as_deref()), texts(&["One", "two"]));
    }
}
