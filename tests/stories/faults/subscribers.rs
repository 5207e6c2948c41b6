//! F21 and F22: one who reads too slowly hurts nobody else, and all come back at once.

use super::asker::{Asker, without_rate_limits};
use crate::{
    hub::{Hub, Person, Placement},
    socket::Events,
};
use futures_util::{SinkExt, StreamExt, future::join_all};
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use tokio::{
    io::AsyncReadExt,
    net::{TcpSocket, TcpStream},
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

/// Follows until revision `last`, and says when it got there.
async fn upto(events: &mut Events, last: i64) -> Instant {
    while let Some(event) = events.next().await {
        if event["roomEvents"]["rev"].as_i64() >= Some(last) {
            return Instant::now();
        }
    }
    panic!("the stream ended");
}

/// What the hub has still to say to a sleepy reader, and whether it has hung up after it.
async fn drained(mut stream: TcpStream) -> (usize, bool) {
    let (mut bytes, mut buffer) = (0, vec![0; 64 * 1024]);
    loop {
        match timeout(Duration::from_secs(3), stream.read(&mut buffer)).await {
            Ok(Ok(0) | Err(_)) => return (bytes, true),
            Ok(Ok(read)) => bytes += read,
            Err(_) => return (bytes, false),
        }
    }
}

/// Says something loud in the room so many times; the revision after the last.
async fn shout(owner: &Person<'_>, room: &Value, seqs: std::ops::Range<i64>) -> i64 {
    let noise = "loud ".repeat(3_000);
    let mut rev = 0;
    for seq in seqs {
        let patch = json!({ "noise": format!("{seq} {noise}") });
        let input = json!({ "roomId": room, "clientSeq": seq, "patch": patch });
        let acted = owner.ask(ACT, json!({ "input": input })).await["actInRoom"].take();
        assert_eq!(acted["problems"], json!([]));
        rev = acted["rev"].as_i64().unwrap();
    }
    rev
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
    let rev = shout(&owner, &room, 1..101).await;
    for events in &mut awake {
        upto(events, rev).await;
    }
    let mut sleepers = Vec::new();
    for _ in 0..SLEEPY {
        sleepers.push(sleepy(&asker, &room).await);
    }
    let before = hub.memory();
    // Three megabytes for each who follows.
    let rev = shout(&owner, &room, 101..301).await;
    let last = Instant::now();
    let arrived = join_all(awake.iter_mut().map(|events| upto(events, rev))).await;
    let slowest = arrived.into_iter().max().unwrap();
    let slowest = slowest.saturating_duration_since(last);
    assert!(
        slowest < Duration::from_secs(2),
        "the slowest came {slowest:?} later"
    );
    let grown = hub.memory().saturating_sub(before);
    assert!(
        grown <= (SLEEPY as u64 + 8) << 20,
        "{} MiB more",
        grown >> 20
    );

    // A message that cannot be written for ten seconds is the socket's last.
    tokio::time::sleep(Duration::from_secs(11)).await;
    for sleeper in sleepers {
        let (bytes, hung_up) = drained(sleeper).await;
        assert!(hung_up, "it is still open, {bytes} bytes later");
        assert!(bytes < 3_000_000, "all was kept for it: {bytes} bytes");
    }
}

async fn a_thousand_clients_come_back_at_once(placement: Placement) {
    const CLIENTS: usize = 1_000;
    let mut hub = Hub::start(placement, &without_rate_limits()).await;
    let (asker, room) = {
        let owner = hub.owner().await;
        let room = owner.ask(ROOM, json!({})).await["createRoom"]["room"]["id"].take();
        (Asker::of(&hub, &owner), room)
    };
    let come = async |url: String| {
        let (token, room) = (asker.token.clone(), room.clone());
        let all = (0..CLIENTS).map(|_| {
            let (url, token, room) = (url.clone(), token.clone(), room.clone());
            tokio::spawn(async move {
                let mut pause = Duration::from_millis(250);
                loop {
                    let operation = json!({ "query": EVENTS, "variables": { "room": room } });
                    if let Some(mut events) = Events::try_open(&url, Some(&token), operation).await
                        && let Ok(Some(first)) = events.next_or_error().await
                    {
                        assert_eq!(first["roomEvents"]["__typename"], "RoomSnapshot");
                        return events;
                    }
                    // As any client does that was told to come again.
                    tokio::time::sleep(pause).await;
                    pause *= 2;
                }
            })
        });
        join_all(all)
            .await
            .into_iter()
            .map(Result::unwrap)
            .collect::<Vec<_>>()
    };
    let open = come(hub.url.clone()).await;
    hub.kill_and_restart().await;
    drop(open);
    let started = Instant::now();
    let mut back = come(hub.url.clone()).await;
    let took = started.elapsed();
    assert!(
        took < Duration::from_secs(30),
        "all were back after {took:?}"
    );
    // And they hear what happens.
    let owner = hub.with_key(&asker.token);
    let input = json!({ "roomId": room, "clientSeq": 1, "patch": { "hello": true } });
    owner.ask(ACT, json!({ "input": input })).await;
    let heard = join_all(back.iter_mut().map(Events::next)).await;
    assert!(heard.iter().all(|event| {
        event.as_ref().unwrap()["roomEvents"]["changes"][0]["patch"]["hello"] == true
    }));
}

crate::in_both_placements!(
    a_reader_who_sleeps_costs_the_others_nothing_and_is_let_go,
    a_thousand_clients_come_back_at_once,
);
