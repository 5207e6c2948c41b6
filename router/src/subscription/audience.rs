//! One stream for all who follow the same with the same rights.
//!
//! A follower who has heard everything up to some position needs nothing but what comes after it. So
//! two who stand at the same position can share what follows: the second hands its stream over to a
//! task that passes every event on to whoever sits there, and the first takes a seat with its next
//! event. Nobody waits for anybody: who cannot keep up loses the seat and opens a stream of their own
//! again, from where they stood.

use super::{Following, GraphEvent, Own, Position};
use ahash::{HashMap, RandomState};
use futures_util::StreamExt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use tokio::sync::broadcast::{self, error::RecvError};

/// How many events a seat may be behind. What a follower misses is fetched again, in one step.
const BEHIND: usize = 16;

type ByHash = Arc<Mutex<HashMap<u64, Vec<Weak<Audience>>>>>;

/// All audiences of one supergraph.
#[derive(Default)]
pub struct Audiences {
    by_hash: ByHash,
    hash: RandomState,
}

impl Audiences {
    /// Those who follow the same as this one, who is one of them from now on.
    pub fn of(&self, following: &Arc<Following>) -> Arc<Audience> {
        let hash = self.hash.hash_one(&**following);
        // Outlives the lock: the last of an audience takes it when it goes.
        let candidates: Vec<_>;
        let mut by_hash = lock(&self.by_hash);
        let bucket = by_hash.entry(hash).or_default();
        candidates = bucket.iter().filter_map(Weak::upgrade).collect();
        let same = candidates
            .iter()
            .find(|audience| audience.following.is_same(following));
        if let Some(audience) = same {
            return Arc::clone(audience);
        }
        let audience = Arc::new(Audience {
            following: Arc::clone(following),
            stage: Mutex::default(),
            hash,
            by_hash: Arc::clone(&self.by_hash),
        });
        bucket.push(Arc::downgrade(&audience));
        drop(by_hash);
        audience
    }
}

/// Those who follow the same. It lives while one of them does.
pub struct Audience {
    /// Of whoever was the first.
    following: Arc<Following>,
    stage: Mutex<Stage>,
    hash: u64,
    by_hash: ByHash,
}

/// The stream that is shared. There is one while somebody passes events on.
#[derive(Default)]
struct Stage {
    events: Option<broadcast::WeakSender<Passed>>,
    /// Where everybody stands who sits here.
    at: Option<Arc<Position>>,
}

#[derive(Clone)]
enum Passed {
    Event(Option<Arc<Position>>, GraphEvent),
    Over,
}

impl Audience {
    /// Takes a seat for somebody who stands at `at`. Their stream is given up for it, or becomes the
    /// one that is shared; it is given back to who is alone, or stands where nobody else does.
    pub fn sit(self: &Arc<Self>, own: Own, at: Arc<Position>) -> Result<Seat, Own> {
        let mut stage = lock(&self.stage);
        let events = match stage
            .events
            .as_ref()
            .and_then(broadcast::WeakSender::upgrade)
        {
            Some(events) if stage.at.as_ref() == Some(&at) => events.subscribe(),
            Some(_) => return Err(own),
            None if Arc::strong_count(self) == 1 => return Err(own),
            None => {
                let (events, seat) = broadcast::channel(BEHIND);
                stage.events = Some(events.downgrade());
                stage.at = Some(Arc::clone(&at));
                tokio::spawn(pass_on(Arc::clone(self), own, events));
                seat
            }
        };
        drop(stage);
        let audience = Arc::clone(self);
        Ok(Seat {
            audience,
            events,
            at,
        })
    }
}

impl Drop for Audience {
    fn drop(&mut self) {
        let mut by_hash = lock(&self.by_hash);
        if let Some(bucket) = by_hash.get_mut(&self.hash) {
            bucket.retain(|audience| audience.strong_count() > 0);
            if bucket.is_empty() {
                by_hash.remove(&self.hash);
            }
        }
    }
}

/// Passes everything on that comes, until nobody sits there any more.
async fn pass_on(audience: Arc<Audience>, mut own: Own, seats: broadcast::Sender<Passed>) {
    loop {
        let heard = tokio::select! {
            heard = own.next() => heard,
            () = seats.closed() => {
                let mut stage = lock(&audience.stage);
                // Unless somebody sat down in this moment.
                if seats.receiver_count() == 0 {
                    stage.events = None;
                    return;
                }
                continue;
            }
        };
        let Some(heard) = heard else {
            let _ = seats.send(Passed::Over);
            return;
        };
        let event = audience.following.show(heard.event).await;
        // Before anybody asks: of those who did so at once, one would write and the others wait.
        let _ = event.json();
        // Together: who sits down hears everything behind the position, and nothing of before. An
        // event that leaves the stream where it was may be one that they have not heard: then nobody
        // sits down until the next that moves it.
        let mut stage = lock(&audience.stage);
        stage.at = heard.at.clone().filter(|at| stage.at.as_ref() != Some(at));
        let _ = seats.send(Passed::Event(heard.at, event));
    }
}

/// A place in an audience.
pub struct Seat {
    audience: Arc<Audience>,
    events: broadcast::Receiver<Passed>,
    at: Arc<Position>,
}

/// What comes next for somebody who sits.
pub enum Next {
    /// An event.
    Event(GraphEvent),
    /// Nothing more, for nobody.
    Over,
    /// Unknown: from `at` on, this one has to see for themselves.
    Missed {
        /// What they follow.
        following: Arc<Following>,
        /// The last they have heard.
        at: Arc<Position>,
    },
}

impl Seat {
    /// Waits for it.
    pub async fn next(&mut self) -> Next {
        match self.events.recv().await {
            Ok(Passed::Event(at, event)) => {
                if let Some(at) = at {
                    self.at = at;
                }
                Next::Event(event)
            }
            Ok(Passed::Over) => Next::Over,
            // Closed without a last word: whoever passed the events on is gone.
            Err(RecvError::Lagged(_) | RecvError::Closed) => Next::Missed {
                following: Arc::clone(&self.audience.following),
                at: Arc::clone(&self.at),
            },
        }
    }
}

fn lock<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}
