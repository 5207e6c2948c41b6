//! The ports, each against what it promises. The bus suite runs on memory always, and on Redis
//! where `TEST_REDIS_URL` is set.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use djinn_kernel::{Event, Fault, ids::EventId};
use djinn_platform::{
    OsEntropy, SystemClock,
    bus::{MemoryBus, RedisBus},
    cache::MemoryCache,
    database::{Settings, connect},
    master::MasterKey,
    vault::EnvelopeVault,
};
use djinn_subgraph_kit::{
    Bus, Cache, Consumer, Vault,
    bus::{Delivered, Subscribers},
};
use sea_orm::{ConnectionTrait, Statement};
use std::{
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

static SUBSCRIBERS: Subscribers = &[("one", &["a", "b"]), ("two", &["a"])];

/// Keeps what it was handed; fails the first `failures` times.
struct Recorder {
    name: &'static str,
    kinds: &'static [&'static str],
    handled: Mutex<Vec<EventId>>,
    failures: Mutex<usize>,
}

impl Recorder {
    fn new(name: &'static str, kinds: &'static [&'static str], failures: usize) -> Arc<Self> {
        Arc::new(Self {
            name,
            kinds,
            handled: Mutex::default(),
            failures: Mutex::new(failures),
        })
    }
    fn handled(&self) -> Vec<EventId> {
        self.handled.lock().unwrap().clone()
    }
}

#[async_trait::async_trait]
impl Consumer for Recorder {
    fn name(&self) -> &'static str {
        self.name
    }
    fn kinds(&self) -> &'static [&'static str] {
        self.kinds
    }
    async fn handle(&self, event: &Event) -> Result<(), Fault> {
        let mut failures = self.failures.lock().unwrap();
        if *failures > 0 {
            *failures -= 1;
            return Err(Fault::new("failing on purpose"));
        }
        self.handled.lock().unwrap().push(event.id);
        Ok(())
    }
}

fn event(n: u128, kind: &str) -> Event {
    Event {
        id: EventId(Uuid::from_u128(n)),
        kind: kind.to_owned(),
        at: chrono::DateTime::UNIX_EPOCH,
        body: serde_json::json!({ "n": n.to_string() }),
        trace: None,
    }
}

/// Lets consumers begin that have just been spawned: all of this runs on one thread, so they are
/// polled before this goes on. Over Redis they may come later, what was sent waits for them.
async fn begun() {
    tokio::task::yield_now().await;
}

/// Delivers until all are acknowledged, as the outbox does.
async fn deliver_all(bus: &dyn Bus, events: &[Event]) {
    for _ in 0..40 {
        if bus.deliver(events).await.acknowledged.len() == events.len() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(300)).await;
    }
    panic!("not all events were acknowledged");
}

async fn every_subscriber_gets_every_event_of_its_kinds_in_order(bus: Arc<dyn Bus>) {
    let stop = CancellationToken::new();
    let one = Recorder::new("one", &["a", "b"], 0);
    let two = Recorder::new("two", &["a"], 0);
    for consumer in [Arc::clone(&one), Arc::clone(&two)] {
        let (bus, stop) = (Arc::clone(&bus), stop.clone());
        tokio::spawn(async move { bus.consume(consumer, stop).await });
    }
    begun().await;
    let events = [
        event(1, "a"),
        event(2, "b"),
        event(3, "a"),
        event(4, "nobody's"),
    ];
    deliver_all(&*bus, &events).await;
    let ids = |wanted: &[usize]| wanted.iter().map(|i| events[*i].id).collect::<Vec<_>>();
    assert_eq!(one.handled(), ids(&[0, 1, 2]));
    assert_eq!(two.handled(), ids(&[0, 2]));
    stop.cancel();
}

async fn an_event_waits_for_a_subscriber_that_starts_later(bus: Arc<dyn Bus>) {
    let stop = CancellationToken::new();
    let events = [event(11, "b")];
    // Nobody is there to refuse it.
    assert_eq!(bus.deliver(&events).await, Delivered::default());
    let one = Recorder::new("one", &["a", "b"], 0);
    let (consumer, token, other) = (Arc::clone(&one), stop.clone(), Arc::clone(&bus));
    tokio::spawn(async move { other.consume(consumer, token).await });
    deliver_all(&*bus, &events).await;
    assert_eq!(one.handled(), [events[0].id]);
    stop.cancel();
}

