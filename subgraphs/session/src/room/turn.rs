//! One change of one room, from the lock to the commit.

use super::{
    Kind, Phase, TRIM_EVERY, View,
    entity::{log, room, seat},
    store, topic,
};
use chrono::{DateTime, Utc};
use djinn_kernel::{
    Doing, Fault,
    ids::{PlayerId, RoomId},
};
use djinn_subgraph_kit::Ports;
use sea_orm::{ActiveValue::Set, DatabaseTransaction};
use uuid::Uuid;

/// The room is locked, and whatever is not committed never happened.
pub struct Turn<'a> {
    ports: &'a Ports,
    txn: DatabaseTransaction,
    now: DateTime<Utc>,
    /// The room as it will be.
    pub view: View,
    entries: Vec<log::Model>,
    changed: room::ActiveModel,
    seats: Vec<seat::Model>,
}

impl<'a> Turn<'a> {
    /// Takes a room's turn; `None` when there is no such room.
    pub async fn take(ports: &'a Ports, id: RoomId) -> Result<Option<Self>, Fault> {
        let txn = ports.db.begin().await.doing("changing a room")?;
        let Some(room) = store::lock(&txn, id).await? else {
            return Ok(None);
        };
        let seats = store::seats(&txn, id).await?;
        Ok(Some(Self::of(ports, txn, View { room, seats })))
    }

    /// The first turn of a room that was written in `txn`.
    pub fn of(ports: &'a Ports, txn: DatabaseTransaction, view: View) -> Self {
        let (entries, seats) = (Vec::new(), Vec::new());
        Self {
            ports,
            txn,
            now: ports.clock.now(),
            view,
            entries,
            changed: room::ActiveModel::default(),
            seats,
        }
    }

    /// The seat a player has or had.
    pub async fn seat(&self, player: PlayerId) -> Result<Option<seat::Model>, Fault> {
        store::seat(&self.txn, self.view.id(), player).await
    }

    /// Adds to the log; returns the revision.
    fn log(
        &mut self,
        kind: Kind,
        player: Uuid,
        patch: Option<String>,
        client_seq: Option<i64>,
    ) -> i64 {
        self.view.room.rev += 1;
        let rev = self.view.room.rev;
        self.changed.rev = Set(rev);
        let kind = kind.as_str().to_owned();
        let room_id = self.view.room.id;
        self.entries.push(log::Model {
            room_id,
            rev,
            kind,
            player_id: player,
            patch,
            client_seq,
            at: self.now,
        });
        rev
    }

    /// Writes a seat at the end of the turn, and shows it, or not, from now on.
    fn put(&mut self, seat: seat::Model) {
        self.seats.retain(|other| other.player_id != seat.player_id);
        self.seats.push(seat.clone());
        let seats = &mut self.view.seats;
        match (
            seats
                .iter()
                .position(|other| other.player_id == seat.player_id),
            seat.left_at,
        ) {
            (Some(at), None) => seats[at] = seat,
            (Some(at), Some(_)) => {
                seats.remove(at);
            }
            (None, None) => seats.push(seat),
            (None, Some(_)) => {}
        }
    }

    /// The player takes a seat; their own old one, when they were here before.
    pub async fn join(&mut self, player: PlayerId) -> Result<(), Fault> {
        let before = self.seat(player).await?;
        let (last_client_seq, last_rev) =
            before.map_or((0, 0), |seat| (seat.last_client_seq, seat.last_rev));
        self.put(seat::Model {
            room_id: self.view.room.id,
            player_id: player.0,
            ready: false,
            joined_at: self.now,
            left_at: None,
            last_client_seq,
            last_rev,
        });
        self.log(Kind::Joined, player.0, None, None);
        Ok(())
    }

    /// The player leaves. The host's part goes to whoever has been here longest; the last to
    /// leave closes the room.
    pub fn leave(&mut self, mut seat: seat::Model) {
        let player = seat.player_id;
        seat.left_at = Some(self.now);
        seat.ready = false;
        self.put(seat);
        self.log(Kind::Left, player, None, None);
        let Some(next) = self.view.seats.first().map(|seat| seat.player_id) else {
            self.close(player);
            return;
        };
        if self.view.room.host == player {
            self.view.room.host = next;
            self.changed.host = Set(next);
            self.log(Kind::HostChanged, next, None, None);
        }
        self.start_if_all_ready(player);
    }

    /// The player is ready, or not any more.
    pub fn ready(&mut self, mut seat: seat::Model, ready: bool) {
        let player = seat.player_id;
        seat.ready = ready;
        self.put(seat);
        self.log(
            if ready { Kind::Ready } else { Kind::Unready },
            player,
            None,
            None,
        );
        self.start_if_all_ready(player);
    }

    fn start_if_all_ready(&mut self, by: Uuid) {
        let seats = &self.view.seats;
        if self.view.phase() == Phase::Open
            && !seats.is_empty()
            && seats.iter().all(|seat| seat.ready)
        {
            self.phase(Phase::Running);
            self.log(Kind::Started, by, None, None);
        }
    }

    /// The player changed the state.
    pub fn act(
        &mut self,
        mut seat: seat::Model,
        client_seq: i64,
        patch: String,
        state: String,
    ) -> i64 {
        self.view.room.state.clone_from(&state);
        self.changed.state = Set(state);
        let rev = self.log(Kind::Acted, seat.player_id, Some(patch), Some(client_seq));
        seat.last_client_seq = client_seq;
        seat.last_rev = rev;
        self.put(seat);
        rev
    }

    /// The room is over.
    pub fn close(&mut self, by: Uuid) {
        self.phase(Phase::Closed);
        self.view.room.closed_at = Some(self.now);
        self.changed.closed_at = Set(Some(self.now));
        self.log(Kind::Closed, by, None, None);
    }

    fn phase(&mut self, phase: Phase) {
        phase.as_str().clone_into(&mut self.view.room.phase);
        self.changed.phase = Set(phase.as_str().to_owned());
    }

    /// Makes it true, then tells the watchers.
    pub async fn commit(self) -> Result<View, Fault> {
        let Some(first) = self.entries.first().map(|entry| entry.rev) else {
            return Ok(self.view);
        };
        let id = self.view.id();
        let rev = self.view.room.rev;
        store::update(&self.txn, id, self.changed).await?;
        for seat in self.seats {
            store::put_seat(&self.txn, seat).await?;
        }
        store::append(&self.txn, self.entries).await?;
        if (first - 1) / TRIM_EVERY != rev / TRIM_EVERY {
            store::trim(&self.txn, id, rev).await?;
        }
        self.txn.commit().await.doing("changing a room")?;
        self.ports.bus.poke(&topic(id));
        Ok(self.view)
    }
}
