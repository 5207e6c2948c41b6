//! The bus: events that must arrive, and pokes that may get lost.
//!
//! A *poke* says "look again" and carries nothing. Whoever mirrors state (a room, a sync) writes
//! the state to the database first and pokes second; the watcher reads from where it was. So a
//! lost or doubled poke costs a moment, never a change, and no queue can grow.

use async_trait::async_trait;
use djinn_kernel::{Event, Fault, ids::EventId};
use std::sync::Arc;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

/// Handles events of other subgraphs. Must be idempotent by event id: see [`crate::inbox`].
#[async_trait]
pub trait Consumer: Send + Sync + 'static {
    /// The subgraph's name; one delivery for each name, however many processes carry it.
    fn name(&self) -> &'static str;
    /// The kinds it wants.
    fn kinds(&self) -> &'static [&'static str];
    /// Handles one. An error means: deliver it again later.
    async fn handle(&self, event: &Event) -> Result<(), Fault>;
    /// Handles several in their order, at most [`TOGETHER`]. Who can do so in few transactions saves
    /// many. After an error they come again, one by one: those that were handled are in the inbox.
    async fn handle_all(&self, events: &[Event]) -> Result<(), Fault> {
        for event in events {
            self.handle(event).await?;
        }
        Ok(())
    }
}

/// The most events a consumer is given together. Whoever writes much for one event divides them
/// further: a transaction that others wait for stays short.
pub const TOGETHER: usize = 100;

/// Who wants which kinds, over all processes. The relay must know whom to wait for, also when
/// they run elsewhere.
pub type Subscribers = &'static [(&'static str, &'static [&'static str])];

/// What became of events.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Delivered {
    /// Those that every subscriber has acknowledged, in their order.
    pub acknowledged: Vec<EventId>,
    /// Those that a subscriber was given this time and could not handle: who, and why. One that
    /// nobody could be given is in neither list: that is the bus's trouble, not the event's.
    pub refused: Vec<(EventId, String)>,
}

/// Carries events and pokes between subgraphs, in this process or between processes.
#[async_trait]
pub trait Bus: Send + Sync + 'static {
    /// Delivers `events`, in order, to every subscriber of their kinds, waits a bounded time, and
    /// says which have been acknowledged by all of them. The others are to be delivered again.
    async fn deliver(&self, events: &[Event]) -> Delivered;

    /// Whether anybody wants events of `kind`.
    fn is_wanted(&self, kind: &str) -> bool;

    /// Hands arriving events to `consumer` until `stop`.
    async fn consume(&self, consumer: Arc<dyn Consumer>, stop: CancellationToken);

    /// Tells the watchers of `topic`, in every process, to look again. Never fails and never
    /// waits: a bus that is down costs latency only, since watchers also look by themselves.
    fn poke(&self, topic: &str);

    /// Watches `topic`. Several pokes between two looks become one.
    fn watch(&self, topic: &str) -> Watch;

    /// Whether the bus can be reached; for `/ready`.
    async fn ready(&self) -> Result<(), Fault>;
}

/// The watching end of a topic.
#[derive(Debug)]
pub struct Watch {
    receiver: watch::Receiver<u64>,
}

/// A watcher looks again after this long even if nobody poked: the repair for a lost poke.
pub const LOOK_AGAIN: std::time::Duration = std::time::Duration::from_secs(5);

impl Watch {
    /// Made by a bus out of a counter that grows with every poke.
    pub const fn new(receiver: watch::Receiver<u64>) -> Self {
        Self { receiver }
    }

    /// Waits for the next poke since the last call, at most [`LOOK_AGAIN`].
    pub async fn poked(&mut self) {
        // A closed or silent channel both mean: look again when the time is up.
        let mut closed = false;
        let waited = tokio::time::timeout(LOOK_AGAIN, async {
            if self.receiver.changed().await.is_err() {
                closed = true;
            }
        })
        .await;
        if waited.is_ok() && closed {
            tokio::time::sleep(LOOK_AGAIN).await;
        }
    }
}
