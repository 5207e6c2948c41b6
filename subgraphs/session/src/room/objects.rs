//! Rooms as the graph shows them.

use super::{Change, Event, Kind, Phase, View, entity::seat};
use crate::player::Player;
use async_graphql::{ComplexObject, Context, Enum, ID, Object, Result, SimpleObject, Union};
use chrono::{DateTime, Utc};
use djinn_kernel::{Doing, ids::PlayerId};
use djinn_subgraph_kit::graph::{OrRefuse, cost};
use serde_json::Value;

/// Where a room is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "Phase")]
pub enum RoomPhase {
    /// Waiting for its players.
    Open,
    /// All seated members were ready.
    Running,
    /// Over.
    Closed,
}

/// What happened in a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "Kind")]
pub enum RoomChangeKind {
    /// The player took a seat.
    Joined,
    /// The player left.
    Left,
    /// The player is ready.
    Ready,
    /// The player is not ready any more.
    Unready,
    /// The player changed the state by `patch`.
    Acted,
    /// All are ready: the room is RUNNING.
    Started,
    /// The player is the host now.
    HostChanged,
    /// The room is CLOSED.
    Closed,
}

/// A few players around one shared document.
pub struct Room(pub View);

/// A few players around one shared document.
#[Object]
impl Room {
    /// Its id. Whoever has the id of a private room may join it.
    async fn id(&self) -> ID {
        self.0.room.id.into()
    }

    /// What its host called it.
    async fn name(&self) -> &str {
        &self.0.room.name
    }

    /// Where it is in its life.
    async fn phase(&self) -> RoomPhase {
        self.0.phase().into()
    }

    /// Whether anyone may see and join it. A private room is visible to its members only.
    async fn public(&self) -> bool {
        self.0.room.public
    }

    /// How many may sit in it.
    async fn seats(&self) -> i32 {
        self.0.room.seats
    }

    /// Who may close it. When the host leaves, whoever has been here longest is next.
    async fn host(&self, ctx: &Context<'_>) -> Result<Player> {
        Player::load(ctx, PlayerId(self.0.room.host)).await
    }

    /// Who sits in it, in the order they came.
    #[graphql(directive = cost::Usual::apply(4))]
    async fn members(&self) -> Vec<Seat> {
        self.0.seats.iter().map(Seat::of).collect()
    }

    /// The shared document, at revision `rev`.
    async fn state(&self) -> Result<Value> {
        serde_json::from_str(&self.0.room.state)
            .doing("reading the state of a room")
            .or_refuse()
    }

    /// Names the history that `rev` counts. When it differs from yours, start over from here.
    async fn epoch(&self) -> &str {
        &self.0.room.epoch
    }

    /// Grows by one with each change. Members, phase and state are of this revision.
    async fn rev(&self) -> i64 {
        self.0.room.rev
    }

    /// When it was opened.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.room.created_at
    }
}

/// One player's place in a room.
#[derive(Debug, SimpleObject)]
#[graphql(complex, directive = cost::Weight::apply(0))]
pub struct Seat {
    #[graphql(skip)]
    player_id: PlayerId,
    /// Whether they are ready.
    pub ready: bool,
    /// When they sat down.
    pub joined_at: DateTime<Utc>,
    /// The `clientSeq` of their last action; 0 before the first. Their next is one more.
    pub last_client_seq: i64,
}

#[ComplexObject]
impl Seat {
    /// Who sits here.
    async fn player(&self, ctx: &Context<'_>) -> Result<Player> {
        Player::load(ctx, self.player_id).await
    }
}

impl Seat {
    fn of(row: &seat::Model) -> Self {
        Self {
            player_id: PlayerId(row.player_id),
            ready: row.ready,
            joined_at: row.joined_at,
            last_client_seq: row.last_client_seq,
        }
    }
}

/// The whole room, to begin with.
#[derive(SimpleObject)]
pub struct RoomSnapshot {
    /// The room.
    pub room: Room,
    /// Names the history that `rev` counts.
    pub epoch: String,
    /// The revision you have now.
    pub rev: i64,
}

/// Changes without a hole.
#[derive(Debug, SimpleObject)]
pub struct RoomDelta {
    /// Names the history that `rev` counts.
    pub epoch: String,
    /// The revision you had. If you do not have it, ask `roomSince`.
    pub from_rev: i64,
    /// The revision you have now.
    pub rev: i64,
    /// All changes after `fromRev` up to `rev`, the oldest first, at most 256. Empty when there
    /// is nothing new.
    pub changes: Vec<RoomChange>,
}

/// One change of a room.
#[derive(Debug, SimpleObject)]
#[graphql(directive = cost::Weight::apply(0))]
pub struct RoomChange {
    /// The room's revision with it.
    pub rev: i64,
    /// What happened.
    pub kind: RoomChangeKind,
    /// Who did it, or to whom it happened.
    pub player_id: ID,
    /// When.
    pub at: DateTime<Utc>,
    /// For ACTED: what was merged into the state (RFC 7396).
    pub patch: Option<Value>,
    /// For ACTED: the player's own number of the action.
    pub client_seq: Option<i64>,
}

impl From<Change> for RoomChange {
    fn from(change: Change) -> Self {
        Self {
            rev: change.rev,
            kind: change.kind.into(),
            player_id: change.player.into(),
            at: change.at,
            patch: change.patch,
            client_seq: change.client_seq,
        }
    }
}

/// What you asked to resume from is gone: here is the whole.
#[derive(SimpleObject)]
pub struct RoomGap {
    /// Names the history that `rev` counts.
    pub epoch: String,
    /// The revision you have now.
    pub rev: i64,
    /// The room.
    pub room: Room,
}

/// You have everything, and nothing more will come.
#[derive(Debug, SimpleObject)]
pub struct RoomClosed {
    /// Names the history that `rev` counts.
    pub epoch: String,
    /// The last revision.
    pub rev: i64,
}

/// What a follower of a room gets.
#[derive(Union)]
pub enum RoomEvent {
    /// The whole room, to begin with.
    Snapshot(RoomSnapshot),
    /// Changes without a hole.
    Delta(RoomDelta),
    /// The whole room, because changes are missing.
    Gap(RoomGap),
    /// The end.
    Closed(RoomClosed),
}

impl From<Event> for RoomEvent {
    fn from(event: Event) -> Self {
        let position = event.position();
        let (epoch, rev) = (position.epoch, position.rev);
        match event {
            Event::Snapshot(view) => Self::Snapshot(RoomSnapshot {
                room: Room(view),
                epoch,
                rev,
            }),
            Event::Delta { from, changes, .. } => {
                let changes = changes.into_iter().map(Into::into).collect();
                Self::Delta(RoomDelta {
                    epoch,
                    from_rev: from,
                    rev,
                    changes,
                })
            }
            Event::Gap(view) => Self::Gap(RoomGap {
                epoch,
                rev,
                room: Room(view),
            }),
            Event::Closed(_) => Self::Closed(RoomClosed { epoch, rev }),
        }
    }
}
