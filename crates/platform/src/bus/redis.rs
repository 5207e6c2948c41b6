//! The bus of a hub that is many processes: a Redis Stream for events, publish/subscribe for pokes.
//!
//! Redis is transport, never the only copy. An event is acknowledged when the set
//! `djinn:ack:{id}` holds every subscriber's name; until then the outbox delivers it again. So
//! nothing here needs claiming or repairing: a Redis that lost everything is filled again by the
//! next round of the relay, and handlers that saw an event before do nothing.

use super::{handle::handle_all, topics::Topics};
use djinn_kernel::{Doing, Event, Fault, ids::EventId};
use djinn_subgraph_kit::{
    Bus, Consumer,
    bus::{Subscribers, Watch},
};
use futures_util::StreamExt;
use redis::{
    AsyncCommands, Client, FromRedisValue, RedisError,
    aio::{ConnectionManager, ConnectionManagerConfig},
    streams::{StreamReadOptions, StreamReadReply},
};
use std::{collections::HashSet, sync::Arc, time::Duration};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

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

    fn wanted_by(&self, kind: &str) -> Vec<&'static str> {
        self.subscribers
            .iter()
            .filter(|(_, kinds)| kinds.contains(&kind))
            .map(|(name, _)| *name)
            .collect()
    }

    /// Of `events`, those every subscriber has acknowledged.
    async fn acknowledged(&self, events: &[Event]) -> Result<HashSet<EventId>, RedisError> {
        let mut pipe = redis::pipe();
        for event in events {
            pipe.smembers(self.ack_key(event.id));
        }
        let acks: Vec<HashSet<String>> = pipe.query_async(&mut self.connection.clone()).await?;
        Ok(events
            .iter()
            .zip(acks)
            .filter(|(event, acks)| {
                self.wanted_by(&event.kind)
                    .iter()
                    .all(|name| acks.contains(*name))
            })
            .map(|(event, _)| event.id)
            .collect())
    }

    async fn send(&self, event: &Event) -> Result<(), RedisError> {
        let mut connection = self.connection.clone();
        let sent = format!("{}:sent:{}", self.prefix, event.id);
        let first: bool = redis::cmd("SET")
            .arg(&sent)
            .arg(1)
            .arg("NX")
            .arg("EX")
            .arg(SENT_SECONDS)
            .query_async::<Option<String>>(&mut connection)
            .await?
            .is_some();
        if first {
            let body = serde_json::to_string(event).unwrap_or_default();
            let _: String = redis::cmd("XADD")
                .arg(self.stream())
                .arg("MAXLEN")
                .arg("~")
                .arg(STREAM_LENGTH)
                .arg("*")
                .arg("event")
                .arg(body)
                .query_async(&mut connection)
                .await?;
        }
        Ok(())
    }

    async fn try_deliver(
        &self,
        events: &[Event],
        done: &mut HashSet<EventId>,
    ) -> Result<(), RedisError> {
        let mut acked = self.watch("acked");
        *done = self.acknowledged(events).await?;
        for event in events.iter().filter(|event| !done.contains(&event.id)) {
            self.send(event).await?;
        }
        let until = tokio::time::Instant::now() + PATIENCE;
        while done.len() < events.len() && tokio::time::Instant::now() < until {
            if tokio::time::timeout_at(until, acked.poked()).await.is_err() {
                break;
            }
            *done = self.acknowledged(events).await?;
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
            .count(32)
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
        let failed: HashSet<EventId> = wanted
            .iter()
            .zip(handled)
            .filter(|(_, handled)| !handled)
            .map(|(event, _)| event.id)
            .collect();
        for (entry, event) in entries.iter().zip(&events) {
            let mut pipe = redis::pipe();
            // Acknowledged to the stream either way: what failed comes again from the outbox.
            pipe.xack(self.stream(), consumer.name(), &[&entry.id])
                .ignore();
            if let Some(event) = event.as_ref().filter(|event| !failed.contains(&event.id)) {
                let key = self.ack_key(event.id);
                pipe.sadd(&key, consumer.name()).ignore();
                pipe.expire(&key, ACK_SECONDS).ignore();
            }
            pipe.query_async::<()>(&mut self.connection.clone()).await?;
        }
        if !entries.is_empty() {
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
    async fn deliver(&self, events: &[Event]) -> Vec<EventId> {
        let mut done = HashSet::new();
        if let Err(error) = self.try_deliver(events, &mut done).await {
            tracing::warn!(%error, "events wait in the outbox: the bus does not answer");
        }
        events
            .iter()
            .map(|event| event.id)
            .filter(|id| done.contains(id))
            .collect()
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
