//! Ports for one test.

use crate::{
    clock::{CountingIds, FrozenClock, SeededEntropy},
    database::TestDatabase,
    http::ScriptedHttp,
};
use djinn_kernel::{Clock, Entropy, Event, event::Payload, ids::EventId};
use djinn_platform::{
    bus::{MemoryBus, RedisBus},
    cache::MemoryCache,
    master::MasterKey,
    vault::EnvelopeVault,
};
use djinn_subgraph_kit::{Bus, Consumer, Ports, Vault, bus::Subscribers, outbox};
use sea_orm::{EntityTrait, QueryOrder};
use std::sync::{Arc, Mutex, PoisonError};
use tokio_util::sync::CancellationToken;

/// Ports whose every part the test can move.
pub struct TestPorts {
    /// What a subgraph is assembled with.
    pub ports: Ports,
    /// Move the time.
    pub clock: Arc<FrozenClock>,
    /// Play the providers.
    pub http: Arc<ScriptedHttp>,
    /// The database, and its query count.
    pub database: TestDatabase,
    stop: CancellationToken,
    relayed: Mutex<Vec<EventId>>,
}

/// The hub's secret in every test.
pub const SECRET: &str = "a secret for tests";

/// The vault of a hub with that secret, which changed it from `retired`.
pub fn vault(secret: &str, retired: Option<&str>, entropy: Arc<dyn Entropy>) -> Arc<dyn Vault> {
    let vault = EnvelopeVault::new(&MasterKey::from_secret(secret), entropy);
    Arc::new(match retired {
        Some(retired) => vault.accepting(&MasterKey::from_secret(retired)),
        None => vault,
    })
}

/// Nobody listens to events: a subgraph under test alone. Read what it wrote with
/// [`TestPorts::take_events`].
pub async fn frozen() -> TestPorts {
    frozen_with(&[]).await
}

/// Ports whose bus knows `subscribers`.
pub async fn frozen_with(subscribers: Subscribers) -> TestPorts {
    let database = TestDatabase::create().await;
    let clock = Arc::new(FrozenClock::default());
    let http = Arc::new(ScriptedHttp::default());
    let entropy = Arc::new(SeededEntropy::default());
    let master = MasterKey::from_secret(SECRET);
    let stop = CancellationToken::new();
    let ports = Ports {
        clock: Arc::clone(&clock) as _,
        ids: Arc::new(CountingIds::default()),
        entropy: Arc::clone(&entropy) as _,
        db: database.db.clone(),
        bus: bus(subscribers, &stop).await,
        cache: Arc::new(MemoryCache::default()),
        vault: Arc::new(EnvelopeVault::new(&master, entropy)),
        http: Arc::clone(&http) as _,
        outside: Arc::clone(&http) as _,
        keys: master.keys(),
    };
    TestPorts {
        ports,
        clock,
        http,
        database,
        stop,
        relayed: Mutex::default(),
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "tests choose their bus by the environment"
)]
fn redis_url() -> Option<String> {
    std::env::var("TEST_REDIS_URL")
        .ok()
        .filter(|url| !url.is_empty())
}

#[expect(
    clippy::disallowed_methods,
    reason = "tests that run at once must not hear each other"
)]
async fn bus(subscribers: Subscribers, stop: &CancellationToken) -> Arc<dyn Bus> {
    match redis_url() {
        Some(url) => {
            let prefix = format!("djinn-test-{}", uuid::Uuid::now_v7().simple());
            let bus = RedisBus::connect(&url, &prefix, subscribers, stop.clone()).await;
            Arc::new(bus.expect("TEST_REDIS_URL can be reached"))
        }
        None => Arc::new(MemoryBus::new(subscribers)),
    }
}

impl TestPorts {
    /// Whether the bus carries events inside this process only.
    pub fn is_one_process(&self) -> bool {
        redis_url().is_none()
    }

    /// The events written to the outbox since the last call, oldest first.
    ///
    /// # Panics
    /// When the outbox cannot be read.
    pub async fn take_events(&self) -> Vec<Event> {
        let rows = outbox::row::Entity::find()
            .order_by_asc(outbox::row::Column::Id)
            .all(self.ports.db.read())
            .await
            .expect("the outbox reads");
        let mut taken = self.relayed.lock().unwrap_or_else(PoisonError::into_inner);
        let new: Vec<Event> = rows
            .into_iter()
            .filter(|row| !taken.contains(&EventId(row.id)))
            .map(|row| Event {
                id: EventId(row.id),
                kind: row.kind,
                at: row.at,
                body: row.body,
                trace: None,
            })
            .collect();
        taken.extend(new.iter().map(|event| event.id));
        new
    }

    /// The payloads of one kind among the new events; the others are dropped.
    pub async fn take_payloads<P: Payload>(&self) -> Vec<P> {
        self.take_events()
            .await
            .iter()
            .filter_map(Event::read)
            .collect()
    }

    /// `payload` as an event of its own, as the other subgraph would send it.
    ///
    /// # Panics
    /// Never: a payload has a JSON form.
    pub fn event<P: Payload>(&self, payload: &P) -> Event {
        Event {
            id: EventId(self.ports.ids.new_id()),
            kind: P::KIND.to_owned(),
            at: self.clock.now(),
            body: serde_json::to_value(payload).expect("a payload has a JSON form"),
            trace: None,
        }
    }

    /// Hands `payload` to `consumer` as the other subgraph would, in an event of its own.
    ///
    /// # Panics
    /// When the consumer fails.
    pub async fn send<P: Payload>(&self, consumer: &dyn Consumer, payload: &P) -> Event {
        let event = self.event(payload);
        consumer.handle(&event).await.expect("the event is handled");
        event
    }
}

impl Drop for TestPorts {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}
