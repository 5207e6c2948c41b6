//! Why a game that somebody looks for does not show: where it is after all, or what keeps it away.
//!
//! An answer is a list of reasons, the likeliest first, and never empty. Reasons out of titles
//! (`titles`) are about games the viewer may see, and nothing else: for a profile with a family
//! view, a game above its ceiling reads exactly like one that nobody holds. Reasons out of
//! libraries (`libraries`) do not depend on the title at all.

pub mod graphql;
mod libraries;
pub mod service;
mod titles;

pub use graphql::MissingQuery;

use async_graphql::Enum;
use chrono::{DateTime, Utc};
use uuid::Uuid;

/// The most reasons in one answer.
pub const MOST: usize = 20;

/// What a reason is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(name = "MissingReasonKind")]
pub enum Kind {
    /// It is here, and lists show it.
    Listed,
    /// It is here, and hidden from lists. `updateGame` shows it again.
    Hidden,
    /// It is here as something else than a game proper, such as a demo; lists leave those out
    /// unless they are asked for.
    NoGameProper,
    /// It is here, but not in that collection.
    NotInCollection,
    /// It is here, but held on other platforms only.
    OtherPlatform,
    /// It is wished for, not held.
    Wished,
    /// The copy of that title is part of another game here. `splitGame` takes it off.
    Merged,
    /// The copy is here and is being matched; it shows as soon as that is done.
    Matching,
    /// The library held it once, and its platform lists it no more.
    Removed,
    /// No title here is this one, but these are like it.
    Similar,
    /// A sync is under way; its games come as it goes.
    SyncRunning,
    /// The platform refuses the credentials. Link the account again.
    NotConnected,
    /// The last sync failed.
    SyncFailed,
    /// The library was linked, and never read yet.
    NeverSynced,
    /// The library was read then; what came to the account since comes with the next sync.
    SyncedBefore,
    /// No library of that platform is linked.
    NotLinked,
    /// No linked library lists a game of that title.
    NotHeld,
    /// The profile shows only games up to its rating.
    FamilyView,
}

/// One reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// What it is about.
    pub kind: Kind,
    /// The same as a sentence.
    pub text: String,
    /// The game it is about.
    pub game: Option<Uuid>,
    /// The library it is about.
    pub library: Option<Uuid>,
    /// Since when it is so, or when it was.
    pub at: Option<DateTime<Utc>>,
}

impl Reason {
    fn new(kind: Kind, text: impl Into<String>) -> Self {
        Self {
            kind,
            text: text.into(),
            game: None,
            library: None,
            at: None,
        }
    }

    const fn of_game(mut self, game: Uuid) -> Self {
        self.game = Some(game);
        self
    }

    const fn of_library(mut self, library: Uuid) -> Self {
        self.library = Some(library);
        self
    }

    const fn at(mut self, at: Option<DateTime<Utc>>) -> Self {
        self.at = at;
        self
    }
}
