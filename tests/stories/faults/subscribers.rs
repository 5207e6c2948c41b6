//! F21 and F22: one who reads too slowly hurts nobody else, and all come back at once.

use super::asker::{Asker, without_rate_limits};
use crate::{
    hub::{Hub, Person, Placement},
    socket::Events,
};
use futures_util::{SinkExt, StreamExt, future::join_all};
use serde_json::{Value, json};
use std::{
    fs,
    ops::Range,
    time::{Duration, Instant},
};
use tokio::{
    io::AsyncReadExt,
    net::{TcpSocket, TcpStream},
    sync::{mpsc, watch},
    task::JoinHandle,
    time::timeout,
};
use tokio_tungstenite::tungstenite::{Message, client::IntoClientRequest};

const EVENTS: &str = "subscription($room: ID!) { roomEvents(roomId: $room) { __typename
    ... on RoomSnapshot { rev room { state } } ... on RoomDelta { rev changes { rev patch } } ... on RoomGap { rev } } }";
const ACT: &str =
    "mutation($input: ActInput!) { actInRoom(input: $input) { rev problems { code message } } }";
const ROOM: &str =
    "mutation { createRoom(input: { name: \"Loud\", public: true }) { room { id } } }";

/// A socket whose system takes in little, and whose reader is asleep.
async fn sleepy(asker: &Asker, room: &Value) -> TcpStream {
    let address = asker
        .url
        .replace("http://localhost", "127.0.0.1")
        .replace("http://", "");
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4 * 1024).unwrap();
    let stream = socket.connect(address.parse().unwrap()).await.unwrap();
    let mut request = format!("ws://{address}/graphql")
        .into_client_request()
        .unwrap();
    let protocol = "graphql-transport-ws".parse().unwrap();
    request
        .headers_mut()
        .insert("sec-websocket-protocol", protocol);
    let (mut socket, _) = tokio_tungstenite::client_async(request, stream)
        .await
        .unwrap();
    let credential = json!({ "authorization": format!("Bearer {}", asker.token) });
    for message in [
        json!({ "type": "connection_init", "payload": credential }),
        json!({ "id": "1", "type": "subscribe", "payload": { "query": EVENTS, "variables": { "room": room } } }),
    ] {
        socket
            .send(Message::text(message.to_string()))
            .await
            .unwrap();
    }
    // The acknowledgement and the snapshot; from here on it sleeps.
    for _ in 0..2 {
        socket.next().await.unwrap().unwrap();
    }
    socket.into_inner()
}

/// Revisions, and when each of them was there.
type Moments = Vec<(i64, Instant)>;

/// Follows until the revision that `last` says in the end.
async fn upto(events: &mut Events, mut last: watch::Receiver<Option<i64>>) -> Moments {
    let mut seen = Moments::new();
    loop {
        tokio::select! {
            event = events.next() => {
                let event = event.expect("the stream goes on");
                if let Some(rev) = event["roomEvents"]["rev"].as_i64() {
                    seen.push((rev, Instant::now()));
                }
            }
            Ok(()) = last.changed() => {}
        }
        if last
            .borrow()
            .is_some_and(|last| seen.iter().any(|(rev, _)| *rev >= last))
        {
            return seen;
        }
    }
}

/// Whether the hub's end of a connection is still open. The system knows, also while the other end
/// is too full to be told.
fn held(stream: &TcpStream) -> bool {
    let (hub, reader) = (stream.peer_addr().unwrap(), stream.local_addr().unwrap());
    let ends_in = |field: &str, port: u16| field.ends_with(&format!(":{port:04X}"));
    ["/proc/net/tcp", "/proc/net/tcp6"]
        .into_iter()
        .any(|table| {
            let table = fs::read_to_string(table).unwrap_or_default();
            table.lines().any(|line| {
                let mut fields = line.split_whitespace().skip(1);
                let ours = fields.next().is_some_and(|at| ends_in(at, hub.port()));
                let theirs = fields.next().is_some_and(|at| ends_in(at, reader.port()));
                // 01: established.
                ours && theirs && fields.next() == Some("01")
            })
        })
}

/// What the hub has still to say to a sleepy reader, and whether it has hung up after it.
async fn drained(mut stream: TcpStream) -> (usize, bool) {
    let (mut bytes, mut buffer) = (0, vec![0; 64 * 1024]);
    loop {
        match timeout(Duration::from_secs(10), stream.read(&mut buffer)).await {
            Ok(Ok(0) | Err(_)) => return (bytes, true),
            Ok(Ok(read)) => bytes += read,
            Err(_) => return (bytes, false),
        }
    }
}

/// Says something loud in the room so many times.
async fn shout(owner: &Person<'_>, room: &Value, seqs: Range<i64>) -> Moments {
    let noise = "loud ".repeat(3_000);
    let mut said = Moments::new();
    for seq in seqs {
        let patch = json!({ "noise": format!("{seq} {noise}") });
        let input = json!({ "roomId": room, "clientSeq": seq, "patch": patch });
        let acted = owner.ask(ACT, json!({ "input": input })).await["actInRoom"].take();
        assert_eq!(acted["problems"], json!([]));
        said.push((acted["rev"].as_i64().unwrap(), Instant::now()));
    }
    said
}

