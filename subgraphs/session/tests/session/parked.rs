//! Events that nobody digests, as whoever runs the hub sees them.

use crate::hub::{Hub, codes};
use chrono::TimeDelta;
use djinn_kernel::{
    Scope, Viewer,
    event::LibraryForgotten,
    ids::{EventId, LibraryId},
    viewer::Identity,
};
use djinn_subgraph_kit::outbox;
use djinn_testkit::viewers::{player, player_id};
use sea_orm::{EntityTrait, Set};
use serde_json::{Value, json};
use uuid::Uuid;

const PARKED: &str = "query($first: Int, $after: String) { parkedEvents(first: $first, after: $after) {
    totalCount pageInfo { hasNextPage endCursor } nodes { id kind subgraph at parkedAt attempts reason retryAt } } }";
const RETRY: &str =
    "mutation($ids: [ID!]) { retryParkedEvents(ids: $ids) { retried problems { code field } } }";

/// An event of the library, parked unless it waits.
async fn event(hub: &Hub, parked: bool) -> EventId {
    let ports = &hub.world.ports;
    let payload = LibraryForgotten {
        household: player_id(1),
        library: LibraryId(Uuid::from_u128(7)),
        kept: false,
    };
    let txn = ports.db.begin().await.unwrap();
    let id = outbox::append(&txn, "library", &*ports.clock, &*ports.ids, &payload)
        .await
        .unwrap();
    if parked {
        let row = outbox::row::ActiveModel {
            id: Set(id.0),
            attempts: Set(6),
            refusals: Set(5),
            reason: Set(Some("metadata: it panicked".to_owned())),
            parked_at: Set(Some(ports.clock.now())),
            retry_at: Set(Some(ports.clock.now() + TimeDelta::hours(1))),
            ..Default::default()
        };
        outbox::row::Entity::update(row).exec(&txn).await.unwrap();
    }
    txn.commit().await.unwrap();
    id
}

async fn parked(hub: &Hub, who: &Viewer, first: i32, after: Value) -> Value {
    let variables = json!({ "first": first, "after": after });
    hub.data(who, PARKED, variables).await["parkedEvents"].take()
}

#[tokio::test]
async fn an_admin_sees_what_is_parked_and_why_page_by_page_and_has_it_tried_again() {
    let hub = Hub::new().await;
    let admin = hub.admin().await;
    assert_eq!(
        parked(&hub, &admin, 10, Value::Null).await["nodes"],
        json!([])
    );
    event(&hub, false).await;
    let mut events = Vec::new();
    for _ in 0..3 {
        events.push(event(&hub, true).await.0.to_string());
    }
    let page = parked(&hub, &admin, 2, Value::Null).await;
    assert_eq!(page["totalCount"], 3);
    let at = page["nodes"][0]["at"].clone();
    assert_eq!(
        page["nodes"][0],
        json!({ "id": events[0], "kind": "library.forgotten", "subgraph": "library", "at": at, "parkedAt": at,
            "attempts": 6, "reason": "metadata: it panicked", "retryAt": page["nodes"][1]["retryAt"] })
    );
    assert_eq!(page["pageInfo"]["hasNextPage"], true);
    let rest = parked(&hub, &admin, 2, page["pageInfo"]["endCursor"].clone()).await;
    assert_eq!(rest["nodes"][0]["id"], events[2]);

    let one = hub.data(&admin, RETRY, json!({ "ids": [events[1]] })).await;
    assert_eq!(
        one["retryParkedEvents"],
        json!({ "retried": 1, "problems": [] })
    );
    assert_eq!(parked(&hub, &admin, 10, Value::Null).await["totalCount"], 2);
    let all = hub.data(&admin, RETRY, json!({})).await;
    assert_eq!(all["retryParkedEvents"]["retried"], 2);
    assert_eq!(parked(&hub, &admin, 10, Value::Null).await["totalCount"], 0);
    let lag = outbox::lag(&hub.world.ports.db, "library").await.unwrap();
    assert_eq!((lag.waiting, lag.parked), (4, 0), "nothing was thrown away");
}

#[tokio::test]
async fn nobody_but_an_admin_sees_or_moves_them_and_nonsense_is_named() {
    let hub = Hub::new().await;
    let admin = hub.admin().await;
    event(&hub, true).await;
    let Viewer::Known(identity) = admin.clone() else {
        panic!("the admin is somebody");
    };
    let without = Viewer::Known(Identity {
        scopes: vec![Scope::ReadLibrary, Scope::ManageAccount],
        ..identity
    });
    for who in [player(2), without] {
        for query in [PARKED, RETRY] {
            assert_eq!(hub.error(&who, query, json!({})).await, "FORBIDDEN");
        }
    }
    assert_eq!(
        hub.error(&admin, PARKED, json!({ "first": 101 })).await,
        "PAGE_TOO_LARGE"
    );
    assert_eq!(
        hub.error(&admin, PARKED, json!({ "after": "x" })).await,
        "INVALID_CURSOR"
    );
    let many: Vec<String> = (0..101).map(|n| Uuid::from_u128(n).to_string()).collect();
    for (ids, code) in [
        (json!(["x"]), "INVALID_ID"),
        (json!(many), "LIMIT_EXCEEDED"),
    ] {
        let refused =
            hub.data(&admin, RETRY, json!({ "ids": ids })).await["retryParkedEvents"].take();
        assert_eq!(codes(&refused), [code]);
        assert_eq!(refused["retried"], 0);
    }
    assert_eq!(parked(&hub, &admin, 10, Value::Null).await["totalCount"], 1);
}
