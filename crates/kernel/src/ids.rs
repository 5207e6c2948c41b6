//! Typed ids: a `GameId` can never be passed where a `RoomId` is meant.
//!
//! All are UUID version 7 (RFC 9562), so they sort by the time they were made and index well in
//! both databases.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use uuid::Uuid;

/// The text given as an id is not one of ours.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a {kind} id: expected a UUID")]
pub struct InvalidId {
    /// The kind of thing whose id was expected, for instance `game`.
    pub kind: &'static str,
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $kind:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// Reads an id a client sent.
            pub fn parse(text: &str) -> Result<Self, InvalidId> {
                text.parse()
            }
        }
        impl FromStr for $name {
            type Err = InvalidId;
            fn from_str(text: &str) -> Result<Self, InvalidId> {
                Uuid::try_parse(text).map(Self).map_err(|_| InvalidId { kind: $kind })
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }
        impl From<$name> for Uuid {
            fn from(id: $name) -> Self {
                id.0
            }
        }
    )*};
}

ids! {
    /// A person, or a child profile of one.
    PlayerId = "player";
    /// One signed-in device: the family of rotating refresh tokens.
    LoginId = "login";
    /// A long-lived scoped key for a machine.
    ApiKeyId = "API key";
    /// A code that makes an account.
    InviteId = "invite";
    /// A canonical game, whatever stores sell it.
    GameId = "game";
    /// An account linked on one platform.
    LibraryId = "library";
    /// One game held on one platform by one person.
    CopyId = "copy";
    /// A collection of games.
    CollectionId = "collection";
    /// One run of a library's synchronisation.
    SyncRunId = "sync run";
    /// A multiplayer room.
    RoomId = "room";
    /// A leaderboard.
    BoardId = "board";
    /// One event in the outbox.
    EventId = "event";
}
