//! Subscriptions: in process, and as server-sent events.

use super::{
    graphs::{error, errors, json, request, router},
    world::{client, open_doors, open_doors_of},
};
use djinn_router::{GraphRequest, door::DoorConfig};
use futures_util::StreamExt;
use serde_json::json;
use std::{net::SocketAddr, time::Duration};

#[tokio::test]
async fn each_event_is_enriched_by_the_other_subgraph() {
    let query = r#"subscription { played(ids: ["1", "2", "404"]) { title playtime note } }"#;
    let events: Vec<_> = router()
        .subscribe(request(query))
        .await
        .unwrap()
        .collect()
        .await;
    assert_eq!(events.len(), 3);
    assert_eq!(
        json(&events[0]),
        json!({"data": {"played": {"title": "Half-Life", "playtime": 10, "note": null}}})
    );
    assert_eq!(
        json(&events[1])["data"],
        json!({"played": {"title": "Portal", "playtime": 20, "note": null}})
    );
    assert_eq!(errors(&events[1]), [error("FORBIDDEN", "played.note")]);
    assert_eq!(
        json(&events[2])["data"],
        json!(null),
        "404 has no title, and played must not be null"
    );
}

#[tokio::test]
async fn what_cannot_start_is_refused_and_what_is_no_subscription_runs_once() {
    let refused = router()
        .subscribe(request("subscription { nothing }"))
        .await;
    assert_eq!(
        refused.err().unwrap().code(),
        Some("GRAPHQL_VALIDATION_FAILED")
    );
    // Nor is one whose only field depends on a variable.
    for query in [
        "subscription($b: Boolean = true) { forbidden @skip(if: $b) }",
        "subscription($b: Boolean = true) { ... @include(if: $b) { forbidden } }",
        "subscription($b: Boolean = true) { ...F } fragment F on Subscription { ...G @skip(if: $b) } fragment G on Subscription { forbidden }",
    ] {
        let refused = router().subscribe(request(query)).await;
        let code = refused.err().unwrap().code().map(str::to_owned);
        assert_eq!(
            code.as_deref(),
            Some("GRAPHQL_VALIDATION_FAILED"),
            "{query}"
        );
    }
    let once: Vec<_> = router()
        .subscribe(request("{ echo }"))
        .await
        .unwrap()
        .collect()
        .await;
    assert_eq!(json(&once[0]), json!({"data": {"echo": "7:-"}}));
    let answer = router().execute(request("subscription { silence }")).await;
    assert_eq!(answer.code(), Some("BAD_REQUEST"));
    let events: Vec<_> = router()
        .subscribe(request("subscription { forbidden }"))
        .await
        .unwrap()
        .collect()
        .await;
    assert_eq!(errors(&events[0])[0].0, "FORBIDDEN");
    assert_eq!(events.len(), 1);
}

async fn stream(door: SocketAddr, query: &str) -> reqwest::Response {
    let request = client()
        .post(format!("http://{door}/graphql"))
        .header("accept", "text/event-stream");
    request.json(&json!({"query": query})).send().await.unwrap()
}

#[tokio::test]
async fn an_event_stream_says_next_for_each_and_complete_at_the_end() {
    let door = open_doors().await;
    let answer = stream(
        door,
        r#"subscription { played(ids: ["1", "3"]) { title } }"#,
    )
    .await;
    assert_eq!(answer.headers()["content-type"], "text/event-stream");
    let text = answer.text().await.unwrap();
    let events: Vec<_> = text
        .split("\n\n")
        .filter(|event| !event.is_empty())
        .collect();
    assert_eq!(events.len(), 3, "{text}");
    assert!(events[0].starts_with("event: next\ndata: {"), "{text}");
    assert!(events[1].contains("Doom"));
    assert!(events[2].starts_with("event: complete\ndata"), "{text}");
    let answer = stream(door, "{ echo }").await.text().await.unwrap();
    assert!(
        answer.contains("event: next\ndata: {\"data\":{\"echo\":\"7:-\"}}")
            && answer.contains("event: complete")
    );
}

#[tokio::test]
async fn a_refusal_is_an_event_and_the_end() {
    let door = open_doors().await;
    let answer = stream(door, "subscription { nothing }").await;
    assert_eq!(
        answer.status(),
        200,
        "a client of this protocol would try again on any other"
    );
    let text = answer.text().await.unwrap();
    assert!(
        text.contains("GRAPHQL_VALIDATION_FAILED") && text.contains("event: complete"),
        "{text}"
    );
}

#[tokio::test]
async fn event_streams_end_when_the_hub_stops() {
    let config = DoorConfig::default();
    let stop = config.stop.clone();
    let door = open_doors_of(router(), config).await;
    let answer = stream(door, "subscription { silence }").await;
    assert_eq!(answer.status(), 200);
    stop.cancel();
    tokio::time::timeout(Duration::from_secs(20), answer.text())
        .await
        .unwrap()
        .unwrap();
}

#[tokio::test]
async fn introspection_goes_through_a_stream_as_well() {
    let asked = GraphRequest {
        introspection: true,
        ..request("{ __schema { queryType { name } } }")
    };
    let once: Vec<_> = router().subscribe(asked).await.unwrap().collect().await;
    assert_eq!(
        json(&once[0])["data"]["__schema"]["queryType"]["name"],
        "Query"
    );
}

#[tokio::test]
async fn an_event_stream_ends_when_its_credential_is_revoked() {
    let config = DoorConfig {
        recheck: Duration::from_millis(100),
        ..DoorConfig::default()
    };
    let door = open_doors_of(router(), config).await;
    let answer = client()
        .post(format!("http://{door}/graphql"))
        .header("accept", "text/event-stream")
        .bearer_auth("revoked")
        .json(&serde_json::json!({ "query": "subscription { silence }" }))
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 200);
    tokio::time::timeout(Duration::from_secs(20), answer.text())
        .await
        .unwrap()
        .unwrap();
}
