//! What players do in rooms.

use super::{
    MAX_HOSTED, MAX_NAME, MAX_SEATS, Phase, View,
    entity::room,
    merge::{self, MAX_PATCH, MAX_STATE, Unacceptable},
    store,
    tail::Tails,
    turn::Turn,
};
use crate::player;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use djinn_kernel::{
    Code, Doing, Fault,
    ids::{InvalidId, PlayerId, RoomId},
    page::{Page, Slice},
    text::turns,
};
use djinn_subgraph_kit::{Ports, graph::Coded};
use serde_json::Value;
use uuid::Uuid;

/// Why nothing changed.
#[derive(Debug, thiserror::Error)]
pub enum RoomError {
    /// Not an id.
    #[error(transparent)]
    Id(#[from] InvalidId),
    /// None, or none the player may know of.
    #[error("there is no such room")]
    NotFound,
    /// No seat is free.
    #[error("all {0} seats are taken")]
    Full(i32),
    /// It is over.
    #[error("the room is closed")]
    Closed,
    /// Only members may.
    #[error("join the room first")]
    NotInRoom,
    /// Only the host may.
    #[error("only the host may close the room")]
    NotHost,
    /// Too many rooms.
    #[error("you host {MAX_HOSTED} rooms, the most there may be; close one first")]
    TooMany,
    /// Not a name.
    #[error("a room's name has 1 to {MAX_NAME} characters and no control characters")]
    Name,
    /// Not a number of seats.
    #[error("a room has 1 to {MAX_SEATS} seats, not {0}")]
    Seats(i32),
    /// Not a state to start with.
    #[error("the state {0}")]
    State(Unacceptable),
    /// Not a patch.
    #[error("the patch {0}")]
    Patch(Unacceptable),
    /// The state would grow beyond its limit.
    #[error("after this patch, the state {0}")]
    Result(Unacceptable),
    /// Actions of one player come one after the other.
    #[error("clientSeq {got} is out of order; the next is {next}")]
    OutOfOrder {
        /// What came.
        got: i64,
        /// What should have come.
        next: i64,
    },
    /// Not a position.
    #[error("a revision is 0 or more, not {0}")]
    Rev(i64),
    /// Ours to mend.
    #[error(transparent)]
    Internal(#[from] Fault),
}

impl Coded for RoomError {
    fn code(&self) -> Code {
        match self {
            Self::Id(_) => Code::InvalidId,
            Self::NotFound => Code::NotFound,
            Self::Full(_) => Code::RoomFull,
            Self::Closed => Code::RoomClosed,
            Self::NotInRoom => Code::NotInRoom,
            Self::NotHost => Code::Forbidden,
            Self::TooMany | Self::Result(Unacceptable::TooLarge { .. }) => Code::LimitExceeded,
            Self::OutOfOrder { .. } => Code::ActionOutOfOrder,
            Self::Name
            | Self::Seats(_)
            | Self::State(_)
            | Self::Patch(_)
            | Self::Result(_)
            | Self::Rev(_) => Code::InvalidInput,
            Self::Internal(_) => Code::Internal,
        }
    }

    fn field(&self) -> Option<String> {
        let field = match self {
            Self::Id(_) => "roomId",
            Self::Name => "input.name",
            Self::Seats(_) => "input.seats",
            Self::State(_) => "input.state",
            Self::Patch(_) | Self::Result(_) => "input.patch",
            Self::OutOfOrder { .. } => "input.clientSeq",
            Self::Rev(_) => "rev",
            _ => return None,
        };
        Some(field.to_owned())
    }
}

/// What became of an action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acted {
    /// The revision it got.
    pub rev: i64,
    /// Names the history that `rev` counts.
    pub epoch: String,
    /// Whether it had been applied before.
    pub duplicate: bool,
}

/// The use cases.
#[derive(Clone)]
pub struct Rooms {
    pub(super) ports: Ports,
    pub(super) tails: Tails,
}

impl Rooms {
    /// With the world it may touch.
    pub fn new(ports: Ports) -> Self {
        Self {
            ports,
            tails: Tails::default(),
        }
    }

    /// A room the player may know of.
    pub async fn find(&self, player: PlayerId, id: RoomId) -> Result<Option<View>, Fault> {
        Ok(store::view(&self.ports.db, id)
            .await?
            .filter(|view| view.visible_to(player)))
    }

    /// Public rooms that wait for players, and the player's own; and how many there are.
    pub async fn list(
        &self,
        player: PlayerId,
        page: &Page<Uuid>,
    ) -> Result<(Slice<View>, u64), Fault> {
        store::list(&self.ports.db, player, page).await
    }

