//! F20: a hub that is asked to stop says so at once, tells its sockets, and ends what it has begun.

use super::asker::Asker;
use crate::hub::{Hub, Placement, client};
use djinn_testkit::{
    fault::{Fault, FaultProxy},
    steam::{KEY, Steam, VANITY},
};
use serde_json::json;
use std::{
    sync::Arc,
    time::{Duration, Instant},
};

const LINK: &str = "mutation($input: LinkLibraryInput!) { linkLibrary(input: $input) { library { id } problems { code message } } }";

/// When `/ready` first says 503, asked every few milliseconds.
async fn not_ready_any_more(url: String) -> Instant {
    let client = client();
    let asking = async {
        loop {
            let answer = client.get(format!("{url}/ready")).send().await;
            if answer.is_ok_and(|answer| answer.status() == 503) {
                return Instant::now();
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    let told = tokio::time::timeout(Duration::from_secs(30), asking).await;
    told.expect("/ready says that the hub stops")
}

async fn a_hub_that_stops_says_so_and_finishes_what_it_has_begun(placement: Placement) {
    // A platform that answers when it is told to: so long a request is under way.
    let steam = Steam::new();
    let slow = FaultProxy::to(Arc::clone(&steam).serve(0).await)
        .await
        .unwrap();
    let mut hub = Hub::start(
        placement,
        &[
            ("DJINN__STEAM__API_URL", slow.url()),
            ("DJINN__STEAM__STORE_URL", slow.url()),
        ],
    )
    .await;
    let (asker, sockets) = {
        let owner = hub.owner().await;
        let room = owner
            .ask(
                "mutation { createRoom(input: { name: \"Chess\" }) { room { id } } }",
                json!({}),
            )
            .await;
        let room = &room["createRoom"]["room"]["id"];
        let mut sockets = Vec::new();
        for _ in 0..20 {
            let query = "subscription($room: ID!) { roomEvents(roomId: $room) { __typename } }";
            let mut events = owner.subscribe(query, json!({ "room": room })).await;
            assert!(events.next().await.is_some());
            sockets.push(events);
        }
        (Asker::of(&hub, &owner), sockets)
    };
    slow.now(Fault::Blackhole);
    slow.cut();
    let before = slow.accepted();
    let fields =
        json!([{ "name": "apiKey", "value": KEY }, { "name": "account", "value": VANITY }]);
    let input = json!({ "platform": "steam", "fields": fields });
    let under_way = tokio::spawn(async move { asker.ask(LINK, json!({ "input": input })).await });
    while slow.accepted() == before {
        assert!(!under_way.is_finished(), "the platform was not asked");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    // The request ends after `/ready` has said so, and not before.
    let url = hub.url.clone();
    let watching = tokio::spawn(async move {
        let told = not_ready_any_more(url).await;
        slow.now(Fault::None);
        (told, slow)
    });
    let closing: Vec<_> = sockets
        .into_iter()
        .map(|events| tokio::spawn(events.closed()))
        .collect();

    let (ended, asked) = hub.terminate_and_tell_when().await;
    let took = asked.elapsed();
    assert!(ended.success(), "{ended}: {}", hub.log());
    assert!(took <= Duration::from_secs(10), "it took {took:?}");
    let (told, _slow) = watching.await.unwrap();
    let told = told.saturating_duration_since(asked);
    // A tenth of a second is the promise; the rest is for a machine that is busy with other tests.
    assert!(
        told <= Duration::from_secs(2),
        "/ready said so after {told:?}"
    );
    for socket in closing {
        assert_eq!(socket.await.unwrap(), Some(1001));
    }
    let linked = under_way.await.unwrap();
    assert_eq!(
        linked["data"]["linkLibrary"]["problems"],
        json!([]),
        "{linked:#}"
    );
}

crate::in_both_placements!(a_hub_that_stops_says_so_and_finishes_what_it_has_begun);
