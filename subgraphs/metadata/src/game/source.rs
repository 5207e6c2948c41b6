//! Who says something about a game, and whose word counts for which field.

use super::{Field, rating};
use crate::provider::gog;

/// Who says something about a game.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// The platform's list of what somebody owns.
    Platform,
    /// An imported file.
    Import,
    /// The Steam store's page.
    SteamStore,
    /// The games database IGDB.
    Igdb,
    /// The games database RAWG.
    Rawg,
    /// GOG's games database.
    Gog,
    /// A person, whose word is the last.
    Person,
}

impl Source {
    /// Every source.
    pub const ALL: [Self; 7] = [
        Self::Platform,
        Self::Import,
        Self::SteamStore,
        Self::Igdb,
        Self::Rawg,
        Self::Gog,
        Self::Person,
    ];

    /// As it is stored and shown.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Platform => "platform",
            Self::Import => rating::IMPORT,
            Self::SteamStore => rating::STEAM_STORE,
            Self::Igdb => rating::IGDB,
            Self::Rawg => rating::RAWG,
            Self::Gog => gog::NAME,
            Self::Person => rating::PERSON,
        }
    }

    /// Reads what is stored. `None` for a source of a newer version.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|source| source.as_str() == text)
    }

    /// How much its word counts for a field: the order is total, so it does not matter who came
    /// first.
    pub fn weight(self, field: Field) -> usize {
        use Source::{Gog, Igdb, Import, Person, Platform, Rawg, SteamStore};
        let order: [Self; 7] = match field {
            // What people see in their store's library; a provider's only where that is poor.
            Field::Title => [Import, Gog, Rawg, Igdb, SteamStore, Platform, Person],
            // A store dates its own release; databases know the first.
            Field::ReleasedOn => [Platform, Import, Gog, Rawg, SteamStore, Igdb, Person],
            // Tags are a person's own order; a provider's are stand-ins.
            Field::Tags => [Platform, Gog, Rawg, Igdb, SteamStore, Import, Person],
            // Only IGDB measures it.
            Field::MainStoryMinutes | Field::TimeToBeat => {
                [Platform, Gog, Rawg, SteamStore, Import, Igdb, Person]
            }
            // Metacritic's, as the store and RAWG carry it; IGDB's is a mean of its own.
            Field::CriticScore => [Platform, Import, Gog, Igdb, Rawg, SteamStore, Person],
            // GOG's users fill its database: it speaks where nobody else does.
            _ => [Platform, Import, Gog, Rawg, Igdb, SteamStore, Person],
        };
        order.iter().position(|source| *source == self).unwrap_or(0)
    }
}
