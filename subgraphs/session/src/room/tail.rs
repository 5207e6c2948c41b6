//! The newest changes of a room, read once for everybody in this process who follows it: a change
//! costs one look at the database, however many followers it reaches.

use super::{
    Change, Kind, MAX_DELTA, MAX_DELTA_BYTES,
    events::{Event, Position},
    store, topic,
};
use djinn_kernel::{
    Fault,
    ids::{PlayerId, RoomId},
};
use djinn_subgraph_kit::Ports;
use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, PoisonError, Weak},
};
use tokio::sync::watch;

/// The tails of all rooms that are followed here.
#[derive(Clone, Default)]
pub struct Tails(Arc<Mutex<HashMap<RoomId, Weak<Tail>>>>);

/// The tail of one room, kept up to date while somebody holds it.
pub struct Tail {
    news: watch::Sender<News>,
}

/// What is known of a room by now.
#[derive(Debug, Clone, Default)]
pub struct News(Option<Arc<Known>>);

#[derive(Debug)]
struct Known {
    epoch: String,
    rev: i64,
    closed: bool,
    public: bool,
    /// The last changes up to `rev`, without a hole.
    changes: VecDeque<Arc<Change>>,
}

/// What a follower does next.
#[derive(Debug, PartialEq)]
pub enum Next {
    /// There is nothing new.
    Wait,
    /// This is new.
    Tell(Event),
    /// The tail cannot say: the database has to.
    Look,
}

impl Tails {
    /// The tail of a room. It is empty until it has looked for the first time.
    pub fn of(&self, ports: &Ports, id: RoomId) -> Arc<Tail> {
        let mut tails = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(tail) = tails.get(&id).and_then(Weak::upgrade) {
            return tail;
        }
        tails.retain(|_, tail| tail.strong_count() > 0);
        let tail = Arc::new(Tail {
            news: watch::Sender::new(News::default()),
        });
        tails.insert(id, Arc::downgrade(&tail));
        tokio::spawn(keep_up(ports.clone(), id, Arc::downgrade(&tail)));
        tail
    }
}

impl Tail {
    /// What is known now, and whatever comes after it.
    pub fn follow(&self) -> watch::Receiver<News> {
        let mut news = self.news.subscribe();
        news.mark_changed();
        news
    }
}

/// Looks after every poke, and now and then, until nobody holds the tail any more.
async fn keep_up(ports: Ports, id: RoomId, tail: Weak<Tail>) {
    let mut watch = ports.bus.watch(&topic(id));
    loop {
        let Some(held) = tail.upgrade() else { return };
        let before = held.news.borrow().clone();
        match look(&ports, id, &before).await {
            Ok(Some(news)) => {
                held.news.send_replace(news);
            }
            Ok(None) => {}
            // The next look may succeed; nobody has been told anything wrong.
            Err(fault) => {
                tracing::warn!(room = %id, %fault, "the changes of a room cannot be read");
            }
        }
        drop(held);
        watch.poked().await;
    }
}

/// What is new since `before`, if anything is.
async fn look(ports: &Ports, id: RoomId, before: &News) -> Result<Option<News>, Fault> {
    let db = ports.db.read();
    let Some(glance) = store::glance(db, id).await? else {
        return Ok(before.0.is_some().then(News::default));
    };
    let mut changes = VecDeque::new();
    if let Some(known) = before
        .0
        .as_ref()
        .filter(|known| known.epoch == glance.epoch)
    {
        if known.rev == glance.rev && known.closed == glance.closed() {
            return Ok(None);
        }
        let rows = store::changes(db, id, known.rev, glance.rev).await?;
        let whole = rows.len() as i64 == glance.rev - known.rev;
        // After more changes than are read at once, everybody asks for themselves what they missed.
        if whole {
            changes.clone_from(&known.changes);
            for row in rows {
                changes.push_back(Arc::new(Change::read(row)?));
            }
        }
        while changes.len() > MAX_DELTA as usize || bytes(&changes) > MAX_DELTA_BYTES {
            changes.pop_front();
        }
    }
    Ok(Some(News(Some(Arc::new(Known {
        closed: glance.closed(),
        public: glance.public,
        epoch: glance.epoch,
        rev: glance.rev,
        changes,
    })))))
}

