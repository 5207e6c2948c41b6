//! What a household holds of a game and says about it: copies summed up, status, marks, notes.
//!
//! The rules are here and pure. Title, cover and ratings of a game belong to metadata; the library
//! keeps only the facts it searches by ([`projection`]).

pub mod entity;
pub mod fold;
pub mod graphql;
pub mod holdings;
pub mod joined;
pub mod loader;
pub mod projection;
pub mod service;
pub mod store;

pub use graphql::{Game, GameMutation, GameQuery};
pub use loader::loaders;

use djinn_kernel::{Esrb, FamilyView, event::GameKind};

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

/// Whether a viewer with this ceiling may know of a game with this stored rating. The one place
/// where the library applies the family ceiling.
pub fn visible(family: Option<FamilyView>, esrb_level: Option<i16>) -> bool {
    family.is_none_or(|family| family.allows(esrb_level.and_then(Esrb::from_level)))
}

/// The same for a game whose facts may not have arrived yet: until they have, nobody knows what it
/// is, and a viewer with a ceiling does not see it.
pub fn visible_if_known(family: Option<FamilyView>, known: Option<Option<i16>>) -> bool {
    family.is_none() || known.is_some_and(|level| visible(family, level))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unrated_game_is_hidden_from_a_child_and_a_rated_one_by_its_rating() {
        let child = Some(FamilyView {
            ceiling: Esrb::Teen,
            unrated: djinn_kernel::Unrated::Hide,
        });
        assert!(!visible(child, None));
        assert!(!visible(child, Some(Esrb::Mature.level())));
        assert!(visible(child, Some(Esrb::Everyone.level())));
        assert!(visible(None, None));
    }
}