    /// Opens a room with its host in the first seat.
    pub async fn create(
        &self,
        host: PlayerId,
        name: &str,
        seats: i32,
        public: bool,
        state: &Value,
    ) -> Result<View, RoomError> {
        let name = name.trim();
        if !(1..=MAX_NAME).contains(&name.chars().count())
            || name.chars().any(|c| c.is_control() || turns(c))
        {
            return Err(RoomError::Name);
        }
        if !(1..=MAX_SEATS).contains(&seats) {
            return Err(RoomError::Seats(seats));
        }
        let state = merge::check(state, MAX_STATE).map_err(RoomError::State)?;
        let mut epoch = [0; 9];
        self.ports.entropy.fill(&mut epoch);
        let room = room::Model {
            id: self.ports.ids.new_id(),
            name: name.to_owned(),
            phase: Phase::Open.as_str().to_owned(),
            public,
            seats,
            host: host.0,
            state,
            epoch: URL_SAFE_NO_PAD.encode(epoch),
            rev: 0,
            created_at: self.ports.clock.now(),
            closed_at: None,
        };
        let txn = self.ports.db.begin().await.doing("opening a room")?;
        player::store::lock(&txn, host)
            .await?
            .doing("loading the host of a room")?;
        if store::count_hosted(&txn, host).await? >= MAX_HOSTED {
            return Err(RoomError::TooMany);
        }
        store::insert(&txn, room.clone()).await?;
        let mut turn = Turn::of(
            &self.ports,
            txn,
            View {
                room,
                seats: Vec::new(),
            },
        );
        turn.join(host).await?;
        Ok(turn.commit().await?)
    }

    async fn turn(&self, id: RoomId) -> Result<Turn<'_>, RoomError> {
        Turn::take(&self.ports, id)
            .await?
            .ok_or(RoomError::NotFound)
    }

    /// Takes a seat. Whoever was given the id of a private room may join it: the id is the
    /// invitation. Joining twice is joining once.
    pub async fn join(&self, player: PlayerId, id: RoomId) -> Result<View, RoomError> {
        let mut turn = self.turn(id).await?;
        if turn.view.phase() == Phase::Closed {
            return Err(RoomError::Closed);
        }
        if !turn.view.seated(player) {
            let seats = turn.view.room.seats;
            if turn.view.seats.len() >= usize::try_from(seats).unwrap_or(0) {
                return Err(RoomError::Full(seats));
            }
            turn.join(player).await?;
        }
        Ok(turn.commit().await?)
    }

    /// Gives the seat back.
    pub async fn leave(&self, player: PlayerId, id: RoomId) -> Result<View, RoomError> {
        let mut turn = self.turn(id).await?;
        let seat = member(&turn, player)?;
        turn.leave(seat);
        Ok(turn.commit().await?)
    }

    /// Says whether the player is ready. The room runs once all its members are.
    pub async fn set_ready(
        &self,
        player: PlayerId,
        id: RoomId,
        ready: bool,
    ) -> Result<View, RoomError> {
        let mut turn = self.turn(id).await?;
        let seat = member(&turn, player)?;
        if seat.ready != ready {
            turn.ready(seat, ready);
        }
        Ok(turn.commit().await?)
    }

    /// Applies a merge patch to the state, once for each `client_seq`.
    pub async fn act(
        &self,
        player: PlayerId,
        id: RoomId,
        client_seq: i64,
        patch: Value,
    ) -> Result<Acted, RoomError> {
        let text = merge::check(&patch, MAX_PATCH).map_err(RoomError::Patch)?;
        let mut turn = self.turn(id).await?;
        // First of all: the answer to a lost acknowledgement is the same, whatever came after.
        if let Some(seat) = turn.seat(player).await?
            && client_seq == seat.last_client_seq
            && client_seq > 0
        {
            return Ok(Acted {
                rev: seat.last_rev,
                epoch: turn.view.room.epoch,
                duplicate: true,
            });
        }
        let seat = member(&turn, player)?;
        let next = seat.last_client_seq + 1;
        if client_seq != next {
            return Err(RoomError::OutOfOrder {
                got: client_seq,
                next,
            });
        }
        let mut state =
            serde_json::from_str(&turn.view.room.state).doing("reading the state of a room")?;
        merge::merge(&mut state, patch);
        let state = merge::check(&state, MAX_STATE).map_err(RoomError::Result)?;
        let rev = turn.act(seat, client_seq, text, state);
        let view = turn.commit().await?;
        Ok(Acted {
            rev,
            epoch: view.room.epoch,
            duplicate: false,
        })
    }

    /// Ends the room. Ending it twice is ending it once.
    pub async fn close(&self, player: PlayerId, id: RoomId) -> Result<View, RoomError> {
        let mut turn = self.turn(id).await?;
        if !turn.view.visible_to(player) {
            return Err(RoomError::NotFound);
        }
        if turn.view.room.host != player.0 {
            return Err(RoomError::NotHost);
        }
        if turn.view.phase() != Phase::Closed {
            turn.close(player.0);
        }
        Ok(turn.commit().await?)
    }
}

/// The player's seat in a room that is not over.
fn member(turn: &Turn<'_>, player: PlayerId) -> Result<super::entity::seat::Model, RoomError> {
    let view = &turn.view;
    let seat = view
        .seats
        .iter()
        .find(|seat| seat.player_id == player.0)
        .cloned();
    match seat {
        None if !view.room.public => Err(RoomError::NotFound),
        _ if view.phase() == Phase::Closed => Err(RoomError::Closed),
        None => Err(RoomError::NotInRoom),
        Some(seat) => Ok(seat),
    }
}
