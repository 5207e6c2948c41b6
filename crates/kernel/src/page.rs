//! Pages: every list has a first, a limit and an opaque cursor.

use crate::Code;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// The most items one page holds.
pub const MAX_PAGE: u32 = 100;
/// How many items a page holds when nobody says.
pub const DEFAULT_PAGE: u32 = 50;

/// What a client asked for: how many items, and after which one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<C> {
    /// At most this many items, 1 to [`MAX_PAGE`].
    pub first: u32,
    /// The position to go on from; the beginning when absent.
    pub after: Option<C>,
}

/// A page that cannot be served.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidPage {
    /// `first` is outside 1 to 100.
    #[error("`first` must be between 1 and {MAX_PAGE}, not {0}")]
    Size(i32),
    /// `after` was not made by this list.
    #[error("`after` is not a cursor of this list")]
    Cursor,
}

impl InvalidPage {
    /// The code that goes with it.
    pub const fn code(&self) -> Code {
        match self {
            Self::Size(_) => Code::PageTooLarge,
            Self::Cursor => Code::InvalidCursor,
        }
    }
}

impl<C: DeserializeOwned> Page<C> {
    /// Checks what a client sent. `first` defaults to [`DEFAULT_PAGE`].
    pub fn parse(first: Option<i32>, after: Option<&str>) -> Result<Self, InvalidPage> {
        let wanted = first.unwrap_or(DEFAULT_PAGE as i32);
        let first = u32::try_from(wanted)
            .ok()
            .filter(|n| (1..=MAX_PAGE).contains(n))
            .ok_or(InvalidPage::Size(wanted))?;
        let after = after.map(decode_cursor).transpose()?;
        Ok(Self { first, after })
    }
}

/// Makes an opaque cursor out of a position in a list.
pub fn encode_cursor<C: Serialize>(position: &C) -> String {
    // A position is a tuple of plain values: it always has a JSON form.
    URL_SAFE_NO_PAD.encode(serde_json::to_vec(position).unwrap_or_default())
}

/// Reads a cursor back; at most 1 KiB is looked at.
pub fn decode_cursor<C: DeserializeOwned>(cursor: &str) -> Result<C, InvalidPage> {
    if cursor.len() > 1024 {
        return Err(InvalidPage::Cursor);
    }
    let bytes = URL_SAFE_NO_PAD
        .decode(cursor)
        .map_err(|_| InvalidPage::Cursor)?;
    serde_json::from_slice(&bytes).map_err(|_| InvalidPage::Cursor)
}

/// A page of a list that was loaded with one item more than asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slice<T> {
    /// The items, at most `first`.
    pub items: Vec<T>,
    /// Whether there are more after the last.
    pub has_next: bool,
}

impl<T> Slice<T> {
    /// Cuts the surplus item that told us there is a next page.
    pub fn cut(mut items: Vec<T>, first: u32) -> Self {
        let has_next = items.len() > first as usize;
        items.truncate(first as usize);
        Self { items, has_next }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_reads_back_what_was_written() {
        let position = ("Half-Life".to_owned(), 70_i64);
        assert_eq!(
            decode_cursor::<(String, i64)>(&encode_cursor(&position)),
            Ok(position)
        );
    }

    #[test]
    fn a_page_of_a_hundred_and_one_is_refused_and_says_the_limit() {
        let refused = Page::<i64>::parse(Some(101), None).unwrap_err();
        assert_eq!(refused.code(), Code::PageTooLarge);
        assert_eq!(
            refused.to_string(),
            "`first` must be between 1 and 100, not 101"
        );
    }

    #[test]
    fn a_foreign_cursor_is_refused() {
        assert_eq!(
            Page::<i64>::parse(None, Some("%%%")).unwrap_err(),
            InvalidPage::Cursor
        );
    }
}
