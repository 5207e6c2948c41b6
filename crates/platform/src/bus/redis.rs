//! The bus of a hub that is many processes: a Redis Stream for events, publish/subscribe for pokes.
//!
//! Redis is transport, never the only copy. An event is acknowledged when the set
//! `djinn:ack:{id}` holds every subscriber's name; until then the outbox delivers it again. Who
//! could not handle it says why in `djinn:refused:{id}`, which the relay takes away as it reads. So
//! nothing here needs claiming or repairing: a Redis that lost everything is filled again by the
//! next round of the relay, and handlers that saw an event before do nothing.

use super::{handle::handle_all, topics::Topics};
use djinn_kernel::{Doing, Event, Fault, ids::EventId};
use djinn_subgraph_kit::{
    Bus, Consumer,
    bus::{Delivered, Subscribers, TOGETHER, Watch},
};
use futures_util::StreamExt;
use redis::{
    AsyncCommands, Client, FromRedisValue, RedisError,
    aio::{ConnectionManager, ConnectionManagerConfig},
    streams::{StreamReadOptions, StreamReadReply},
};
use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
    time::Duration,
};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

/// What subscribers said of one event.
#[derive(Debug, Default)]
struct Said {
    /// Who has handled it.
    acknowledged: HashSet<String>,
    /// Who could not, and why.
    refused: HashMap<String, String>,
}

