//! A room, followed: a snapshot or what was missed, then every change, then the end.

use super::{
    Change, MAX_DELTA_BYTES, View,
    entity::log,
    service::{RoomError, Rooms},
    store,
    tail::{News, Next},
};
use djinn_kernel::ids::{PlayerId, RoomId};
use futures_util::Stream;
use tokio::sync::watch;

/// How far a follower has got.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Position {
    /// Names the history that `rev` counts.
    pub epoch: String,
    /// The revision they have.
    pub rev: i64,
}

/// What a follower gets.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// The whole, to begin with.
    Snapshot(View),
    /// Changes, without a hole, from the revision the follower has.
    Delta {
        /// Names the history.
        epoch: String,
        /// The revision the changes start from.
        from: i64,
        /// The changes; none when there is nothing new.
        changes: Vec<Change>,
    },
    /// What the follower has cannot be continued; here is the whole.
    Gap(View),
    /// The follower has everything, and nothing more will come.
    Closed(Position),
}

impl Event {
    /// Where a follower is with it.
    pub fn position(&self) -> Position {
        match self {
            Self::Snapshot(view) | Self::Gap(view) => Position {
                epoch: view.room.epoch.clone(),
                rev: view.room.rev,
            },
            Self::Delta {
                epoch,
                from,
                changes,
            } => Position {
                epoch: epoch.clone(),
                rev: changes.last().map_or(*from, |change| change.rev),
            },
            Self::Closed(position) => position.clone(),
        }
    }
}

impl Rooms {
    /// What a follower at `position` is missing, as much of it as one event carries.
    pub async fn since(
        &self,
        player: PlayerId,
        id: RoomId,
        position: &Position,
    ) -> Result<Event, RoomError> {
        if position.rev < 0 {
            return Err(RoomError::Rev(position.rev));
        }
        let db = self.ports.db.read();
        let room = store::glance(db, id).await?.ok_or(RoomError::NotFound)?;
        if !room.public {
            let seat = store::seat(db, id, player).await?;
            seat.filter(|seat| seat.left_at.is_none())
                .ok_or(RoomError::NotFound)?;
        }
        if room.epoch != position.epoch || position.rev > room.rev {
            return self.gap(player, id).await;
        }
        if position.rev == room.rev && room.closed() {
            return Ok(Event::Closed(position.clone()));
        }
        let rows = if position.rev == room.rev {
            Vec::new()
        } else {
            store::changes(db, id, position.rev, room.rev).await?
        };
        if position.rev < room.rev && rows.first().is_none_or(|row| row.rev != position.rev + 1) {
            return self.gap(player, id).await;
        }
        let changes = fit(rows)
            .into_iter()
            .map(Change::read)
            .collect::<Result<_, _>>()?;
        Ok(Event::Delta {
            epoch: room.epoch,
            from: position.rev,
            changes,
        })
    }

    async fn gap(&self, player: PlayerId, id: RoomId) -> Result<Event, RoomError> {
        self.find(player, id)
            .await?
            .map(Event::Gap)
            .ok_or(RoomError::NotFound)
    }

    /// Follows a room until it closes. Nothing is queued: a follower who is slow gets a bigger
    /// step, and one who is too slow a gap with the whole.
    pub async fn follow(
        &self,
        player: PlayerId,
        id: RoomId,
        resume: Option<Position>,
    ) -> Result<impl Stream<Item = Result<Event, RoomError>> + use<>, RoomError> {
        // Follow first, then read: a change in between is seen twice rather than never.
        let tail = self.tails.of(&self.ports, id);
        let mut news = tail.follow();
        let first = match resume {
            Some(position) => Box::pin(self.since(player, id, &position)).await?,
            None => Event::Snapshot(
                Box::pin(self.find(player, id))
                    .await?
                    .ok_or(RoomError::NotFound)?,
            ),
        };
        let rooms = self.clone();
        Ok(async_stream::stream! {
            // While it is held, somebody keeps it up to date.
            let _tail = tail;
            let mut event = first;
            loop {
                let position = event.position();
                let over = matches!(event, Event::Closed(_));
                yield Ok(event);
                if over {
                    return;
                }
                match rooms.next(player, id, &position, &mut news).await {
                    Ok(next) => event = next,
                    Err(error) => {
                        yield Err(error);
                        return;
                    }
                }
            }
        })
    }

    /// Waits for what comes after `position`.
    async fn next(
        &self,
        player: PlayerId,
        id: RoomId,
        position: &Position,
        news: &mut watch::Receiver<News>,
    ) -> Result<Event, RoomError> {
        loop {
            let next = news.borrow_and_update().after(position, player);
            match next {
                Next::Tell(event) => return Ok(event),
                Next::Wait => {}
                // Boxed: it is rare, and thousands may be waiting here.
                Next::Look => match Box::pin(self.since(player, id, position)).await? {
                    Event::Delta { changes, .. } if changes.is_empty() => {}
                    event => return Ok(event),
                },
            }
            if news.changed().await.is_err() {
                // Unthinkable while the tail is held; a busy loop would be worse than an end.
                return Ok(Event::Closed(position.clone()));
            }
        }
    }
}

/// As many changes as fit one delta, but at least one.
fn fit(mut rows: Vec<log::Model>) -> Vec<log::Model> {
    let mut bytes = 0;
    let fitting = rows.iter().take_while(|row| {
        let fits = bytes < MAX_DELTA_BYTES;
        bytes += row.patch.as_ref().map_or(0, String::len);
        fits
    });
    let count = fitting.count();
    rows.truncate(count);
    rows
}