async fn a_handler_that_fails_is_asked_again(bus: Arc<dyn Bus>) {
    let stop = CancellationToken::new();
    let one = Recorder::new("one", &["a", "b"], 1);
    let (consumer, token, other) = (Arc::clone(&one), stop.clone(), Arc::clone(&bus));
    tokio::spawn(async move { other.consume(consumer, token).await });
    begun().await;
    let events = [event(21, "b")];
    deliver_all(&*bus, &events).await;
    assert_eq!(one.handled(), [events[0].id]);
    stop.cancel();
}

async fn a_handler_that_fails_keeps_nothing_from_the_others(bus: Arc<dyn Bus>) {
    let stop = CancellationToken::new();
    // "one" is the first of the subscribers.
    let one = Recorder::new("one", &["a", "b"], usize::MAX);
    let two = Recorder::new("two", &["a"], 0);
    for consumer in [Arc::clone(&one), Arc::clone(&two)] {
        let (bus, stop) = (Arc::clone(&bus), stop.clone());
        tokio::spawn(async move { bus.consume(consumer, stop).await });
    }
    begun().await;
    let events = [event(26, "a")];
    // It is told who could not handle it and why, each time it was tried.
    for _ in 0..3 {
        let delivered = bus.deliver(&events).await;
        assert_eq!(delivered.acknowledged, []);
        let refused = [(events[0].id, "one: while failing on purpose".to_owned())];
        assert_eq!(delivered.refused, refused);
    }
    assert_eq!(two.handled().first(), Some(&events[0].id));
    stop.cancel();
}

async fn a_poke_wakes_every_watcher_of_its_topic_and_no_other(
    here: Arc<dyn Bus>,
    there: Arc<dyn Bus>,
) {
    let (mut watched, mut other) = (there.watch("room:1"), there.watch("room:2"));
    // A poke may get lost until both are connected. Whoever watches looks after five seconds anyway,
    // so it must come before that.
    let reached = async {
        loop {
            here.poke("room:1");
            let poked = tokio::time::timeout(Duration::from_secs(1), watched.poked());
            if poked.await.is_ok() {
                return;
            }
        }
    };
    let reached = tokio::time::timeout(Duration::from_secs(20), reached).await;
    assert!(reached.is_ok(), "nobody was woken");
    assert!(
        tokio::time::timeout(Duration::from_millis(300), other.poked())
            .await
            .is_err()
    );
}

fn memory() -> Arc<dyn Bus> {
    Arc::new(MemoryBus::new(SUBSCRIBERS))
}

#[tokio::test]
async fn the_memory_bus_keeps_its_promises() {
    every_subscriber_gets_every_event_of_its_kinds_in_order(memory()).await;
    an_event_waits_for_a_subscriber_that_starts_later(memory()).await;
    a_handler_that_fails_is_asked_again(memory()).await;
    a_handler_that_fails_keeps_nothing_from_the_others(memory()).await;
    let bus = memory();
    a_poke_wakes_every_watcher_of_its_topic_and_no_other(Arc::clone(&bus), bus).await;
}

#[expect(
    clippy::disallowed_methods,
    reason = "tests choose their bus by the environment"
)]
fn redis_url() -> String {
    // `scripts/nextest` leaves these tests out, and says so, where there is no Redis.
    std::env::var("TEST_REDIS_URL").expect("TEST_REDIS_URL is set; `make test-services` does it")
}

#[expect(clippy::disallowed_methods, reason = "a prefix nobody else has")]
fn prefix() -> String {
    format!("djinn-test-{}", Uuid::now_v7().simple())
}

async fn redis(url: &str, prefix: &str) -> Arc<dyn Bus> {
    Arc::new(
        RedisBus::connect(url, prefix, SUBSCRIBERS, CancellationToken::new())
            .await
            .unwrap(),
    )
}

#[tokio::test]
async fn with_redis_the_bus_keeps_the_same_promises() {
    let url = redis_url();
    every_subscriber_gets_every_event_of_its_kinds_in_order(redis(&url, &prefix()).await).await;
    an_event_waits_for_a_subscriber_that_starts_later(redis(&url, &prefix()).await).await;
    let slow = redis(&url, &prefix()).await;
    // An event is put on the stream again only after ten seconds.
    a_handler_that_fails_is_asked_again(slow).await;
    a_handler_that_fails_keeps_nothing_from_the_others(redis(&url, &prefix()).await).await;
    let shared = prefix();
    a_poke_wakes_every_watcher_of_its_topic_and_no_other(
        redis(&url, &shared).await,
        redis(&url, &shared).await,
    )
    .await;
}

