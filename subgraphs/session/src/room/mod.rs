//! Rooms: a few players around one shared document.
//!
//! Every change is one transaction: it raises the room's revision by one for each entry it adds
//! to the log. So `epoch` and `rev` name a state exactly, a delta is a slice of the log, and a
//! client that has every entry up to a revision has the state of that revision.

mod change;
mod entity;
mod events;
mod graphql;
mod merge;
mod objects;
mod service;
mod store;
mod tail;
mod turn;

pub use change::{Change, Kind};
pub use events::{Event, Position};
pub use graphql::{RoomMutation, RoomQuery, RoomSubscription};
pub use service::Rooms;
pub use store::sweep;

use djinn_kernel::ids::{PlayerId, RoomId};

/// A player hosts at most this many rooms that are not closed.
pub const MAX_HOSTED: u64 = 20;
/// The most seats a room has.
pub const MAX_SEATS: i32 = 64;
/// One delta has at most this many changes …
pub const MAX_DELTA: u64 = 256;
/// … and about this many bytes of patches.
pub const MAX_DELTA_BYTES: usize = 512 * 1024;
/// At least this many changes can be resumed from.
pub const LOG_KEPT: i64 = 1024;
/// The log is trimmed once in this many changes.
pub const TRIM_EVERY: i64 = 256;
const MAX_NAME: usize = 60;

/// The topic that is poked after each change of a room.
pub fn topic(room: RoomId) -> String {
    format!("room:{room}")
}

/// Where a room is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Waiting for its players.
    Open,
    /// All seated members were ready.
    Running,
    /// Over.
    Closed,
}

impl Phase {
    /// As it is stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Running => "running",
            Self::Closed => "closed",
        }
    }

    /// Of a stored text. What this binary does not know is over.
    pub fn read(text: &str) -> Self {
        match text {
            "open" => Self::Open,
            "running" => Self::Running,
            _ => Self::Closed,
        }
    }
}

/// A room and who sits in it, at one revision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct View {
    /// The room.
    pub room: entity::room::Model,
    /// Who sits in it, in the order they came.
    pub seats: Vec<entity::seat::Model>,
}

impl View {
    /// Its typed id.
    pub const fn id(&self) -> RoomId {
        RoomId(self.room.id)
    }

    /// Where it is in its life.
    pub fn phase(&self) -> Phase {
        Phase::read(&self.room.phase)
    }

    /// Whether this player sits in it.
    pub fn seated(&self, player: PlayerId) -> bool {
        self.seats.iter().any(|seat| seat.player_id == player.0)
    }

    /// Whether this player may know of it: a private room shows itself to its members only.
    pub fn visible_to(&self, player: PlayerId) -> bool {
        self.room.public || self.seated(player)
    }
}
