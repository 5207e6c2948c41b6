//! The content catalogue: what a client shows that is no game. Switches ([`flag`]), what the
//! interface is made of ([`ui`]), themes ([`theme`]), its texts by language ([`text`]), pictures
//! ([`asset`]), what each player prefers ([`preference`]) and the searches they keep ([`view`]).
//!
//! All of it but what is a player's own is small and read by everybody, so it is kept in memory as one
//! [`catalogue::Catalogue`]. Every change raises one counter ([`rev`]): a process whose catalogue
//! is of an older revision reads it again, and [`stream`] tells clients which kinds changed.

pub mod asset;
pub mod catalogue;
pub mod flag;
pub mod graphql;
pub mod key;
pub mod preference;
pub mod rev;
pub mod stream;
pub mod text;
pub mod theme;
pub mod ui;
pub mod view;
pub mod wrong;

pub use catalogue::{Catalogue, Content};
pub use wrong::{Refused, Wrong};

use async_graphql::Enum;

/// The topic poked after every change of content.
pub const TOPIC: &str = "metadata.content";

/// A kind of content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Enum)]
#[graphql(name = "ContentKind")]
pub enum Noun {
    /// Feature flags: the query `featureFlags`.
    Flags,
    /// What the interface is made of: the query `uiConfig`.
    Ui,
    /// Themes: the query `themes`.
    Themes,
    /// Texts: the query `texts`.
    Texts,
    /// Pictures: the query `mediaAssets`.
    Assets,
    /// Your own preferences: the query `myPreferences`.
    Preferences,
}

impl Noun {
    /// Every kind.
    pub const ALL: [Self; 6] = [
        Self::Flags,
        Self::Ui,
        Self::Themes,
        Self::Texts,
        Self::Assets,
        Self::Preferences,
    ];

    /// As it is stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Flags => "flags",
            Self::Ui => "ui",
            Self::Themes => "themes",
            Self::Texts => "texts",
            Self::Assets => "assets",
            Self::Preferences => "preferences",
        }
    }
}