#[tokio::test]
async fn with_redis_that_lost_everything_the_next_delivery_fills_it_again() {
    let url = redis_url();
    let prefix = prefix();
    let bus = redis(&url, &prefix).await;
    let one = Recorder::new("one", &["a", "b"], 0);
    let (consumer, other) = (Arc::clone(&one), Arc::clone(&bus));
    tokio::spawn(async move { other.consume(consumer, CancellationToken::new()).await });
    deliver_all(&*bus, &[event(31, "b")]).await;
    // Everything this hub keeps in Redis is gone: stream, groups, acknowledgements.
    let client = redis::Client::open(url).unwrap();
    let mut connection = client.get_multiplexed_async_connection().await.unwrap();
    let keys: Vec<String> = redis::cmd("KEYS")
        .arg(format!("{prefix}:*"))
        .query_async(&mut connection)
        .await
        .unwrap();
    let _: () = redis::cmd("DEL")
        .arg(keys)
        .query_async(&mut connection)
        .await
        .unwrap();
    deliver_all(&*bus, &[event(32, "b")]).await;
    assert_eq!(one.handled(), [event(31, "b").id, event(32, "b").id]);
}

#[tokio::test]
async fn sixty_four_writers_at_once_never_meet_a_busy_database() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("busy.db").display());
    let db = connect(&Settings {
        url,
        max_connections: 4,
    })
    .await
    .unwrap();
    db.write()
        .execute_unprepared(
            "CREATE TABLE counter (n INTEGER NOT NULL); INSERT INTO counter VALUES (0)",
        )
        .await
        .unwrap();
    let writers: Vec<_> = (0..64)
        .map(|_| {
            let db = db.clone();
            tokio::spawn(async move {
                for _ in 0..5 {
                    let txn = db.begin().await.unwrap();
                    let read =
                        Statement::from_string(txn.get_database_backend(), "SELECT n FROM counter");
                    let n: i64 = txn
                        .query_one_raw(read)
                        .await
                        .unwrap()
                        .unwrap()
                        .try_get_by_index(0)
                        .unwrap();
                    txn.execute_unprepared(&format!("UPDATE counter SET n = {}", n + 1))
                        .await
                        .unwrap();
                    txn.commit().await.unwrap();
                }
            })
        })
        .collect();
    for writer in writers {
        writer.await.unwrap();
    }
    let read = Statement::from_string(db.backend(), "SELECT n FROM counter");
    let n: i64 = db
        .read()
        .query_one_raw(read)
        .await
        .unwrap()
        .unwrap()
        .try_get_by_index(0)
        .unwrap();
    assert_eq!(n, 320);
}

#[tokio::test]
async fn an_in_memory_database_is_refused_because_each_connection_would_have_its_own() {
    let refused = connect(&Settings {
        url: "sqlite::memory:".to_owned(),
        max_connections: 1,
    })
    .await
    .unwrap_err();
    assert!(refused.to_string().contains("give a file"), "{refused}");
    let refused = connect(&Settings {
        url: "mysql://x".to_owned(),
        max_connections: 1,
    })
    .await
    .unwrap_err();
    assert_eq!(
        refused.to_string(),
        "a database URL starts with `sqlite:` or `postgres://`, not `mysql`"
    );
}

#[test]
fn a_sealed_secret_opens_only_where_it_was_sealed() {
    let master = MasterKey::from_secret("the hub's secret, long enough to be one");
    let vault = EnvelopeVault::new(&master, Arc::new(OsEntropy));
    let sealed = vault
        .seal(b"key of the account", "anna/steam/api_key")
        .unwrap();
    assert_eq!(
        vault.open(&sealed, "anna/steam/api_key").unwrap(),
        b"key of the account"
    );
    assert!(vault.open(&sealed, "ben/steam/api_key").is_err());
    assert!(!sealed.windows(7).any(|w| w == b"account"));
    for at in 0..sealed.len() {
        let mut bent = sealed.clone();
        bent[at] ^= 1;
        assert!(
            vault.open(&bent, "anna/steam/api_key").is_err(),
            "byte {at} can be changed unseen"
        );
        assert!(
            vault.open(&sealed[..at], "anna/steam/api_key").is_err(),
            "cut at {at}"
        );
    }
    let other = EnvelopeVault::new(
        &MasterKey::from_secret("another hub's secret"),
        Arc::new(OsEntropy),
    );
    assert!(other.open(&sealed, "anna/steam/api_key").is_err());
}

