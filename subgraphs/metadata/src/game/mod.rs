//! The canonical game: one, whatever stores sell it.
//!
//! What each source said is kept by itself ([`said`]), and what is shown follows from all of it by
//! an order for each field ([`source`]); a person's word is the last ([`correct`]). What the family
//! ceiling goes by is in [`rating`].

pub mod correct;
pub mod dossier;
pub mod entity;
pub mod fact;
pub mod graphql;
pub mod loader;
pub mod mutation;
pub mod rating;
pub mod rerate;
pub mod said;
pub mod service;
pub mod source;
pub mod store;
pub mod title;

pub use dossier::Dossier;
pub use said::{Findings, Said, TimeToBeat};
pub use source::Source;

use djinn_kernel::event::GameKind;
use serde::{Deserialize, Serialize};

/// A field whose source is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Field {
    /// The title.
    Title,
    /// What it is.
    Kind,
    /// Date or year of release.
    ReleasedOn,
    /// Genres.
    Genres,
    /// Tags.
    Tags,
    /// Developers.
    Developers,
    /// Publishers.
    Publishers,
    /// The description.
    Summary,
    /// The critics' score.
    CriticScore,
    /// Minutes the main story takes.
    MainStoryMinutes,
    /// How long it takes, by way of playing.
    TimeToBeat,
    /// Pictures.
    Art,
    /// Ratings, descriptors and required age.
    AgeRatings,
}

impl Field {
    /// Every field.
    pub const ALL: [Self; 13] = [
        Self::Title,
        Self::Kind,
        Self::ReleasedOn,
        Self::Genres,
        Self::Tags,
        Self::Developers,
        Self::Publishers,
        Self::Summary,
        Self::CriticScore,
        Self::MainStoryMinutes,
        Self::TimeToBeat,
        Self::Art,
        Self::AgeRatings,
    ];

    /// The field as the graph calls it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Kind => "kind",
            Self::ReleasedOn => "releasedOn",
            Self::Genres => "genres",
            Self::Tags => "tags",
            Self::Developers => "developers",
            Self::Publishers => "publishers",
            Self::Summary => "summary",
            Self::CriticScore => "criticScore",
            Self::MainStoryMinutes => "mainStoryMinutes",
            Self::TimeToBeat => "timeToBeat",
            Self::Art => "coverUrl",
            Self::AgeRatings => "ageRatings",
        }
    }
}

/// The number that stands for a kind in the database.
pub const fn kind_code(kind: GameKind) -> i16 {
    match kind {
        GameKind::Game => 0,
        GameKind::Dlc => 1,
        GameKind::Demo => 2,
        GameKind::Extra => 3,
        GameKind::Tool => 4,
    }
}

/// The kind of a stored number.
pub const fn kind_of(code: i16) -> GameKind {
    match code {
        1 => GameKind::Dlc,
        2 => GameKind::Demo,
        3 => GameKind::Extra,
        4 => GameKind::Tool,
        _ => GameKind::Game,
    }
}
