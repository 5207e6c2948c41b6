//! The bus of a hub that is one process.

use super::{handle::handle, topics::Topics};
use djinn_kernel::{Event, Fault, ids::EventId};
use djinn_subgraph_kit::{
    Bus, Consumer,
    bus::{Subscribers, Watch},
};
use std::sync::{Arc, Mutex, PoisonError};
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

    /// Every subscriber is asked, also after one that failed: what one cannot digest must not be
    /// kept from the others.
    async fn deliver_one(&self, event: &Event) -> bool {
        let mut all = true;
        for (name, kinds) in self.subscribers {
            if !kinds.contains(&event.kind.as_str()) {
                continue;
            }
            all &= match self.consumer(name) {
                Some(consumer) => handle(&*consumer, event).await,
                // It has not started yet: the event waits in the outbox.
                None => false,
            };
        }
        all
    }
}

#[async_trait::async_trait]
impl Bus for MemoryBus {
    async fn deliver(&self, events: &[Event]) -> Vec<EventId> {
        let mut acknowledged = Vec::with_capacity(events.len());
        for event in events {
            if self.deliver_one(event).await {
                acknowledged.push(event.id);
            }
        }
        acknowledged
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
