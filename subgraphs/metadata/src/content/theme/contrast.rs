//! Which colours stand on one another, and how much contrast each pair needs: WCAG 2.2, success
//! criteria 1.4.3 for text (4.5 to 1) and 1.4.11 for the edges of controls (3 to 1).

use super::{Colours, position};
use std::fmt;

/// What text needs.
const TEXT: f64 = 4.5;
/// What the edge of a control needs.
const EDGE: f64 = 3.0;

/// What stands on what.
const PAIRS: [(&str, &[&str], f64); 8] = [
    (
        "ink",
        &[
            "bg",
            "sunk",
            "surface",
            "raised",
            "chip",
            "lamp-wash",
            "good-wash",
            "bad-wash",
        ],
        TEXT,
    ),
    ("muted", &["bg", "sunk", "surface", "raised", "chip"], TEXT),
    ("lamp-ink", &["lamp", "lamp-strong"], TEXT),
    (
        "lamp-text",
        &["bg", "sunk", "surface", "raised", "chip", "lamp-wash"],
        TEXT,
    ),
    ("teal", &["bg", "sunk", "surface", "raised"], TEXT),
    ("good", &["bg", "surface", "raised", "good-wash"], TEXT),
    ("bad", &["bg", "surface", "raised", "bad-wash"], TEXT),
    ("edge", &["bg", "surface", "raised"], EDGE),
];

/// Two colours that stand on one another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pair {
    /// What is read or seen.
    pub foreground: &'static str,
    /// What it stands on.
    pub background: &'static str,
    /// Their contrast.
    pub ratio: f64,
    /// The contrast they need.
    pub least: f64,
}

/// Two colours that are too alike.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shortfall(pub Pair);

impl fmt::Display for Shortfall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Pair {
            foreground,
            background,
            ratio,
            least,
        } = self.0;
        // Rounded down: 4.499 is not the 4.5 it would be shown as.
        let ratio = (ratio * 100.0).floor() / 100.0;
        write!(
            f,
            "`{foreground}` on `{background}` has a contrast of {ratio} to 1; it needs {least} to 1"
        )
    }
}

/// Every pair, with its contrast.
pub fn pairs(colours: &Colours) -> impl Iterator<Item = Pair> {
    let of = |token: &str| colours[position(token).unwrap_or_default()];
    PAIRS
        .into_iter()
        .flat_map(move |(foreground, grounds, least)| {
            grounds.iter().map(move |background| Pair {
                foreground,
                background,
                ratio: of(foreground).contrast(of(background)),
                least,
            })
        })
}

/// The pairs that are too alike.
pub fn shortfalls(colours: &Colours) -> impl Iterator<Item = Shortfall> {
    pairs(colours)
        .filter(|pair| pair.ratio < pair.least)
        .map(Shortfall)
}

/// How many pairs there are.
pub const fn count() -> usize {
    let (mut i, mut count) = (0, 0);
    while i < PAIRS.len() {
        count += PAIRS[i].1.len();
        i += 1;
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content::theme::{TOKENS, builtin::themes};

    #[test]
    fn every_pair_is_of_colours_that_there_are() {
        for (foreground, grounds, _) in PAIRS {
            for token in grounds.iter().chain([&foreground]) {
                assert!(position(token).is_some(), "{token}");
            }
        }
        assert_eq!(TOKENS.len(), 20);
    }

    #[test]
    fn the_hubs_own_themes_can_be_read_and_high_contrast_better_than_that() {
        for theme in themes() {
            let short: Vec<String> = shortfalls(&theme.colours)
                .map(|short| short.to_string())
                .collect();
            assert!(short.is_empty(), "{}: {short:#?}", theme.id);
            assert_eq!(pairs(&theme.colours).count(), count());
            if theme.id == "high-contrast" {
                // 1.4.6, the stricter level.
                for pair in pairs(&theme.colours) {
                    assert!(pair.ratio >= 7.0, "{pair:?}");
                }
            }
        }
    }

    #[test]
    fn a_shortfall_is_never_shown_as_enough() {
        let short = Shortfall(Pair {
            foreground: "ink",
            background: "bg",
            ratio: 4.499_9,
            least: 4.5,
        });
        assert_eq!(
            short.to_string(),
            "`ink` on `bg` has a contrast of 4.49 to 1; it needs 4.5 to 1"
        );
    }
}
