//! What is remembered of other subgraphs' events, as far as taste needs it.

pub mod consumer;
mod entity;
pub mod part;
pub mod store;

use djinn_kernel::{Rated, ids::GameId};

/// The facts of a game.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// Which.
    pub game: GameId,
    /// Its title.
    pub title: String,
    /// Whether it is a game that stands alone; extras and tools are never recommended.
    pub whole: bool,
    /// Genres by name.
    pub genres: Vec<String>,
    /// Tags by name.
    pub tags: Vec<String>,
    /// Developers by name.
    pub developers: Vec<String>,
    /// How it is rated.
    pub rated: Rated,
    /// The critics' score, 0 to 100.
    pub critic_score: Option<i16>,
    /// Minutes the main story takes.
    pub main_story_minutes: Option<i32>,
}

/// How a household stands to a game it holds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Play {
    /// Minutes played.
    pub minutes: i32,
    /// What the household says about it.
    pub status: Status,
    /// Whether it is a favourite.
    pub favourite: bool,
    /// What the household thinks of it, 0 to 100.
    pub rating: Option<i16>,
}

/// The statuses that say something about taste. Others, and none, are `Other`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Status {
    /// Nothing in particular.
    #[default]
    Other,
    /// In the middle of it.
    Playing,
    /// Finished.
    Completed,
    /// To be gone on with.
    OnHold,
    /// Given up.
    Abandoned,
}

impl Status {
    /// Reads a status' id. Statuses are data: an unknown one is no error.
    pub fn of(id: Option<&str>) -> Self {
        match id {
            Some("playing") => Self::Playing,
            Some("completed") => Self::Completed,
            Some("on_hold") => Self::OnHold,
            Some("abandoned") => Self::Abandoned,
            _ => Self::Other,
        }
    }
}

/// A game a household holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// What it is.
    pub facts: Facts,
    /// How it is played.
    pub play: Play,
}