fn bytes(changes: &VecDeque<Arc<Change>>) -> usize {
    changes.iter().map(|change| change.bytes).sum()
}

impl News {
    /// What `player`, who has everything up to `position`, is to be told.
    pub fn after(&self, position: &Position, player: PlayerId) -> Next {
        let Some(known) = &self.0 else {
            return Next::Wait;
        };
        if known.epoch != position.epoch {
            return Next::Look;
        }
        if position.rev > known.rev {
            // The follower read the room after the tail did; the tail is on its way.
            return Next::Wait;
        }
        if position.rev == known.rev {
            return if known.closed {
                Next::Tell(Event::Closed(position.clone()))
            } else {
                Next::Wait
            };
        }
        let missing = (known.rev - position.rev) as usize;
        let Some(first) = known.changes.len().checked_sub(missing) else {
            return Next::Look;
        };
        let changes: Vec<Change> = known
            .changes
            .range(first..)
            .map(|change| Change::clone(change))
            .collect();
        // Who has left a private room may know of it no longer.
        let left = |change: &Change| change.kind == Kind::Left && change.player == player.0;
        if !known.public && changes.iter().any(left) {
            return Next::Look;
        }
        Next::Tell(Event::Delta {
            epoch: known.epoch.clone(),
            from: position.rev,
            changes,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;
    use uuid::Uuid;

    const ME: PlayerId = PlayerId(Uuid::from_u128(1));
    const OTHER: Uuid = Uuid::from_u128(2);

    fn news(public: bool, closed: bool, changes: &[(i64, Kind, Uuid)]) -> News {
        let changes = changes.iter().map(|&(rev, kind, player)| {
            Arc::new(Change {
                rev,
                kind,
                player,
                at: DateTime::UNIX_EPOCH,
                patch: None,
                client_seq: None,
                bytes: 0,
            })
        });
        News(Some(Arc::new(Known {
            epoch: "e".to_owned(),
            rev: 7,
            closed,
            public,
            changes: changes.collect(),
        })))
    }

    fn at(rev: i64) -> Position {
        Position {
            epoch: "e".to_owned(),
            rev,
        }
    }

    fn told(next: Next) -> Vec<i64> {
        match next {
            Next::Tell(Event::Delta { changes, .. }) => {
                changes.iter().map(|change| change.rev).collect()
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_follower_is_told_what_it_misses_and_no_more() {
        let news = news(
            true,
            false,
            &[(6, Kind::Acted, OTHER), (7, Kind::Left, ME.0)],
        );
        assert_eq!(told(news.after(&at(5), ME)), [6, 7]);
        assert_eq!(told(news.after(&at(6), ME)), [7]);
        assert_eq!(news.after(&at(7), ME), Next::Wait);
        assert_eq!(news.after(&at(9), ME), Next::Wait, "the tail is behind");
        assert_eq!(news.after(&at(4), ME), Next::Look, "more than the tail has");
    }

    #[test]
    fn whoever_left_a_private_room_is_told_by_the_database_only() {
        let news = news(
            false,
            false,
            &[(6, Kind::Left, ME.0), (7, Kind::Acted, OTHER)],
        );
        assert_eq!(news.after(&at(5), ME), Next::Look);
        assert_eq!(told(news.after(&at(5), PlayerId(OTHER))), [6, 7]);
    }

    #[test]
    fn the_end_comes_after_the_last_change_and_another_history_is_looked_at() {
        let closed = news(true, true, &[(7, Kind::Closed, OTHER)]);
        assert_eq!(told(closed.after(&at(6), ME)), [7]);
        assert_eq!(closed.after(&at(7), ME), Next::Tell(Event::Closed(at(7))));
        let elsewhere = Position {
            epoch: "another".to_owned(),
            rev: 7,
        };
        assert_eq!(closed.after(&elsewhere, ME), Next::Look);
        assert_eq!(
            News::default().after(&at(1), ME),
            Next::Wait,
            "it has not looked yet"
        );
    }
}
