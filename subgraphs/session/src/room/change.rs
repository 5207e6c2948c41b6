//! One entry of a room's log.

use super::entity::log;
use chrono::{DateTime, Utc};
use djinn_kernel::{Doing, Fault};
use serde_json::Value;
use uuid::Uuid;

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A player took a seat.
    Joined,
    /// A player left.
    Left,
    /// A player is ready.
    Ready,
    /// A player is not ready any more.
    Unready,
    /// A player changed the state.
    Acted,
    /// All are ready: the room runs.
    Started,
    /// The player is the host now.
    HostChanged,
    /// The room is over.
    Closed,
}

impl Kind {
    const ALL: [Self; 8] = [
        Self::Joined,
        Self::Left,
        Self::Ready,
        Self::Unready,
        Self::Acted,
        Self::Started,
        Self::HostChanged,
        Self::Closed,
    ];

    /// As it is stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Joined => "joined",
            Self::Left => "left",
            Self::Ready => "ready",
            Self::Unready => "unready",
            Self::Acted => "acted",
            Self::Started => "started",
            Self::HostChanged => "host_changed",
            Self::Closed => "closed",
        }
    }
}

/// One change, read from the log.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// The room's revision with it.
    pub rev: i64,
    /// What happened.
    pub kind: Kind,
    /// Who did it, or to whom it happened.
    pub player: Uuid,
    /// When.
    pub at: DateTime<Utc>,
    /// The merge patch of an action.
    pub patch: Option<Value>,
    /// The player's own number of an action.
    pub client_seq: Option<i64>,
    /// How long the patch is, in bytes of JSON.
    pub bytes: usize,
}

impl Change {
    /// Reads a row.
    pub fn read(row: log::Model) -> Result<Self, Fault> {
        let kind = Kind::ALL.into_iter().find(|kind| kind.as_str() == row.kind);
        let patch = row.patch.as_deref().map(serde_json::from_str).transpose();
        Ok(Self {
            rev: row.rev,
            kind: kind.doing("reading the kind of a change")?,
            player: row.player_id,
            at: row.at,
            patch: patch.doing("reading the patch of a change")?,
            client_seq: row.client_seq,
            bytes: row.patch.as_ref().map_or(0, String::len),
        })
    }
}
