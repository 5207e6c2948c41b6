//! F19: a subgraph's process is replaced by another, under requests and subscriptions.

use super::asker::{Asker, without_rate_limits};
use crate::{hub::Hub, socket::Events};
use serde_json::{Value, json};
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::{sync::watch, task::JoinHandle};

const EVENTS: &str = "subscription($room: ID!) { roomEvents(roomId: $room) { __typename
    ... on RoomSnapshot { epoch rev } ... on RoomDelta { epoch fromRev rev changes { rev } } ... on RoomGap { epoch rev } } }";
const ACT: &str =
    "mutation($input: ActInput!) { actInRoom(input: $input) { rev problems { code message } } }";
const READ: &str =
    "{ me { name } rooms(first: 5) { totalCount } libraryStats { games } platforms { id } }";

/// Reads again and again; counts, and keeps what went wrong.
fn keep_reading(
    asker: Asker,
    over: Arc<AtomicBool>,
    asked: Arc<AtomicUsize>,
) -> JoinHandle<Vec<Value>> {
    tokio::spawn(async move {
        let mut wrong = Vec::new();
        while !over.load(Ordering::SeqCst) {
            let answer = asker.ask(READ, json!({})).await;
            asked.fetch_add(1, Ordering::SeqCst);
            if answer.get("errors").is_some() {
                wrong.push(answer);
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        wrong
    })
}

/// Acts once for each number, again where nobody can say whether it was done.
fn keep_acting(asker: Asker, room: Value, acts: i64) -> JoinHandle<i64> {
    tokio::spawn(async move {
        let mut last = 0;
        for seq in 1..=acts {
            let input = json!({ "roomId": room, "clientSeq": seq, "patch": { "count": seq } });
            last = loop {
                let answer = asker.ask(ACT, json!({ "input": input })).await;
                let acted = &answer["data"]["actInRoom"];
                match acted["rev"].as_i64() {
                    Some(rev) => break rev,
                    None => assert_eq!(
                        answer["errors"][0]["extensions"]["code"], "SUBGRAPH_UNAVAILABLE",
                        "{answer:#}"
                    ),
                }
                tokio::time::sleep(Duration::from_millis(100)).await;
            };
            tokio::time::sleep(Duration::from_millis(40)).await;
        }
        last
    })
}

/// Follows until revision `last`; panics where a change is missing.
async fn follow(mut events: Events, last: watch::Receiver<i64>) -> usize {
    let (mut rev, mut seen) = (None, 0);
    while rev < Some(*last.borrow()) {
        let event = events.next().await.expect("the stream goes on");
        let event = &event["roomEvents"];
        let to = event["rev"].as_i64().unwrap();
        match event["__typename"].as_str() {
            Some("RoomDelta") => {
                assert_eq!(event["fromRev"].as_i64(), rev, "a gap: {event:#}");
                for change in event["changes"].as_array().unwrap() {
                    rev = rev.map(|rev| rev + 1);
                    assert_eq!(change["rev"].as_i64(), rev, "a gap: {event:#}");
                    seen += 1;
                }
            }
            // The whole, to begin with.
            Some("RoomSnapshot") if rev.is_none() => {}
            _ => panic!("no step: {event:#}"),
        }
        rev = Some(to);
    }
    seen
}

async fn processes_are_replaced_and_nobody_notices() {
    let mut hub = Hub::start_behind_proxies(&without_rate_limits()).await;
    let (asker, room, events) = {
        let owner = hub.owner().await;
        let made = owner
            .ask(
                "mutation { createRoom(input: { name: \"Chess\", seats: 2, public: true }) { room { id } } }",
                json!({}),
            )
            .await;
        let room = made["createRoom"]["room"]["id"].clone();
        let mut events = Vec::new();
        for _ in 0..5 {
            events.push(owner.subscribe(EVENTS, json!({ "room": room })).await);
        }
        (Asker::of(&hub, &owner), room, events)
    };
    let (over, asked) = (Arc::<AtomicBool>::default(), Arc::<AtomicUsize>::default());
    let readers: Vec<_> = (0..4)
        .map(|_| keep_reading(asker.clone(), Arc::clone(&over), Arc::clone(&asked)))
        .collect();
    let acting = keep_acting(asker.clone(), room.clone(), 150);
    let mut followers = Vec::new();
    let (tell, last) = watch::channel(i64::MAX);
    for events in events {
        followers.push(tokio::spawn(follow(events, last.clone())));
    }

    for subgraph in ["session", "library", "metadata", "session"] {
        hub.replace(subgraph).await;
    }
    let acted = acting.await.unwrap();
    tell.send(acted).unwrap();
    // One more, so that whoever waits for an event hears that this was the last: it is told first.
    let input = json!({ "roomId": room, "clientSeq": 151, "patch": { "over": true } });
    asker.ask(ACT, json!({ "input": input })).await;
    for follower in followers {
        let seen = tokio::time::timeout(Duration::from_secs(30), follower)
            .await
            .expect("every follower gets to the end")
            .unwrap();
        assert!(seen >= 150, "{seen} changes");
    }
    over.store(true, Ordering::SeqCst);
    let mut wrong = Vec::new();
    for reader in readers {
        wrong.extend(reader.await.unwrap());
    }
    let asked = asked.load(Ordering::SeqCst);
    assert!(asked > 40, "only {asked} questions");
    assert!(
        wrong.is_empty(),
        "{} of {asked}: {:#}\n{}",
        wrong.len(),
        wrong[0],
        hub.log()
    );
}

mod in_many_processes {
    #[tokio::test(flavor = "multi_thread")]
    async fn processes_are_replaced_and_nobody_notices() {
        super::processes_are_replaced_and_nobody_notices().await;
    }
}
