use crate::{
    client::{Reader, Session, http, messages, modern, text},
    fake::{Fake, HELD, serve},
};
use serde_json::{Value, json};
use std::{
    sync::{Arc, atomic::Ordering},
    time::{Duration, Instant},
};

/// So many milliseconds apart no two events become one notification, also on a machine that is busy
/// with other tests.
const APART: u64 = 500;

fn event(done: u32, note: &str) -> Value {
    json!({ "data": { "delivery": { "done": done, "of": 10, "note": note, "arrived": null, "failed": null } } })
}

fn arrival(done: u32) -> Value {
    json!({ "data": { "delivery": { "done": done, "of": 10, "note": "there", "failed": null,
        "arrived": { "at": "2026-01-01T00:00:00Z", "boxes": 2 } } } })
}

fn begun(problems: Value) -> Value {
    json!({ "data": { "deliver": { "number": "1", "problems": problems } } })
}

fn delivering(events: Vec<(u64, Value)>) -> Arc<Fake> {
    let fake = Fake::answering("Begin", begun(json!([])));
    fake.events
        .lock()
        .unwrap()
        .insert("Deliver".to_owned(), events);
    fake
}

fn params() -> Value {
    json!({ "name": "deliver", "arguments": { "order": "7", "express": true }, "_meta": { "progressToken": "p1" } })
}

