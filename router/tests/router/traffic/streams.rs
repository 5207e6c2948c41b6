//! Subscriptions whose connection breaks.

use super::*;

fn broke_off() -> Response {
    let error = coded(djinn_kernel::Code::SubgraphUnavailable, "gone");
    Response::from_errors(vec![error])
}

/// An event as the subgraph sends it, asked for its position under names of the router's own.
fn at(kind: &str, epoch: &str, rev: i32) -> Response {
    Response::new(value!({"follow": {
        "__typename": (kind), "rev": (rev), "_at_epoch": (epoch), "_at_rev": (rev),
    }}))
}

async fn follow(router: &Router, query: &str) -> Vec<serde_json::Value> {
    let request = GraphRequest::new(query, Viewer::Anonymous, RequestId("req-1".into()));
    let events = router.subscribe(request).await.unwrap();
    events.map(|event| json(&event)).collect().await
}

#[tokio::test(start_paused = true)]
async fn a_stream_with_positions_goes_on_where_it_broke_off() {
    let stage = Stage::new(|_, _| silent());
    stage.streams.lock().unwrap().extend([
        Ok(vec![at("Whole", "e", 4), at("Step", "e", 5), broke_off()]),
        Err(Unreachable::Connection("refused".to_owned())),
        // The subgraph says first where we are; nobody has to hear that twice.
        Ok(vec![at("Step", "e", 5), at("Step", "e", 9)]),
    ]);
    let router = router(&stage, Limits::default());
    let query = r#"subscription { follow(room: "r") { __typename ... on Whole { rev } ... on Step { rev } } }"#;
    let events = follow(&router, query).await;
    let revs: Vec<_> = events
        .iter()
        .map(|event| event["data"]["follow"]["rev"].clone())
        .collect();
    assert_eq!(json!(revs), json!([4, 5, 9]), "{events:#?}");
    assert!(!json!(events).to_string().contains("_at_"), "{events:#?}");
    let opened = stage.opened.lock().unwrap();
    assert_eq!(opened.len(), 3);
    assert!(opened[0].variables.get("_resume").is_none());
    assert!(!opened[0].query.contains("resume:"), "{}", opened[0].query);
    for again in &opened[1..] {
        assert!(again.query.contains("resume: $_resume"), "{}", again.query);
        assert!(
            again.query.contains("$_resume: Position"),
            "{}",
            again.query
        );
        assert_eq!(
            again
                .variables
                .get("_resume")
                .unwrap()
                .clone()
                .into_json()
                .unwrap(),
            json!({"epoch": "e", "rev": 5})
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_clients_own_position_is_replaced_by_how_far_it_got() {
    let stage = Stage::new(|_, _| silent());
    stage.streams.lock().unwrap().extend([
        Ok(vec![at("Step", "e", 3), broke_off()]),
        Ok(vec![at("Step", "e", 4)]),
    ]);
    let router = router(&stage, Limits::default());
    let query = "subscription($room: ID!, $from: Position) { follow(room: $room, resume: $from) { ... on Step { rev } } }";
    let mut request = GraphRequest::new(query, Viewer::Anonymous, RequestId("req-1".into()));
    request.variables =
        async_graphql::Variables::from_json(json!({"room": "r", "from": {"epoch": "e", "rev": 2}}));
    let events: Vec<_> = router.subscribe(request).await.unwrap().collect().await;
    assert_eq!(events.len(), 2);
    let opened = stage.opened.lock().unwrap();
    assert!(opened[0].query.contains("$from"), "{}", opened[0].query);
    assert!(!opened[1].query.contains("$from"), "{}", opened[1].query);
    assert!(
        opened[1].query.contains("$room: ID!"),
        "{}",
        opened[1].query
    );
}

#[tokio::test(start_paused = true)]
async fn a_stream_that_stays_away_ends_with_a_typed_error() {
    let stage = Stage::new(|_, _| silent());
    let streams = [Ok(vec![at("Whole", "e", 4), broke_off()])];
    stage.streams.lock().unwrap().extend(streams);
    let router = router(&stage, Limits::default());
    let started = Instant::now();
    let events = follow(
        &router,
        r#"subscription { follow(room: "r") { ... on Whole { rev } } }"#,
    )
    .await;
    assert_eq!(events.len(), 2);
    assert_eq!(events[1]["errors"][0]["extensions"]["code"], UNAVAILABLE);
    let waited = started.elapsed();
    assert!(
        (Duration::from_secs(10)..Duration::from_secs(16)).contains(&waited),
        "{waited:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_stream_of_things_that_happen_ends_at_once_because_some_may_be_missed() {
    let stage = Stage::new(|_, _| silent());
    let streams = [Ok(vec![Response::new(value!({"ticks": 1})), broke_off()])];
    stage.streams.lock().unwrap().extend(streams);
    let router = router(&stage, Limits::default());
    let started = Instant::now();
    let events = follow(&router, "subscription { ticks }").await;
    assert_eq!(events.len(), 2);
    assert_eq!(events[1]["errors"][0]["extensions"]["code"], UNAVAILABLE);
    assert_eq!(started.elapsed(), Duration::ZERO);
    assert_eq!(stage.opened.lock().unwrap().len(), 1);
}
