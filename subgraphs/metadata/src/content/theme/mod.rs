//! Themes: the colours of the interface, by what they are for.
//!
//! A theme is checked when it is saved: every pair of colours that stands on one another must have
//! the contrast that WCAG 2.2 asks for ([`contrast`]). So no client has to, and nobody can lock
//! themselves out behind white on white. The hub's own themes ([`builtin`]) cannot be changed.

pub mod builtin;
pub mod colour;
pub mod contrast;
pub mod entity;
pub mod graphql;
pub mod service;
pub mod store;

use async_graphql::Enum;
use chrono::{DateTime, Utc};
use colour::Colour;

/// At most this many themes beside the hub's own.
pub const MAX_THEMES: usize = 50;
/// The longest name, in characters.
pub const MAX_NAME: usize = 60;

/// Whether a theme is bright or dark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(name = "ColourScheme")]
pub enum Scheme {
    /// Dark text on bright ground.
    Light,
    /// Bright text on dark ground.
    Dark,
}

impl Scheme {
    /// As it is stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// What colours are: dark where text is brighter than the page.
    pub fn of(colours: &Colours) -> Self {
        let of = |token: &str| colours[position(token).unwrap_or_default()];
        if of("ink").is_brighter_than(of("bg")) {
            Self::Dark
        } else {
            Self::Light
        }
    }

    /// Out of how it is stored.
    pub fn parse(text: &str) -> Self {
        if text == "dark" {
            Self::Dark
        } else {
            Self::Light
        }
    }
}

/// Every colour of a theme, in the order of [`Theme::colours`]: its name, and what it is for.
pub const TOKENS: [(&str, &str); 20] = [
    ("bg", "the page"),
    ("sunk", "wells and tracks, below the page"),
    ("surface", "cards"),
    ("raised", "menus and dialogs, above the cards"),
    ("chip", "chips and small buttons"),
    ("line", "lines that divide; decoration"),
    ("edge", "the border of what can be clicked or typed in"),
    ("ink", "text"),
    ("muted", "text of less weight"),
    ("lamp", "the main button"),
    ("lamp-strong", "the main button under the pointer"),
    ("lamp-ink", "text on the main button"),
    ("lamp-text", "links, and what is chosen"),
    ("lamp-wash", "the ground of what is chosen"),
    ("teal", "a second voice, for charts and hints"),
    ("good", "text that says something went well"),
    ("good-wash", "its ground"),
    ("bad", "text that says something went wrong"),
    ("bad-wash", "its ground"),
    ("shade", "shadows; may be partly transparent"),
];

/// Where a colour stands in [`TOKENS`].
pub fn position(token: &str) -> Option<usize> {
    TOKENS.iter().position(|(name, _)| *name == token)
}

/// The colours of a theme, in the order of [`TOKENS`].
pub type Colours = [Colour; TOKENS.len()];

/// A theme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Theme {
    /// Its name for programs.
    pub id: String,
    /// Its name for people.
    pub name: String,
    /// Whether it is bright or dark.
    pub scheme: Scheme,
    /// Its colours.
    pub colours: Colours,
    /// When it was saved; never, for the hub's own.
    pub updated_at: Option<DateTime<Utc>>,
}

impl Theme {
    /// Whether it comes with the hub.
    pub const fn built_in(&self) -> bool {
        self.updated_at.is_none()
    }
}