#[tokio::test]
async fn the_start_runs_first_then_events_are_progress_and_the_last_is_the_result() {
    let fake = delivering(vec![
        (0, event(1, "packing")),
        (APART, event(5, "driving")),
        (APART, arrival(10)),
    ]);
    let url = serve(fake.clone()).await;
    let messages = Session::open(&url, "reader")
        .await
        .all("tools/call", params())
        .await;
    let (result, progress) = messages.split_last().unwrap();
    assert_eq!(
        result["result"]["structuredContent"],
        json!({ "at": "2026-01-01T00:00:00Z", "boxes": 2 })
    );
    let seen: Vec<(f64, &str)> = progress
        .iter()
        .map(|one| {
            (
                one["params"]["progress"].as_f64().unwrap(),
                one["params"]["message"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(seen, [(1.0, "packing"), (5.0, "driving"), (10.0, "there")]);
    assert_eq!(progress[0]["params"]["progressToken"], "p1");
    assert_eq!(progress[0]["params"]["total"], 10.0);
    let asked = fake.asked();
    assert_eq!(
        (asked[0].name.as_str(), &asked[0].variables),
        ("Begin", &json!({ "order": "7", "express": true }))
    );
    assert_eq!(
        (asked[1].name.as_str(), &asked[1].variables),
        ("Deliver", &json!({ "order": "7" }))
    );
    assert_eq!(fake.open.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn many_events_are_few_notifications_and_the_last_one_is_always_sent() {
    let mut events: Vec<(u64, Value)> = (0..200).map(|done| (1, event(done, "x"))).collect();
    events.push((0, arrival(200)));
    let url = serve(delivering(events)).await;
    let session = Session::open(&url, "reader").await;
    let began = Instant::now();
    let messages = session.all("tools/call", params()).await;
    let most = began.elapsed().as_millis() / 100 + 2;
    let numbers: Vec<f64> = messages
        .iter()
        .filter_map(|one| one["params"]["progress"].as_f64())
        .collect();
    assert!(
        numbers.len() as u128 <= most,
        "{} notifications in {} ms",
        numbers.len(),
        began.elapsed().as_millis()
    );
    assert!(numbers.windows(2).all(|two| two[0] < two[1]), "{numbers:?}");
    assert_eq!(numbers.last(), Some(&200.0));
}

#[tokio::test]
async fn stages_that_count_anew_still_grow() {
    let url = serve(delivering(vec![
        (0, event(8, "a")),
        (APART, event(2, "b")),
        (APART, arrival(9)),
    ]))
    .await;
    let messages = Session::open(&url, "reader")
        .await
        .all("tools/call", params())
        .await;
    let numbers: Vec<f64> = messages
        .iter()
        .filter_map(|one| one["params"]["progress"].as_f64())
        .collect();
    assert_eq!(numbers, [8.0, 10.0, 17.0]);
}

#[tokio::test]
async fn without_a_token_there_is_the_result_and_nothing_else() {
    let url = serve(delivering(vec![(0, event(1, "x")), (0, arrival(2))])).await;
    let session = Session::open(&url, "reader").await;
    let messages = session
        .all(
            "tools/call",
            json!({ "name": "deliver", "arguments": { "order": "7" } }),
        )
        .await;
    assert_eq!(messages.len(), 1);
    assert_eq!(messages[0]["result"]["isError"], false);
}

#[tokio::test]
async fn a_refused_start_ends_the_call_unless_it_is_tolerated() {
    let fake = delivering(vec![(0, arrival(2))]);
    let url = serve(fake.clone()).await;
    let session = Session::open(&url, "reader").await;
    let set = |problems| {
        fake.answers
            .lock()
            .unwrap()
            .insert("Begin".to_owned(), begun(problems))
    };
    set(json!([{ "code": "NOT_FOUND", "field": "order", "message": "no such order" }]));
    let refused = session.call("deliver", json!({ "order": "7" })).await;
    assert_eq!(
        (text(&refused), fake.asked().len()),
        ("NOT_FOUND: no such order (order)", 1)
    );
    set(json!([{ "code": "ON_ITS_WAY", "message": "already" }]));
    let followed = session.call("deliver", json!({ "order": "7" })).await;
    assert_eq!(followed["structuredContent"]["boxes"], 2);
}

#[tokio::test]
async fn failures_on_the_way_are_errors() {
    let mut failed = arrival(3);
    failed["data"]["delivery"]["failed"] =
        json!({ "code": "PROVIDER_DOWN", "message": "the van broke" });
    let broken = json!({ "data": null, "errors": [{ "message": "gone", "extensions": { "code": "FORBIDDEN" }, "path": ["delivery"] }] });
    for (events, said) in [
        (vec![(0, failed)], "PROVIDER_DOWN: the van broke"),
        (
            vec![(0, event(1, "x")), (0, broken)],
            "FORBIDDEN: gone (delivery)",
        ),
        (
            vec![(0, event(1, "x"))],
            "UNAVAILABLE: the stream ended before its result; call again to go on watching",
        ),
    ] {
        let url = serve(delivering(events)).await;
        let result = Session::open(&url, "reader")
            .await
            .call("deliver", json!({ "order": "7" }))
            .await;
        assert_eq!((text(&result), &result["isError"]), (said, &json!(true)));
    }
}

/// Waits until no stream is open upstream.
pub async fn closed(fake: &Fake) {
    let closing = async {
        while fake.open.load(Ordering::SeqCst) > 0 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), closing)
        .await
        .expect("the stream was left open upstream");
}

#[tokio::test]
async fn a_cancelled_call_ends_the_subscription_upstream() {
    let fake = delivering(vec![(0, event(1, "x")), (60_000, arrival(2))]);
    let url = serve(fake.clone()).await;
    let session = Session::open(&url, "reader").await;
    let (id, mut response) = session.begin("tools/call", params()).await;
    let mut reader = Reader::default();
    while reader
        .take(&response.chunk().await.unwrap().unwrap())
        .is_empty()
    {}
    assert_eq!(fake.open.load(Ordering::SeqCst), 1);
    session
        .notify(
            "notifications/cancelled",
            json!({ "requestId": id, "reason": "enough" }),
        )
        .await;
    closed(&fake).await;
}

#[tokio::test]
async fn a_stateless_client_that_goes_away_ends_the_subscription_upstream() {
    let fake = delivering(vec![(0, event(1, "x")), (60_000, arrival(2))]);
    let url = serve(fake.clone()).await;
    let mut response = stateless(&url).await;
    assert_eq!(response.status(), 200);
    let mut reader = Reader::default();
    while reader
        .take(&response.chunk().await.unwrap().unwrap())
        .is_empty()
    {}
    assert_eq!(fake.open.load(Ordering::SeqCst), 1);
    drop(response);
    closed(&fake).await;
}

async fn stateless(url: &str) -> reqwest::Response {
    let request = modern(&http(), url, "tools/call", params(), &json!({}));
    request.bearer_auth("reader").send().await.unwrap()
}

async fn until_held(fake: &Fake) {
    tokio::time::timeout(Duration::from_secs(20), fake.held.notified())
        .await
        .expect("the graph comes to what it holds back");
}

#[tokio::test]
async fn a_stateless_call_that_broke_off_is_made_again_and_finds_what_went_on() {
    let fake = delivering(vec![(0, event(1, "packing")), (HELD, arrival(2))]);
    let url = serve(fake.clone()).await;
    let response = stateless(&url).await;
    until_held(&fake).await;
    drop(response);
    closed(&fake).await;
    let already = begun(json!([{ "code": "ON_ITS_WAY", "message": "already" }]));
    fake.answers
        .lock()
        .unwrap()
        .insert("Begin".to_owned(), already);
    let rest = vec![(0, event(8, "driving")), (0, arrival(10))];
    fake.events
        .lock()
        .unwrap()
        .insert("Deliver".to_owned(), rest);
    let again = messages(stateless(&url).await).await;
    let result = &again.last().unwrap()["result"];
    assert_eq!(result["structuredContent"]["boxes"], 2, "{again:?}");
}

#[tokio::test]
async fn a_stream_of_a_session_that_breaks_is_taken_up_where_it_broke() {
    let fake = delivering(vec![
        (0, event(1, "packing")),
        (APART, event(3, "loading")),
        (APART, event(5, "driving")),
        (HELD, event(7, "parking")),
        (APART, arrival(10)),
    ]);
    let url = serve(fake.clone()).await;
    let session = Session::open(&url, "reader").await;
    let (call, mut response) = session.begin("tools/call", params()).await;
    let mut reader = Reader::default();
    let (last, first) = loop {
        let chunk = response.chunk().await.unwrap().unwrap();
        if let Some(event) = reader.events(&chunk).into_iter().next() {
            break event;
        }
    };
    assert_eq!(first["params"]["progress"], 1.0);
    drop(response);
    // The call goes on while nobody listens.
    until_held(&fake).await;
    let mut response = session.resume(&last).await;
    fake.go_on.notify_one();
    let mut reader = Reader::default();
    let mut came = Vec::new();
    while let Some(chunk) = response.chunk().await.unwrap() {
        came.extend(reader.events(&chunk));
    }
    // The one that came last may come again.
    came.retain(|(id, _)| *id != last);
    let ((_, end), progress) = came.split_last().unwrap();
    assert_eq!(
        (&end["id"], &end["result"]["structuredContent"]["boxes"]),
        (&json!(call), &json!(2))
    );
    let numbers: Vec<f64> = progress
        .iter()
        .filter_map(|(_, one)| one["params"]["progress"].as_f64())
        .collect();
    assert_eq!(numbers, [3.0, 5.0, 7.0, 10.0]);
}
