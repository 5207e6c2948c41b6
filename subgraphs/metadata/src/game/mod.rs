//! The canonical game: one, whatever stores sell it.
//!
//! Each field remembers its source ([`Field`], [`Source`]); a better source overwrites a lesser
//! one and never the other way round. What the family ceiling goes by is in [`rating`].

pub mod dossier;
pub mod entity;
pub mod graphql;
pub mod loader;
pub mod rating;
pub mod service;
pub mod store;
pub mod title;

pub use dossier::Dossier;

use chrono::NaiveDate;
use djinn_kernel::event::GameKind;
use rating::Rating;

/// A field whose source is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
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
    /// Pictures.
    Art,
    /// Ratings, descriptors and required age.
    AgeRatings,
}

impl Field {
    /// Every field.
    pub const ALL: [Self; 12] = [
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
            Self::Art => "coverUrl",
            Self::AgeRatings => "ageRatings",
        }
    }
}

/// Who says something about a game.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// The platform's list of what somebody owns.
    Platform,
    /// An imported file.
    Import,
    /// The Steam store's page.
    SteamStore,
}

impl Source {
    /// Every source.
    pub const ALL: [Self; 3] = [Self::Platform, Self::Import, Self::SteamStore];

    /// As it is stored and shown.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Platform => "platform",
            Self::Import => rating::IMPORT,
            Self::SteamStore => rating::STEAM_STORE,
        }
    }

    /// How much it counts for a field. Tags are a person's own order; a store's are stand-ins.
    const fn weight(self, field: Field) -> u8 {
        match (self, field) {
            (Self::Platform, _) => 0,
            (Self::SteamStore, Field::Tags) => 1,
            (Self::Import, _) => 2,
            (Self::SteamStore, _) => 3,
        }
    }
}

/// What one source says. Empty means it says nothing, not that there is nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Findings {
    /// The title.
    pub title: Option<String>,
    /// What it is.
    pub kind: Option<GameKind>,
    /// First release, when the day is known.
    pub released_on: Option<NaiveDate>,
    /// Year of first release.
    pub release_year: Option<i32>,
    /// Genres by name.
    pub genres: Vec<String>,
    /// Tags by name.
    pub tags: Vec<String>,
    /// Developers by name.
    pub developers: Vec<String>,
    /// Publishers by name.
    pub publishers: Vec<String>,
    /// A few plain sentences.
    pub summary: Option<String>,
    /// Where the upright picture is.
    pub cover_art: Option<String>,
    /// Where the wide picture is.
    pub header_art: Option<String>,
    /// The critics' score.
    pub critic_score: Option<i16>,
    /// Minutes the main story takes.
    pub main_story_minutes: Option<i32>,
    /// Steam's content descriptors.
    pub content_descriptors: Vec<i32>,
    /// The age the store asks for.
    pub required_age: Option<i32>,
    /// Ratings by board.
    pub ratings: Vec<Rating>,
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
