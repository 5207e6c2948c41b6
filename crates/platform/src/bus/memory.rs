//! The bus of a hub that is one process.

use super::{handle::handle_all, topics::Topics};
use djinn_kernel::{Event, Fault, ids::EventId};
use djinn_subgraph_kit::{
    Bus, Consumer,
    bus::{Subscribers, Watch},
};
use std::{
    collections::HashSet,
    sync::{Arc, Mutex, PoisonError},
};
use tokio_util::sync::CancellationToken;

/// Calls the consumers of this process directly. What survives a crash is the outbox, not this.
pub struct MemoryBus {
    topics: Topics,
    subscribers: Subscribers,
    consumers: Mutex<Vec<Arc<dyn Consumer>>>,
}

impl MemoryBus {
    /// A bus that knows who wants what.
    pub fn new(subscribers: Subscribers) -> Self {
        Self {
            topics: Topics::default(),
            subscribers,
            consumers: Mutex::default(),
        }
    }

    fn consumer(&self, name: &str) -> Option<Arc<dyn Consumer>> {
        let consumers = self
            .consumers
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        consumers
            .iter()
            .find(|consumer| consumer.name() == name)
            .cloned()
    }
}

#[async_trait::async_trait]
impl Bus for MemoryBus {
    async fn deliver(&self, events: &[Event]) -> Vec<EventId> {
        let mut missing: HashSet<EventId> = HashSet::new();
        // Every subscriber is asked, also after one that failed: what one cannot digest must not be
        // kept from the others.
        for (name, kinds) in self.subscribers {
            let wanted: Vec<Event> = events
                .iter()
                .filter(|event| kinds.contains(&event.kind.as_str()))
                .cloned()
                .collect();
            if wanted.is_empty() {
                continue;
            }
            let handled = match self.consumer(name) {
                Some(consumer) => handle_all(&*consumer, &wanted).await,
                // It has not started yet: the events wait in the outbox.
                None => vec![false; wanted.len()],
            };
            let failed = wanted.iter().zip(handled).filter(|(_, handled)| !handled);
            missing.extend(failed.map(|(event, _)| event.id));
        }
        events
            .iter()
            .map(|event| event.id)
            .filter(|id| !missing.contains(id))
            .collect()
    }

    async fn consume(&self, consumer: Arc<dyn Consumer>, stop: CancellationToken) {
        self.consumers
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(Arc::clone(&consumer));
        // Events may have been waiting for this subscriber.
        self.poke(djinn_subgraph_kit::outbox::TOPIC);
        stop.cancelled().await;
        self.consumers
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .retain(|other| !Arc::ptr_eq(other, &consumer));
    }

    fn poke(&self, topic: &str) {
        self.topics.poke(topic);
    }

    fn watch(&self, topic: &str) -> Watch {
        self.topics.watch(topic)
    }

    async fn ready(&self) -> Result<(), Fault> {
        Ok(())
    }
}
