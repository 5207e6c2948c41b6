//! The watched topics of one process.

use djinn_subgraph_kit::bus::Watch;
use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};
use tokio::sync::watch;

/// A counter for each topic somebody watches. Topics nobody watches any more are forgotten, so
/// the map is bounded by the open subscriptions.
#[derive(Debug, Default)]
pub struct Topics {
    senders: Mutex<HashMap<String, watch::Sender<u64>>>,
}

impl Topics {
    /// Watches `topic` from now on.
    pub fn watch(&self, topic: &str) -> Watch {
        let mut senders = self.senders.lock().unwrap_or_else(PoisonError::into_inner);
        // Each new watcher sweeps a little, so nothing needs a task of its own.
        if senders.len() > 64 {
            senders.retain(|_, sender| sender.receiver_count() > 0);
        }
        let sender = senders
            .entry(topic.to_owned())
            .or_insert_with(|| watch::channel(0).0);
        Watch::new(sender.subscribe())
    }

    /// Wakes the watchers of `topic` in this process.
    pub fn poke(&self, topic: &str) {
        let senders = self.senders.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(sender) = senders.get(topic) {
            sender.send_modify(|pokes| *pokes = pokes.wrapping_add(1));
        }
    }
}
