//! How games are related: what belongs to a game without being it.
//!
//! The words that tell a remaster, a soundtrack or a demo from the game itself are what keeps them
//! from being merged, and they say how the two are related.

pub mod graphql;
pub mod loader;

use crate::matching::key::TitleKey;
use async_graphql::Enum;
use djinn_kernel::event::GameKind;

/// What the other game is to this one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Enum)]
#[graphql(name = "GameRelationKind")]
pub enum RelationKind {
    /// The game that this is a part, a demo or a later version of.
    BaseGame,
    /// Another edition of it that a store sells as a product of its own.
    Edition,
    /// Additional content for it.
    Dlc,
    /// A remaster of it.
    Remaster,
    /// A remake of it.
    Remake,
    /// Another version: in virtual reality, in high definition, a classic one.
    Version,
    /// A demo, beta, prologue or playtest of it.
    Demo,
    /// A soundtrack or artbook of it.
    Extra,
    /// A tool, dedicated server or editor for it.
    Tool,
}

/// What `other` is to `this`, going by their titles; both name the same work.
pub fn relation(this: &TitleKey, other: &TitleKey) -> Option<RelationKind> {
    if this.base != other.base || this.base.is_empty() {
        return None;
    }
    match (this.kind, other.kind) {
        (GameKind::Game, GameKind::Game) => {}
        (GameKind::Game, GameKind::Dlc) => return Some(RelationKind::Dlc),
        (GameKind::Game, GameKind::Demo) => return Some(RelationKind::Demo),
        (GameKind::Game, GameKind::Extra) => return Some(RelationKind::Extra),
        (GameKind::Game, GameKind::Tool) => return Some(RelationKind::Tool),
        (_, GameKind::Game) => return Some(RelationKind::BaseGame),
        _ => return None,
    }
    if this.work == other.work {
        let editions = this.edition != other.edition;
        // Two games of one name are related by nothing but the name.
        let years = this.year == other.year || this.year.is_none() || other.year.is_none();
        return (editions && years).then_some(RelationKind::Edition);
    }
    if other.work.is_empty() {
        return Some(RelationKind::BaseGame);
    }
    let is = |word| other.work.split('+').any(|work| work == word);
    Some(if is("remaster") {
        RelationKind::Remaster
    } else if is("remake") {
        RelationKind::Remake
    } else {
        RelationKind::Version
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_say_how_games_are_related() {
        for (this, other, kind) in [
            (
                "Dark Souls",
                "Dark Souls: Remastered",
                Some(RelationKind::Remaster),
            ),
            (
                "Dark Souls: Remastered",
                "Dark Souls",
                Some(RelationKind::BaseGame),
            ),
            (
                "Resident Evil 2",
                "Resident Evil 2 Remake",
                Some(RelationKind::Remake),
            ),
            ("Superhot", "Superhot VR", Some(RelationKind::Version)),
            (
                "Hades",
                "Hades Original Soundtrack",
                Some(RelationKind::Extra),
            ),
            (
                "Hades Original Soundtrack",
                "Hades",
                Some(RelationKind::BaseGame),
            ),
            ("Foo", "Foo - Season Pass", Some(RelationKind::Dlc)),
            ("Foo", "Foo Demo", Some(RelationKind::Demo)),
            ("Foo", "Foo Dedicated Server", Some(RelationKind::Tool)),
            ("Fallout 3", "Fallout 3 GOTY", Some(RelationKind::Edition)),
            ("Foo Demo", "Foo Soundtrack", None),
            ("Prey", "Prey (2017)", None),
            ("Portal", "Portal 2", None),
        ] {
            assert_eq!(
                relation(&TitleKey::of(this), &TitleKey::of(other)),
                kind,
                "{this} / {other}"
            );
        }
    }
}
