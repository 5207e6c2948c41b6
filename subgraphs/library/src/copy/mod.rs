//! A copy: one game as one library holds it.

pub mod entity;
pub mod graphql;
pub mod store;
pub mod upsert;

use async_graphql::Enum;
use djinn_kernel::text::turns;
use sea_orm::{DeriveActiveEnum, EnumIter};
use sha2::{Digest, Sha256};
use unicode_normalization::UnicodeNormalization;

/// How a copy is held. Leaving a subscription is detected, never guessed as ownership.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    Enum,
    EnumIter,
    DeriveActiveEnum,
    serde::Serialize,
    serde::Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum Holding {
    /// Bought, claimed or entered by hand.
    #[sea_orm(string_value = "OWNED")]
    Owned,
    /// Playable as long as a subscription runs.
    #[sea_orm(string_value = "SUBSCRIPTION")]
    Subscription,
    /// Lent by somebody of the family.
    #[sea_orm(string_value = "FAMILY_SHARED")]
    FamilyShared,
    /// Played once, not held any more.
    #[sea_orm(string_value = "PLAYED_ONLY")]
    PlayedOnly,
    /// Wished for, not held.
    #[sea_orm(string_value = "WISHLIST")]
    Wishlist,
}

/// The longest title that is kept, in characters; what is longer is cut.
pub const MAX_TITLE: usize = 300;

/// What makes a copy the same copy at the next sync or import of its library.
///
/// The store's own id where there is one. Otherwise the folded title with the year, so that two
/// games of one name in one file stay two.
pub fn identity(platform: &str, store_id: Option<&str>, title: &str, year: Option<i32>) -> String {
    let whole = match store_id {
        Some(id) => format!("{platform}:{id}"),
        None => {
            let folded = fold(title);
            let name = if folded.is_empty() {
                title.trim()
            } else {
                &folded
            };
            match year {
                Some(year) => format!("{platform}~{name}~{year}"),
                None => format!("{platform}~{name}"),
            }
        }
    };
    if whole.len() <= 400 {
        return whole;
    }
    // PostgreSQL indexes at most 2,700 bytes; a long one is known by its digest.
    format!("{platform}#{}", digest(&whole))
}

/// A digest in hexadecimal, for long or secret texts that must be compared, not read.
pub fn digest(text: &str) -> String {
    Sha256::digest(text.as_bytes())
        .iter()
        .take(16)
        .fold(String::new(), |mut hex, byte| {
            use std::fmt::Write as _;
            let _ = write!(hex, "{byte:02x}");
            hex
        })
}

/// A title without case, accents' encodings, spaces and punctuation.
pub fn fold(title: &str) -> String {
    title
        .nfkc()
        .flat_map(char::to_lowercase)
        .filter(|c| c.is_alphanumeric())
        .collect()
}

/// A text from outside as it may be stored: one line, no control characters, at most `longest`
/// characters. PostgreSQL refuses a NUL, a terminal obeys an escape, and others read the name.
pub fn clean(text: &str, longest: usize) -> String {
    let spaced: String = text
        .chars()
        .filter(|c| !turns(*c))
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    spaced
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .chars()
        .take(longest)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_store_id_identifies_a_copy_whatever_its_title() {
        assert_eq!(
            identity("steam", Some("70"), "Half-Life", None),
            identity("steam", Some("70"), "HL", Some(1998))
        );
    }

    #[test]
    fn two_games_of_one_name_are_told_apart_by_their_year() {
        assert_ne!(
            identity("manual", None, "DOOM", Some(1993)),
            identity("manual", None, "Doom", Some(2016))
        );
        assert_eq!(
            identity("manual", None, "DOOM™", None),
            identity("manual", None, "doom tm", None)
        );
    }

    #[test]
    fn a_title_of_punctuation_only_has_an_identity_and_a_huge_one_is_short() {
        assert_eq!(identity("manual", None, " *** ", None), "manual~***");
        assert!(identity("manual", None, &"x".repeat(1_000_000), None).len() < 100);
    }

    #[test]
    fn control_characters_never_reach_the_database() {
        assert_eq!(clean("a\0b\u{1b}[31m\r\nc", 100), "a b [31m c");
    }
}
