//! With whom somebody wants to play, as far as a game's genres and tags say.

use super::{shelf::Shelved, words::squash};
use async_graphql::Enum;

/// With whom to play.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(name = "PlayCompany")]
pub enum Company {
    /// Alone: games that are not known to need others.
    Alone,
    /// Together, against the game.
    Coop,
    /// In one room, on one screen.
    SameRoom,
    /// With others, elsewhere.
    Online,
}

impl Company {
    /// Whether a genre or tag, as one word, says that a game can be played so.
    fn is_said_by(self, name: &str) -> bool {
        let has = |part: &str| name.contains(part);
        match self {
            Self::Alone => has("singleplayer") || has("solo"),
            Self::Coop => has("coop"),
            Self::SameRoom => {
                has("splitscreen")
                    || has("couch")
                    || has("hotseat")
                    || has("partygame")
                    || (has("local") && (has("multiplayer") || has("coop") || has("versus")))
            }
            Self::Online => has("online") || has("mmo") || (has("multiplayer") && !has("local")),
        }
    }

    /// The names that say so, as the sources write them.
    pub fn names(self, game: &Shelved) -> Vec<&str> {
        let facts = &game.held.facts;
        let all = facts.tags.iter().chain(&facts.genres);
        all.map(String::as_str)
            .filter(|name| self.is_said_by(&squash(name)))
            .collect()
    }

    /// Whether a game can be played so. Of one that says nothing at all: alone.
    pub fn fits(self, game: &Shelved) -> bool {
        let said = |company: Self| !company.names(game).is_empty();
        match self {
            Self::Alone => {
                said(Self::Alone)
                    || ![Self::Coop, Self::SameRoom, Self::Online]
                        .into_iter()
                        .any(said)
            }
            _ => said(self),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stores_words_for_company_are_understood() {
        for (company, name) in [
            (Company::Coop, "Co-op"),
            (Company::Coop, "Online Co-Op"),
            (Company::SameRoom, "Shared/Split Screen"),
            (Company::SameRoom, "Local Co-Op"),
            (Company::SameRoom, "Local Multiplayer"),
            (Company::Online, "Massively Multiplayer Online"),
            (Company::Online, "Multiplayer"),
            (Company::Alone, "Single-player"),
        ] {
            assert!(company.is_said_by(&squash(name)), "{company:?} by {name}");
        }
        for (company, name) in [
            (Company::Coop, "Puzzle"),
            (Company::SameRoom, "Online Co-op"),
            (Company::Online, "Local Multiplayer"),
            (Company::Alone, "Multiplayer"),
        ] {
            assert!(!company.is_said_by(&squash(name)), "{company:?} by {name}");
        }
    }
}