#[test]
fn after_a_change_of_the_master_key_old_envelopes_open_and_can_be_renewed() {
    let (old, new) = (
        MasterKey::from_secret("the hub's secret, long enough to be one"),
        MasterKey::from_secret("the secret for the time after that one"),
    );
    let entropy = || Arc::new(OsEntropy);
    let sealed = EnvelopeVault::new(&old, entropy())
        .seal(b"key of the account", "anna/steam/api_key")
        .unwrap();
    let vault = EnvelopeVault::new(&new, entropy()).accepting(&old);
    let open = |vault: &EnvelopeVault, sealed: &[u8], place| vault.open(sealed, place);
    assert_eq!(
        open(&vault, &sealed, "anna/steam/api_key").unwrap(),
        b"key of the account"
    );
    assert!(open(&vault, &sealed, "ben/steam/api_key").is_err());
    assert!(vault.renew(&sealed, "ben/steam/api_key").is_err());
    let renewed = vault.renew(&sealed, "anna/steam/api_key").unwrap().unwrap();
    assert_eq!(renewed.len(), sealed.len());
    assert_eq!(vault.renew(&renewed, "anna/steam/api_key").unwrap(), None);
    let after = EnvelopeVault::new(&new, entropy());
    assert_eq!(
        open(&after, &renewed, "anna/steam/api_key").unwrap(),
        b"key of the account"
    );
    let before = EnvelopeVault::new(&old, entropy());
    assert!(open(&before, &renewed, "anna/steam/api_key").is_err());
    for at in 0..sealed.len() {
        assert!(vault.renew(&sealed[..at], "anna/steam/api_key").is_err());
    }
}

#[test]
fn the_secret_file_is_made_once_and_is_its_owners_only() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("secret.key");
    let first = MasterKey::from_file(&file, &OsEntropy).unwrap();
    let second = MasterKey::from_file(&file, &OsEntropy).unwrap();
    assert_eq!(first.derive("x"), second.derive("x"));
    assert_ne!(first.derive("x"), first.derive("y"));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(
            std::fs::metadata(&file).unwrap().permissions().mode() & 0o777,
            0o600
        );
        let readable = std::fs::Permissions::from_mode(0o644);
        std::fs::set_permissions(&file, readable).unwrap();
        let refused = MasterKey::from_file(&file, &OsEntropy).unwrap_err();
        assert!(refused.to_string().contains("chmod 600"), "{refused}");
    }
}

#[tokio::test]
async fn the_cache_forgets_in_time_and_on_demand() {
    let cache = MemoryCache::default();
    cache
        .set("a", b"1".to_vec(), Duration::from_millis(50))
        .await;
    cache.set("b", b"2".to_vec(), Duration::from_mins(1)).await;
    assert_eq!(cache.get("b").await, Some(b"2".to_vec()));
    let forgets = async {
        while cache.get("a").await.is_some() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    let forgot = tokio::time::timeout(Duration::from_secs(20), forgets).await;
    assert!(forgot.is_ok(), "it remembers for ever");
    assert!(cache.get("b").await.is_some(), "its time has not come");
    cache.remove("b").await;
    assert_eq!(cache.get("b").await, None);
}

#[test]
fn the_clock_keeps_whole_microseconds_as_the_databases_do() {
    use djinn_kernel::Clock;
    assert_eq!(SystemClock.now().timestamp_subsec_nanos() % 1000, 0);
}

#[test]
fn a_secret_file_that_is_empty_is_refused_and_not_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("secret.key");
    std::fs::write(&file, "").unwrap();
    let refused = MasterKey::from_file(&file, &OsEntropy).unwrap_err();
    assert!(refused.to_string().contains("cut short"), "{refused}");
    assert_eq!(std::fs::read(&file).unwrap(), b"");
    std::fs::remove_file(&file).unwrap();
    let made = MasterKey::from_file(&file, &OsEntropy).unwrap();
    let read = MasterKey::from_file(&file, &OsEntropy).unwrap();
    assert_eq!(made.derive("x"), read.derive("x"));
}

#[tokio::test]
async fn a_redirect_does_not_tell_the_next_host_the_address_with_its_key() {
    use djinn_subgraph_kit::http::{Ask, Http};
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let host = listener.local_addr().unwrap();
    let server = tokio::spawn(async move {
        let mut heard = Vec::new();
        for answer in ["302 Found\r\nLocation: /there", "200 OK"] {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut buffer = vec![0; 4096];
            let n = stream.read(&mut buffer).await.unwrap();
            heard.push(String::from_utf8_lossy(&buffer[..n]).into_owned());
            let answer =
                format!("HTTP/1.1 {answer}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            stream.write_all(answer.as_bytes()).await.unwrap();
        }
        heard
    });
    let client = djinn_platform::http::Client::new(Arc::new(SystemClock)).unwrap();
    let ask = Ask::get(format!("http://{host}/here?key=canary"));
    assert_eq!(client.send(ask).await.unwrap().status, 200);
    let heard = server.await.unwrap();
    assert!(
        heard[0].contains("canary") && !heard[1].contains("canary"),
        "{heard:?}"
    );
}