/// The same while others follow: how long after a word it was there with the slowest of them. They
/// read while it is said, as whoever is awake does: one who begins only then sleeps until then.
async fn heard(
    awake: &mut [Events],
    owner: &Person<'_>,
    room: &Value,
    seqs: Range<i64>,
) -> Duration {
    let (told, last) = watch::channel(None);
    let shouting = async {
        let said = shout(owner, room, seqs).await;
        told.send_replace(said.last().map(|(rev, _)| *rev));
        said
    };
    let following = awake.iter_mut().map(|events| upto(events, last.clone()));
    let (said, followed) = tokio::join!(shouting, join_all(following));
    let mut slowest = Duration::ZERO;
    for seen in &followed {
        for (rev, at) in &said {
            let there = seen.partition_point(|(seen, _)| seen < rev);
            slowest = slowest.max(seen[there].1.saturating_duration_since(*at));
        }
    }
    slowest
}

async fn a_reader_who_sleeps_costs_the_others_nothing_and_is_let_go(placement: Placement) {
    const SLEEPY: usize = 20;
    let hub = Hub::start(placement, &without_rate_limits()).await;
    let owner = hub.owner().await;
    let asker = Asker::of(&hub, &owner);
    let room = owner.ask(ROOM, json!({})).await["createRoom"]["room"]["id"].take();
    let mut awake = Vec::new();
    for _ in 0..30 {
        awake.push(owner.subscribe(EVENTS, json!({ "room": room })).await);
    }
    // First without anybody who sleeps: that is what the hub itself needs.
    heard(&mut awake, &owner, &room, 1..101).await;
    let mut sleepers = Vec::new();
    for _ in 0..SLEEPY {
        sleepers.push(sleepy(&asker, &room).await);
    }
    let before = hub.memory();
    // Three megabytes for each who follows.
    let slowest = heard(&mut awake, &owner, &room, 101..301).await;
    // Whoever waited for a sleeper would wait for ten seconds.
    assert!(
        slowest < Duration::from_secs(6),
        "the slowest came {slowest:?} later"
    );
    let grown = hub.memory().saturating_sub(before);
    assert!(
        grown <= (SLEEPY as u64 + 8) << 20,
        "{} MiB more",
        grown >> 20
    );

    // A message that cannot be written for ten seconds is the socket's last.
    let asleep = Instant::now();
    while sleepers.iter().any(held) {
        assert!(
            asleep.elapsed() < Duration::from_secs(40),
            "{} are still open",
            sleepers.iter().filter(|sleeper| held(sleeper)).count()
        );
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
    for sleeper in sleepers {
        let (bytes, hung_up) = drained(sleeper).await;
        assert!(hung_up, "it is still open, {bytes} bytes later");
        assert!(bytes < 3_000_000, "all was kept for it: {bytes} bytes");
    }
}

/// Comes, again where it is told to, and says when it is there; then the next event, if one comes.
async fn come(asker: Asker, room: Value, there: mpsc::Sender<()>) -> Option<Value> {
    let mut pause = Duration::from_millis(250);
    loop {
        let operation = json!({ "query": EVENTS, "variables": { "room": room } });
        if let Some(mut events) = Events::try_open(&asker.url, Some(&asker.token), operation).await
            && let Ok(Some(first)) = events.next_or_error().await
        {
            assert_eq!(first["roomEvents"]["__typename"], "RoomSnapshot");
            there.send(()).await.unwrap();
            // Whoever listens answers the hub's pings, too.
            return events.next_or_error().await.ok().flatten();
        }
        // As any client does that was told to come again.
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(Duration::from_secs(4));
    }
}

/// So many come at once, and all of them get there.
async fn crowd(asker: &Asker, room: &Value, clients: usize) -> Vec<JoinHandle<Option<Value>>> {
    let (there, mut arrivals) = mpsc::channel(clients);
    let crowd = (0..clients)
        .map(|_| tokio::spawn(come(asker.clone(), room.clone(), there.clone())))
        .collect();
    let started = Instant::now();
    for arrived in 0..clients {
        // Half a minute is the promise; the rest is for a machine that is busy with other tests.
        let left = Duration::from_mins(2).saturating_sub(started.elapsed());
        let next = timeout(left, arrivals.recv()).await;
        assert_eq!(next, Ok(Some(())), "only {arrived} are there");
    }
    crowd
}

async fn a_thousand_clients_come_back_at_once(placement: Placement) {
    const CLIENTS: usize = 1_000;
    let mut hub = Hub::start(placement, &without_rate_limits()).await;
    let (mut asker, room) = {
        let owner = hub.owner().await;
        let room = owner.ask(ROOM, json!({})).await["createRoom"]["room"]["id"].take();
        (Asker::of(&hub, &owner), room)
    };
    let open = crowd(&asker, &room, CLIENTS).await;
    hub.kill_and_restart().await;
    drop(open);
    asker.url.clone_from(&hub.url);
    let back = crowd(&asker, &room, CLIENTS).await;
    // And they hear what happens.
    let owner = hub.with_key(&asker.token);
    let input = json!({ "roomId": room, "clientSeq": 1, "patch": { "hello": true } });
    owner.ask(ACT, json!({ "input": input })).await;
    for heard in join_all(back).await {
        let event = heard.unwrap().expect("it hears what happens");
        let patch = &event["roomEvents"]["changes"][0]["patch"];
        assert_eq!(patch["hello"], true, "{event:#}");
    }
}

crate::in_both_placements!(
    a_reader_who_sleeps_costs_the_others_nothing_and_is_let_go,
    a_thousand_clients_come_back_at_once,
);
