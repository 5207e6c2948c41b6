//! Names that programs use: of flags, themes, pictures, pages, texts.

use super::Wrong;

/// The longest id.
pub const MAX_ID: usize = 64;
/// The longest key of a text.
pub const MAX_KEY: usize = 120;

/// An id: small letters, digits, `-`, `_` and `.`, beginning with a letter.
pub fn id(at: &str, text: &str) -> Result<String, Wrong> {
    let fits = (1..=MAX_ID).contains(&text.len())
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && text
            .bytes()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || b"-_.".contains(&c));
    if fits {
        Ok(text.to_owned())
    } else {
        Err(Wrong::Id { at: at.to_owned() })
    }
}

/// The key of a text: as an id, with capitals as well.
pub fn text_key(at: &str, text: &str) -> Result<String, Wrong> {
    let fits = (1..=MAX_KEY).contains(&text.len())
        && text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text
            .bytes()
            .all(|c| c.is_ascii_alphanumeric() || b"-_.".contains(&c));
    if fits {
        Ok(text.to_owned())
    } else {
        Err(Wrong::Key { at: at.to_owned() })
    }
}

/// A name or sentence for people: `least` to `most` characters, none of them a control character.
pub fn words(
    at: &str,
    what: &'static str,
    text: &str,
    least: usize,
    most: usize,
) -> Result<String, Wrong> {
    let text = text.trim();
    let fits =
        (least..=most).contains(&text.chars().count()) && !text.chars().any(char::is_control);
    if fits {
        Ok(text.to_owned())
    } else {
        Err(Wrong::Words {
            at: at.to_owned(),
            what,
            least,
            most,
        })
    }
}