/// A Redis URL that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("the bus cannot be reached at its Redis URL: {0}")]
pub struct RedisBusError(#[from] RedisError);

/// The bus over Redis.
pub struct RedisBus {
    client: Client,
    connection: ConnectionManager,
    topics: Arc<Topics>,
    pokes: mpsc::Sender<String>,
    subscribers: Subscribers,
    prefix: String,
}

/// How long one delivery waits for acknowledgements before the outbox takes over.
const PATIENCE: Duration = Duration::from_secs(5);
/// An event that was put on the stream is not put there again before this has passed.
const SENT_SECONDS: u64 = 10;
/// Acknowledgements are kept this long; the outbox asks within minutes.
const ACK_SECONDS: i64 = 3600;
/// The stream keeps about this many entries; older ones come again from the outbox if needed.
const STREAM_LENGTH: usize = 10_000;
const COMMAND: Duration = Duration::from_secs(3);
/// A connection for pokes that says nothing for so long is made anew.
const SILENCE: Duration = Duration::from_secs(30);

impl RedisBus {
    /// Connects, and listens for pokes until `stop`. `prefix` keeps hubs that share a Redis apart.
    pub async fn connect(
        url: &str,
        prefix: &str,
        subscribers: Subscribers,
        stop: CancellationToken,
    ) -> Result<Self, RedisBusError> {
        let client = Client::open(url)?;
        let connection = connection(&client).await?;
        let topics = Arc::new(Topics::default());
        // Pokes may get lost, so a full queue drops them instead of growing.
        let (pokes, outgoing) = mpsc::channel(1024);
        let channel = format!("{prefix}:poke");
        tokio::spawn(send_pokes(
            connection.clone(),
            channel.clone(),
            outgoing,
            stop.clone(),
        ));
        tokio::spawn(hear_pokes(
            client.clone(),
            channel,
            Arc::clone(&topics),
            stop,
        ));
        Ok(Self {
            client,
            connection,
            topics,
            pokes,
            subscribers,
            prefix: prefix.to_owned(),
        })
    }

    /// The connection, for the cache beside it.
    pub fn connection(&self) -> ConnectionManager {
        self.connection.clone()
    }

    fn stream(&self) -> String {
        format!("{}:events", self.prefix)
    }

    fn ack_key(&self, id: EventId) -> String {
        format!("{}:ack:{id}", self.prefix)
    }

    fn refused_key(&self, id: EventId) -> String {
        format!("{}:refused:{id}", self.prefix)
    }

    fn sent_key(&self, id: EventId) -> String {
        format!("{}:sent:{id}", self.prefix)
    }

    fn wanted_by(&self, kind: &str) -> Vec<&'static str> {
        self.subscribers
            .iter()
            .filter(|(_, kinds)| kinds.contains(&kind))
            .map(|(name, _)| *name)
            .collect()
    }

    /// What subscribers said of `events`: who has acknowledged each, and who could not handle it
    /// since the last look. What was refused is put on the stream again when it is next delivered.
    async fn said(&self, events: &[Event]) -> Result<Vec<Said>, RedisError> {
        let mut connection = self.connection.clone();
        let mut pipe = redis::pipe();
        for event in events {
            pipe.smembers(self.ack_key(event.id));
            pipe.hgetall(self.refused_key(event.id));
        }
        let answers: Vec<redis::Value> = pipe.query_async(&mut connection).await?;
        let said: Vec<Said> = answers
            .chunks(2)
            .map(|said| {
                let [acknowledged, refused] = said else {
                    return Ok(Said::default());
                };
                Ok(Said {
                    acknowledged: HashSet::from_redis_value_ref(acknowledged)?,
                    refused: HashMap::from_redis_value_ref(refused)?,
                })
            })
            .collect::<Result<_, RedisError>>()?;
        let mut pipe = redis::pipe();
        for (event, _) in events
            .iter()
            .zip(&said)
            .filter(|(_, said)| !said.refused.is_empty())
        {
            pipe.del(&[self.refused_key(event.id), self.sent_key(event.id)])
                .ignore();
        }
        if !pipe.is_empty() {
            pipe.query_async::<()>(&mut connection).await?;
        }
        Ok(said)
    }

    /// Looks again what was said of `events`, and adds it to what is known.
    async fn listen(
        &self,
        events: &[Event],
        known: &mut HashMap<EventId, Said>,
    ) -> Result<(), RedisError> {
        for (event, said) in events.iter().zip(self.said(events).await?) {
            let known = known.entry(event.id).or_default();
            known.acknowledged.extend(said.acknowledged);
            known.refused.extend(said.refused);
        }
        Ok(())
    }

    /// Whether every subscriber has acknowledged the event.
    fn is_done(&self, event: &Event, said: &HashMap<EventId, Said>) -> bool {
        let said = said.get(&event.id);
        self.wanted_by(&event.kind)
            .iter()
            .all(|name| said.is_some_and(|said| said.acknowledged.contains(*name)))
    }

    /// Whether every subscriber has said something of the event.
    fn is_answered(&self, event: &Event, said: &HashMap<EventId, Said>) -> bool {
        let said = said.get(&event.id);
        self.wanted_by(&event.kind).iter().all(|name| {
            said.is_some_and(|said| {
                said.acknowledged.contains(*name) || said.refused.contains_key(*name)
            })
        })
    }

    /// Puts on the stream those of `events` that were not put there a moment ago.
    async fn send(&self, events: &[&Event]) -> Result<(), RedisError> {
        let mut connection = self.connection.clone();
        let mut pipe = redis::pipe();
        for event in events {
            pipe.cmd("SET")
                .arg(self.sent_key(event.id))
                .arg(1)
                .arg("NX")
                .arg("EX")
                .arg(SENT_SECONDS);
        }
        let first: Vec<Option<String>> = pipe.query_async(&mut connection).await?;
        let mut pipe = redis::pipe();
        for (event, _) in events
            .iter()
            .zip(first)
            .filter(|(_, first)| first.is_some())
        {
            pipe.cmd("XADD")
                .arg(self.stream())
                .arg("MAXLEN")
                .arg("~")
                .arg(STREAM_LENGTH)
                .arg("*")
                .arg("event")
                .arg(serde_json::to_string(event).unwrap_or_default())
                .ignore();
        }
        if pipe.is_empty() {
            return Ok(());
        }
        pipe.query_async(&mut connection).await
    }

    async fn try_deliver(
        &self,
        events: &[Event],
        said: &mut HashMap<EventId, Said>,
    ) -> Result<(), RedisError> {
        let mut acked = self.watch("acked");
        self.listen(events, said).await?;
        let left: Vec<&Event> = events
            .iter()
            .filter(|event| !self.is_done(event, said))
            .collect();
        if left.is_empty() {
            return Ok(());
        }
        self.send(&left).await?;
        let until = tokio::time::Instant::now() + PATIENCE;
        while !events.iter().all(|event| self.is_answered(event, said))
            && tokio::time::Instant::now() < until
        {
            if tokio::time::timeout_at(until, acked.poked()).await.is_err() {
                break;
            }
            self.listen(events, said).await?;
        }
        Ok(())
    }

    async fn read(
        &self,
        consumer: &dyn Consumer,
        blocking: &mut ConnectionManager,
    ) -> Result<(), RedisError> {
        let options = StreamReadOptions::default()
            .group(consumer.name(), "any")
            .count(TOGETHER)
            .block(1000);
        let reply: Option<StreamReadReply> = blocking
            .xread_options(&[self.stream()], &[">"], &options)
            .await?;
        let entries: Vec<_> = reply
            .into_iter()
            .flat_map(|reply| reply.keys)
            .flat_map(|key| key.ids)
            .collect();
        let events: Vec<Option<Event>> = entries
            .iter()
            .map(|entry| {
                entry
                    .map
                    .get("event")
                    .and_then(|value| String::from_redis_value_ref(value).ok())
                    .and_then(|text| serde_json::from_str::<Event>(&text).ok())
            })
            .collect();
        let wanted: Vec<Event> = events
            .iter()
            .flatten()
            .filter(|event| consumer.kinds().contains(&event.kind.as_str()))
            .cloned()
            .collect();
        let handled = handle_all(consumer, &wanted).await;
        let failed: HashMap<EventId, String> = wanted
            .iter()
            .zip(handled)
            .filter_map(|(event, handled)| Some((event.id, handled.err()?)))
            .collect();
        let mut pipe = redis::pipe();
        for (entry, event) in entries.iter().zip(&events) {
            // Acknowledged to the stream either way: what failed comes again from the outbox.
            pipe.xack(self.stream(), consumer.name(), &[&entry.id])
                .ignore();
            let Some(event) = event else { continue };
            let key = if let Some(reason) = failed.get(&event.id) {
                let key = self.refused_key(event.id);
                pipe.hset(&key, consumer.name(), reason).ignore();
                key
            } else {
                let key = self.ack_key(event.id);
                pipe.sadd(&key, consumer.name()).ignore();
                key
            };
            pipe.expire(&key, ACK_SECONDS).ignore();
        }
        if !entries.is_empty() {
            pipe.query_async::<()>(&mut self.connection.clone()).await?;
            self.poke("acked");
        }
        Ok(())
    }

    async fn make_group(&self, name: &str) -> Result<(), RedisError> {
        let made: Result<(), RedisError> = self
            .connection
            .clone()
            .xgroup_create_mkstream(self.stream(), name, "0")
            .await;
        match made {
            // The group is there already.
            Err(error) if error.code() == Some("BUSYGROUP") => Ok(()),
            other => other,
        }
    }
}

