//! The bus of a hub that is one process.

use super::{handle::handle_all, topics::Topics};
use djinn_kernel::{Event, Fault, ids::EventId};
use djinn_subgraph_kit::{
    Bus, Consumer,
    bus::{Delivered, Subscribers, Watch},
};
use std::{
    borrow::Cow,
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
    async fn deliver(&self, events: &[Event]) -> Delivered {
        let mut missing: HashSet<EventId> = HashSet::new();
        let mut refused = Vec::new();
        // Every subscriber is asked, also after one that failed: what one cannot digest must not be
        // kept from the others.
        for (name, kinds) in self.subscribers {
            let wants = |event: &&Event| kinds.contains(&event.kind.as_str());
            // Most often it wants all of them, which may be megabytes, or none.
            let wanted: Cow<'_, [Event]> = if events.iter().all(|event| wants(&event)) {
                Cow::Borrowed(events)
            } else {
                events.iter().filter(wants).cloned().collect()
            };
            if wanted.is_empty() {
                continue;
            }
            let Some(consumer) = self.consumer(name) else {
                // It has not started yet: the events wait in the outbox.
                missing.extend(wanted.iter().map(|event| event.id));
                continue;
            };
            let handled = handle_all(&*consumer, &wanted).await;
            for (event, handled) in wanted.iter().zip(handled) {
                if let Err(reason) = handled {
                    missing.insert(event.id);
                    refused.push((event.id, reason));
                }
            }
        }
        let acknowledged = events
            .iter()
            .map(|event| event.id)
            .filter(|id| !missing.contains(id))
            .collect();
        Delivered {
            acknowledged,
            refused,
        }
    }

    fn is_wanted(&self, kind: &str) -> bool {
        let mut subscribers = self.subscribers.iter();
        subscribers.any(|(_, kinds)| kinds.contains(&kind))
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
