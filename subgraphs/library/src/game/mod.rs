//! What a household holds of a game and says about it: copies summed up, status, marks, notes.
//!
//! The rules are here and pure. Title, cover and ratings of a game belong to metadata; the library
//! keeps only the facts it searches by ([`projection`]).

pub mod entity;
pub mod family;
pub mod fold;
pub mod graphql;
pub mod holdings;
pub mod joined;
pub mod loader;
pub mod part;
pub mod projection;
pub mod service;
pub mod store;
pub mod tags;

pub use family::{visible, visible_if_known};
pub use graphql::{Game, GameMutation, GameQuery};
pub use loader::loaders;

use djinn_kernel::event::GameKind;

/// Where a person stands with a game. Data rather than an enum, so that own ones can be added.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Status {
    /// What goes into filters and inputs, for instance `on_hold`.
    pub id: &'static str,
    /// What a person reads.
    pub name: &'static str,
}

/// The status of a game that nobody has begun.
pub const UNPLAYED: &str = "unplayed";
/// The status the first play leads to.
pub const PLAYING: &str = "playing";

/// The statuses every hub has, in the order a game usually goes through them.
pub const STATUSES: [Status; 5] = [
    Status {
        id: UNPLAYED,
        name: "Unplayed",
    },
    Status {
        id: PLAYING,
        name: "Playing",
    },
    Status {
        id: "completed",
        name: "Completed",
    },
    Status {
        id: "on_hold",
        name: "On hold",
    },
    Status {
        id: "abandoned",
        name: "Abandoned",
    },
];

/// The status of that id.
pub fn status(id: &str) -> Option<Status> {
    STATUSES.into_iter().find(|status| status.id == id)
}

/// What a status reads as when nobody has set one: a game is unplayed until it is played.
pub fn status_or_default(stored: Option<&str>) -> &str {
    stored.unwrap_or(UNPLAYED)
}

/// How a kind is stored.
pub const fn kind_text(kind: GameKind) -> &'static str {
    match kind {
        GameKind::Game => "GAME",
        GameKind::Dlc => "DLC",
        GameKind::Demo => "DEMO",
        GameKind::Extra => "EXTRA",
        GameKind::Tool => "TOOL",
    }
}

/// Reads a stored kind; one this version does not know counts as a game.
pub fn kind_of(text: &str) -> GameKind {
    match text {
        "DLC" => GameKind::Dlc,
        "DEMO" => GameKind::Demo,
        "EXTRA" => GameKind::Extra,
        "TOOL" => GameKind::Tool,
        _ => GameKind::Game,
    }
}