async fn connection(client: &Client) -> Result<ConnectionManager, RedisError> {
    let config = ConnectionManagerConfig::new()
        .set_connection_timeout(Some(COMMAND))
        .set_response_timeout(Some(COMMAND));
    ConnectionManager::new_with_config(client.clone(), config).await
}

async fn send_pokes(
    mut connection: ConnectionManager,
    channel: String,
    mut outgoing: mpsc::Receiver<String>,
    stop: CancellationToken,
) {
    loop {
        let topic = tokio::select! {
            topic = outgoing.recv() => topic,
            // A sign of life for those who listen, on a topic that nobody watches.
            () = tokio::time::sleep(SILENCE / 3) => Some(String::new()),
            () = stop.cancelled() => None,
        };
        let Some(topic) = topic else { return };
        if let Err(error) = connection.publish::<_, _, ()>(&channel, topic).await {
            tracing::debug!(%error, "a poke was lost");
        }
    }
}

async fn hear_pokes(client: Client, channel: String, topics: Arc<Topics>, stop: CancellationToken) {
    while !stop.is_cancelled() {
        let heard = async {
            let connecting = tokio::time::timeout(COMMAND, client.get_async_pubsub()).await;
            let mut pubsub = connecting.map_err(std::io::Error::from)??;
            pubsub.subscribe(&channel).await?;
            let mut messages = pubsub.on_message();
            // Every process says something now and then. A connection on which nothing comes is
            // dead, even if the network has not said so.
            while let Ok(Some(message)) = tokio::time::timeout(SILENCE, messages.next()).await {
                topics.poke(message.get_payload::<String>()?.as_str());
            }
            Ok::<(), RedisError>(())
        };
        tokio::select! {
            result = heard => if let Err(error) = result { tracing::warn!(%error, "the bus is silent; listening again") },
            () = stop.cancelled() => return,
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}

#[async_trait::async_trait]
impl Bus for RedisBus {
    async fn deliver(&self, events: &[Event]) -> Delivered {
        let mut said = HashMap::new();
        if let Err(error) = self.try_deliver(events, &mut said).await {
            tracing::warn!(%error, "events wait in the outbox: the bus does not answer");
        }
        let mut delivered = Delivered::default();
        for event in events {
            if self.is_done(event, &said) {
                delivered.acknowledged.push(event.id);
            } else if let Some(said) = said.remove(&event.id) {
                let reasons = said.refused.into_values();
                delivered
                    .refused
                    .extend(reasons.map(|reason| (event.id, reason)));
            }
        }
        delivered
    }

    fn is_wanted(&self, kind: &str) -> bool {
        !self.wanted_by(kind).is_empty()
    }

    async fn consume(&self, consumer: Arc<dyn Consumer>, stop: CancellationToken) {
        // Blocking reads hold up a connection, so this one is the consumer's own.
        let config = ConnectionManagerConfig::new()
            .set_connection_timeout(Some(COMMAND))
            .set_response_timeout(Some(COMMAND + Duration::from_secs(1)));
        let mut blocking = loop {
            match ConnectionManager::new_with_config(self.client.clone(), config.clone()).await {
                Ok(connection) => break connection,
                Err(error) => tracing::warn!(%error, "the bus cannot be reached; trying again"),
            }
            tokio::select! {
                () = tokio::time::sleep(Duration::from_secs(1)) => {}
                () = stop.cancelled() => return,
            }
        };
        let mut grouped = false;
        while !stop.is_cancelled() {
            let round = async {
                if !grouped {
                    self.make_group(consumer.name()).await?;
                }
                self.read(&*consumer, &mut blocking).await
            };
            let result = tokio::select! {
                result = round => result,
                () = stop.cancelled() => return,
            };
            grouped = result.is_ok();
            if let Err(error) = result {
                tracing::warn!(consumer = consumer.name(), %error, "reading events; trying again");
                tokio::time::sleep(Duration::from_millis(500)).await;
            }
        }
    }

    fn poke(&self, topic: &str) {
        self.topics.poke(topic);
        // Full or closed: a poke may get lost, watchers look again by themselves.
        drop(self.pokes.try_send(topic.to_owned()));
    }

    fn watch(&self, topic: &str) -> Watch {
        self.topics.watch(topic)
    }

    async fn ready(&self) -> Result<(), Fault> {
        let ping = async {
            redis::cmd("PING")
                .query_async::<String>(&mut self.connection.clone())
                .await
        };
        tokio::time::timeout(COMMAND, ping)
            .await
            .doing("asking Redis")?
            .doing("asking Redis")?;
        Ok(())
    }
}
